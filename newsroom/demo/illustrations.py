"""The demo's pictures: drawn for it, so that they show nobody. Caption and credit stand in the files, as an agency's do."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "pictures"

# Each picture's file and what it shows, for those who cannot see it.
ALTS = {
    "apron": (
        "apron-at-night.jpg",
        "Illustration: an airliner on an apron at night. Stairs and a red carpet lead down from its door, past a guard.",
    ),
    "route": (
        "journey-map.jpg",
        "Map: a red line from Moscow east to Yakutsk and south to Pyongyang, and a dotted one from there to Hanoi.",
    ),
    "square": (
        "square-with-flags.jpg",
        "Illustration: a square full of people, seen from afar; between them a red carpet, behind them flags of Russia and North Korea.",
    ),
    "table": (
        "signing-table.jpg",
        "Illustration: two empty chairs at a desk with two open folders, between the flags of Russia and North Korea.",
    ),
    "motorcade": (
        "motorcade.jpg",
        "Illustration: black cars with motorcycles on both sides come up a broad avenue that is hung with banners and otherwise empty.",
    ),
    "timeline": (
        "visits-timeline.jpg",
        "Timeline of seven journeys: Putin to Pyongyang in 2000 and 2024; North Korean leaders to Russia in 2001, 2002, 2011, 2019, 2023.",
    ),
}
