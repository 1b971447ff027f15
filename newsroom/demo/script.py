"""The words that a demo blog is written in: acts with their time, and short ways to write blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from newsroom.importers.story import Person, Wording

Verb = Literal["publish", "edit", "correct", "withdraw", "key_event", "submit"]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that the desk does. `name` is the entry's, the same in every act on it; `ago` is how long before that it happened."""

    at: timedelta
    verb: Verb
    name: str
    wording: Wording | None = None
    note: str = ""
    key_event: bool = False
    pinned: bool = False
    ago: timedelta | None = None


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def text(*paragraphs: str) -> dict[str, Any]:
    """A text block of paragraphs, each with inline HTML."""
    return {"type": "text", "html": "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)}


def image(key: str) -> dict[str, Any]:
    return {"type": "image", "image": key}


def gallery(*keys: str) -> dict[str, Any]:
    return {"type": "gallery", "images": list(keys)}


def quote(words: str, speaker: str, role: str = "", label: str = "", url: str = "") -> dict[str, Any]:
    return {"type": "quote", "text": words, "speaker": speaker, "role": role, "source_url": url, "source_label": label}


def points(*items: str, style: str = "bullet") -> dict[str, Any]:
    return {"type": "list", "style": style, "items": list(items)}


def card(url: str, provider: str, author: str, title: str, words: str = "") -> dict[str, Any]:
    return {"type": "embed", "url": url, "provider": provider, "author": author, "title": title, "text": words, "published": ""}


def audio(url: str, title: str, credit: str, duration: int) -> dict[str, Any]:
    return {"type": "audio", "url": url, "title": title, "credit": credit, "duration": duration}


def video(url: str, title: str, credit: str, duration: int, poster: str = "") -> dict[str, Any]:
    return {"type": "video", "url": url, "title": title, "credit": credit, "duration": duration, "poster": poster}


def wording(
    *blocks: dict[str, Any],
    kind: str = "update",
    headline: str = "",
    standing: str = "",
    source: str = "",
    people: tuple[Person, ...] = (),
    precision: str = "minute",
    tags: tuple[str, ...] = (),
) -> Wording:
    return Wording(
        kind=kind, headline=headline, standing=standing, source=source, blocks=list(blocks), people=people, happened_precision=precision,
        tags=tags,
    )  # fmt: skip
