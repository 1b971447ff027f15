"""What differs between two texts, word by word, for reading. Pure; the words are escaped when a template prints them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Words, single marks of punctuation, and the space between.
TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
# Texts longer than this are told as a whole: comparing costs the square of their length.
MOST_TOKENS = 6000


@dataclass(frozen=True, slots=True)
class Span:
    """`op` is `same`, `ins` or `del`."""

    op: str
    text: str


def word_difference(before: str, after: str) -> list[Span]:
    """The two texts as one sequence: without `ins` it is `before`, without `del` it is `after`."""
    if before == after:
        return [Span("same", after)] if after else []
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    if max(len(old), len(new)) > MOST_TOKENS:
        return _spans([("del", before), ("ins", after)])
    pieces: list[tuple[str, str]] = []
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            pieces.append(("same", "".join(old[a:b])))
        else:
            pieces += [("del", "".join(old[a:b])), ("ins", "".join(new[c:d]))]
    return _spans(_without_lone_spaces(pieces))


def _without_lone_spaces(pieces: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """A space that two changed words have in common belongs to the change: “one two” → “three four” is one replacement, not two."""
    joined: list[tuple[str, str]] = []
    for place, (op, text) in enumerate(pieces):
        between = 0 < place < len(pieces) - 1
        if op == "same" and text.isspace() and between:
            joined += [("del", text), ("ins", text)]
        elif text:
            joined.append((op, text))
    return joined


def _spans(pieces: Sequence[tuple[str, str]]) -> list[Span]:
    """Neighbours of one kind as one, and between two unchanged stretches what went before what came."""
    spans: list[Span] = []
    waiting = {"del": "", "ins": ""}

    def settle() -> None:
        for op in ("del", "ins"):
            if waiting[op]:
                spans.append(Span(op, waiting[op]))
                waiting[op] = ""

    for op, text in pieces:
        if op == "same":
            settle()
            spans.append(Span("same", text))
        else:
            waiting[op] += text
    settle()
    return spans
