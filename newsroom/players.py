"""The providers whose own player may stand in a page once a reader has asked for it: the one list, for fragments and for `frame-src`.

Pure: an address in, an address out. Nothing here asks a provider for anything, and no HTML of theirs is ever taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, quote, urlsplit

# What the player needs: a film's 16 to 9, the height of one row of buttons, a chart's 4 to 3.
Shape = Literal["film", "row", "chart"]


@dataclass(frozen=True, slots=True)
class Provider:
    """`hosts` are where its links point (without `www.`), `path` finds what is to be played, `frame` is the player's address without it."""

    label: str
    hosts: frozenset[str]
    path: re.Pattern[str]
    frame: str
    after: str = ""
    shape: Shape = "film"

    @property
    def origin(self) -> str:
        parts = urlsplit(self.frame)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Player:
    """`src` is the frame's address, to be asked for only after a click; `name` is the provider's key in `PROVIDERS`."""

    name: str
    label: str
    src: str
    shape: Shape


PROVIDERS = {
    "youtube": Provider(
        "YouTube",
        frozenset({"youtube.com", "m.youtube.com", "youtu.be", "youtube-nocookie.com"}),
        re.compile(r"^/(?:(?:live|shorts|embed|v)/)?([\w-]{11})/?$"),
        "https://www.youtube-nocookie.com/embed/",
        "?autoplay=1",
    ),
    "vimeo": Provider(
        "Vimeo",
        frozenset({"vimeo.com", "player.vimeo.com"}),
        re.compile(r"^/(?:video/|channels/[\w-]+/)?(\d{5,12})(?:/[0-9a-f]+)?/?$"),
        "https://player.vimeo.com/video/",
        "?dnt=1&autoplay=1",
    ),
    "dailymotion": Provider(
        "Dailymotion",
        frozenset({"dailymotion.com", "dai.ly"}),
        re.compile(r"^/(?:video/)?(x[0-9a-z]{4,9})/?$"),
        "https://geo.dailymotion.com/player.html?video=",
    ),
    "streamable": Provider("Streamable", frozenset({"streamable.com"}), re.compile(r"^/([0-9a-z]{4,8})/?$"), "https://streamable.com/e/"),
    "soundcloud": Provider(
        "SoundCloud",
        frozenset({"soundcloud.com", "m.soundcloud.com"}),
        re.compile(r"^(/[\w-]+/(?:sets/)?[\w-]+)/?$"),
        "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com",
        "&auto_play=true",
        "row",
    ),
    "spotify": Provider(
        "Spotify",
        frozenset({"open.spotify.com"}),
        re.compile(r"^/(?:intl-[a-z]{2}/)?((?:track|album|playlist|episode|show)/[0-9A-Za-z]{22})/?$"),
        "https://open.spotify.com/embed/",
        shape="row",
    ),
    "datawrapper": Provider(
        "Datawrapper",
        frozenset({"datawrapper.dwcdn.net", "datawrapper.de"}),
        re.compile(r"^/(?:_/)?([0-9A-Za-z]{5})(?:/\d+)?/?$"),
        "https://datawrapper.dwcdn.net/",
        "/",
        "chart",
    ),
    "flourish": Provider(
        "Flourish",
        frozenset({"public.flourish.studio"}),
        re.compile(r"^/((?:visualisation|story)/\d{3,12})/?$"),
        "https://flo.uri.sh/",
        "/embed",
        "chart",
    ),
}

_SECONDS = re.compile(r"^(\d{1,5})s?$")


def player_of(url: str) -> Player | None:
    """The player for a link, or None where the link is no provider's or names nothing that can be played."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    for name, provider in PROVIDERS.items():
        if host in provider.hosts:
            query = parse_qs(parts.query)
            path = f"/{query.get('v', [''])[0]}" if name == "youtube" and parts.path == "/watch" else parts.path
            found = provider.path.match(path)
            return Player(name, provider.label, _address(name, provider, found[1], query), provider.shape) if found else None
    return None


def _address(name: str, provider: Provider, what: str, query: dict[str, list[str]]) -> str:
    start = _SECONDS.match(query.get("t", [""])[0]) if name == "youtube" else None
    return f"{provider.frame}{quote(what)}{provider.after}{f'&start={start[1]}' if start else ''}"
