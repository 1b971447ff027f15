"""The neutral form between a foreign file and this newsroom: what a parser yields and `writer` and `rehearsal` read.

Plain values only. Blocks are as in docs/contracts/blocks.md, except that where a block names an image's ref it holds the `key`
of a `Photo` of the story.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture: either `data` (the original file and its name) or `url` (another site holds it)."""

    key: str
    alt: str = ""
    decorative: bool = False
    caption: str = ""
    credit: str = ""
    width: int = 0
    height: int = 0
    focal_x: float = 0.5
    focal_y: float = 0.5
    url: str = ""
    filename: str = ""
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Wording:
    """One text of an item, as `newsroom.actions.entries.EntryText` without primary keys."""

    kind: str = "update"
    headline: str = ""
    standing: str = ""
    source: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    people: tuple[Person, ...] = ()
    happened_at: datetime | None = None
    happened_precision: str = "minute"
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to an item after it was published. `wording` for edit and correct, `note` for correct and withdraw (the reason)."""

    at: datetime
    verb: Literal["edit", "correct", "withdraw", "mark", "unmark"]
    wording: Wording | None = None
    note: str = ""
    notice: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: `first` is the text it was published with, `steps` follow in time."""

    source_id: str
    published_at: datetime
    first: Wording
    key_event: bool = False
    pinned: bool = False
    edited_at: datetime | None = None
    steps: tuple[Step, ...] = ()

    @property
    def last(self) -> Wording:
        """The text that stands at the end."""
        return next((step.wording for step in reversed(self.steps) if step.wording), self.first)


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of the file that was not carried over, and why. `where` names the item or place."""

    where: str
    what: str
    why: str


@dataclass(slots=True)
class Story:
    """A whole blog; `items` are oldest first. `source_id` names where it came from, the same at every export of it.

    `seen` and `carried` count the source's own building stones by their type; what is not carried stands in `losses`.
    """

    source_id: str
    slug: str
    title: str
    standfirst: str = ""
    kicker: str = ""
    language: str = "en"
    zone: str = "UTC"
    zone_label: str = ""
    editors: tuple[Person, ...] = ()
    items: list[Item] = field(default_factory=list)
    photos: dict[str, Photo] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    carried: Counter[str] = field(default_factory=Counter)
    losses: list[Loss] = field(default_factory=list)

    def lose(self, where: str, what: str, why: str) -> None:
        self.losses.append(Loss(where, what, why))
