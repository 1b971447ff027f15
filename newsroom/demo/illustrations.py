"""The demo's pictures: drawn for it, so that they show nobody and belong to everybody (CC0)."""

from __future__ import annotations

from pathlib import Path

from newsroom.importers.story import Photo

FOLDER = Path(__file__).parent / "pictures"
CREDIT = "Illustration: The Live Desk"

_WORDS = {
    "apron": (
        "apron-at-night.jpg",
        "A white jet with its stairs down on a dark airport apron, a red carpet leading away from them.",
        "Drawn, not photographed: a state aircraft on the apron at night.",
    ),
    "route": (
        "journey-map.jpg",
        "A map with a line from Moscow east to Yakutsk, south to Pyongyang and on to Hanoi.",
        "The way of the two state visits. Distances are not to scale.",
    ),
    "square": (
        "square-with-flags.jpg",
        "A wide city square hung with rows of flags, a crowd far below them.",
        "Drawn, not photographed: a square made ready for a guest.",
    ),
    "table": (
        "signing-table.jpg",
        "A long empty table with two flags and two folders of papers laid out for signing.",
        "Drawn, not photographed: a table laid for two signatures.",
    ),
    "motorcade": (
        "motorcade.jpg",
        "A line of dark cars on a broad and otherwise empty avenue.",
        "Drawn, not photographed: a motorcade on its way into the city.",
    ),
    "timeline": (
        "visits-timeline.jpg",
        "A timeline from 2000 to 2024 that marks the meetings of the Russian president with the leaders of North Korea.",
        "Meetings between the leaders since 2000.",
    ),
}


def photo(key: str) -> Photo:
    """The picture with its words and its file. Raises `FileNotFoundError`."""
    name, alt, caption = _WORDS[key]
    return Photo(key=key, alt=alt, caption=caption, credit=CREDIT, filename=name, data=(FOLDER / name).read_bytes())
