"""A link becomes the address of its provider's player, or stays a link."""

from __future__ import annotations

from typing import Any

import pytest

from newsroom.players import PROVIDERS, player_of
from tests.newsroom.fragments import picture, rendered

FILM = "https://www.youtube.com/watch?v=M7lc1UVf-VE"


@pytest.mark.parametrize(
    ("url", "src"),
    [
        (FILM, "https://www.youtube-nocookie.com/embed/M7lc1UVf-VE?autoplay=1"),
        ("https://youtu.be/M7lc1UVf-VE?t=90s", "https://www.youtube-nocookie.com/embed/M7lc1UVf-VE?autoplay=1&start=90"),
        ("https://m.youtube.com/live/M7lc1UVf-VE", "https://www.youtube-nocookie.com/embed/M7lc1UVf-VE?autoplay=1"),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1"),
        ("https://www.dailymotion.com/video/x8kq2ab", "https://geo.dailymotion.com/player.html?video=x8kq2ab"),
        ("https://streamable.com/moo9k", "https://streamable.com/e/moo9k"),
        (
            "https://soundcloud.com/forss/flickermood",
            "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/forss/flickermood&auto_play=true",
        ),
        (
            "https://open.spotify.com/intl-de/episode/512ojhOuo1ktJprKbVcKyQ?si=1",
            "https://open.spotify.com/embed/episode/512ojhOuo1ktJprKbVcKyQ",
        ),
        ("https://datawrapper.dwcdn.net/AbC12/3/", "https://datawrapper.dwcdn.net/AbC12/"),
        ("https://public.flourish.studio/visualisation/1234567/", "https://flo.uri.sh/visualisation/1234567/embed"),
    ],
)
def test_what_can_be_played_has_a_player_of_its_provider_s_own(url: str, src: str) -> None:
    player = player_of(url)
    assert player
    assert player.src == src
    assert src.startswith(f"{PROVIDERS[player.name].origin}/")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/watch?v=M7lc1UVf-VE",
        "https://www.youtube.com.example.org/watch?v=M7lc1UVf-VE",
        "https://youtube.com@example.org/watch?v=M7lc1UVf-VE",
        "https://www.youtube.com/watch",
        'https://www.youtube.com/watch?v=M7lc1UVf-V"',
        "https://www.youtube.com/@channel",
        "https://youtu.be/../M7lc1UVf-VE",
        "https://open.spotify.com/user/somebody",
        "https://[::1/watch",
        "",
    ],
)
def test_anything_else_stays_a_link(url: str) -> None:
    assert player_of(url) is None


def video(**fields: Any) -> dict[str, Any]:
    return {"type": "video", "id": "b-222222", "url": FILM, "title": "The span", "credit": "", "duration": None, "poster": "", **fields}


def test_a_card_keeps_the_player_s_place_and_names_who_it_comes_from() -> None:
    link = rendered(video()).one(css="player")
    assert (link["href"], link["data-provider"], link["data-title"]) == (FILM, "youtube", "The span")
    assert "player--film" in link.classes
    assert link.words == "Play from YouTube YouTube then learns of your visit"


def test_a_poster_stands_where_the_player_will() -> None:
    entry = rendered(video(poster="i-22222222"), pictures=[picture()])
    assert entry.one(css="player").one("img")["alt"] == "Tugs push a ship"
    assert not entry.all(css="zoom")
    elsewhere = rendered(video(url="https://example.org/film", poster="i-22222222"), pictures=[picture()])
    assert elsewhere.all(css="zoom")
    assert not elsewhere.all(css="player")


def test_no_fragment_loads_anything_of_a_provider_s() -> None:
    """What is not one of these tags or attributes asks for nothing until a reader does."""
    for element in rendered(video()).all():
        assert element.tag not in {"iframe", "script", "object", "embed", "link"}
        assert not element.get("src")
