"""What a reader asks of a blog's page: which entries, in which order, and where to begin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from newsroom.models import Kind
from newsroom.refs import ALPHABET
from newsroom.tagging import key_of

MAX_ASKED = 80

_REF = re.compile(rf"e-[{ALPHABET}]{{6}}")

Place = Literal["", "before", "after", "at"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`place` says where the page begins: with what is older than `ref`, newer than it, or around it; empty, at the beginning.

    `query` is the one spelling of all this in an address.
    """

    q: str = ""
    kind: str = ""
    tag: str = ""
    key: bool = False
    oldest: bool = False
    place: Place = ""
    ref: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it leaves entries out."""
        return bool(self.q or self.kind or self.tag or self.key)

    @property
    def is_feed(self) -> bool:
        """Whether it is the feed as it is, in its own order: what a live page can go on from."""
        return not self.narrows and not self.oldest

    @property
    def query(self) -> str:
        given = {"q": self.q, "kind": self.kind, "tag": self.tag, "key": "1" if self.key else "", "order": "oldest" if self.oldest else ""}
        given[self.place] = self.ref
        return urlencode({name: value for name, value in given.items() if name and value})

    def at_place(self, place: Place = "", ref: str = "") -> Wanted:
        """The same from another place, or from the beginning."""
        return replace(self, place=place, ref=ref)


def wanted(query: Mapping[str, str]) -> Wanted:
    """Of a page's parameters. What is unknown or cannot be meant is passed over, so that it makes no page of its own."""
    place, ref = next(((place, query[place]) for place in ("before", "after", "at") if _REF.fullmatch(query.get(place, ""))), ("", ""))
    tag = query.get("tag", "")
    return Wanted(
        q=tidy(query.get("q", "")),
        kind=query["kind"] if query.get("kind") in Kind.values else "",
        tag=tag if len(tag) <= 50 and tag and key_of(tag) == tag[:40].rstrip("-") else "",
        key=query.get("key") == "1",
        oldest=query.get("order") == "oldest",
        place=place,  # type: ignore[arg-type]
        ref=ref,
    )


def tidy(asked: str) -> str:
    """A search as it is done: one line, one spelling, bounded."""
    plain = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in asked[: MAX_ASKED * 4])
    return " ".join(unicodedata.normalize("NFC", plain).split())[:MAX_ASKED].strip()
