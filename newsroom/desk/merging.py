"""Two people's changes to one text brought together, part by part and block by block. Pure: texts in, a text and its conflicts out.

A text is what `newsroom.actions.texts.as_json` makes of one. Its parts are its keys (the two that say when it happened count as one); its
body is taken block by block, by the blocks' ids. What one side changed and the other left alone is taken over. What both changed to
different things is a conflict: the merged text holds *mine* there, and theirs is told, so that nothing typed is lost on either side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Text = dict[str, Any]
Block = dict[str, Any]

TOGETHER = (("happened_at", "happened_precision"),)
ORDER = "blocks.order"


@dataclass(frozen=True, slots=True)
class Conflict:
    """`place` is a key of the text, `blocks.<id>`, or `blocks.order`. A block that one side removed is None there; an order is its ids."""

    place: str
    base: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True, slots=True)
class Merge:
    """`text` holds both sides' changes; `taken` are the places at which it says what they changed and I did not."""

    text: Text
    conflicts: tuple[Conflict, ...]
    taken: tuple[str, ...]


def merge(base: Text, theirs: Text, mine: Text) -> Merge:
    """Three-way: `base` is what both sides started from."""
    text: Text = {}
    conflicts: list[Conflict] = []
    taken: list[str] = []
    for names in _parts(base, theirs, mine):
        was, other, own = ({name: side.get(name) for name in names} for side in (base, theirs, mine))
        if own == other or other == was:
            text |= own
        elif own == was:
            text |= other
            taken.append(names[0])
        else:
            text |= own
            conflicts.append(Conflict(names[0], was[names[0]], other[names[0]], own[names[0]]))
    blocks = _Blocks(base.get("blocks") or [], theirs.get("blocks") or [], mine.get("blocks") or [])
    text["blocks"] = blocks.merged()
    return Merge(text, tuple(conflicts + blocks.conflicts), tuple(taken + blocks.taken))


def _parts(*texts: Text) -> list[tuple[str, ...]]:
    joined = {name: group for group in TOGETHER for name in group}
    names = dict.fromkeys(name for text in texts for name in text if name != "blocks")
    return list(dict.fromkeys(joined.get(name, (name,)) for name in names))


class _Blocks:
    """A block without an id is new, and its side's own: it gets a name here that no other block can have."""

    def __init__(self, base: list[Block], theirs: list[Block], mine: list[Block]) -> None:
        self.base, self.theirs, self.mine = (_named(side, blocks) for side, blocks in (("base", base), ("theirs", theirs), ("mine", mine)))
        self.conflicts: list[Conflict] = []
        self.taken: list[str] = []

    def merged(self) -> list[Block]:
        names = dict.fromkeys([*self.base, *self.theirs, *self.mine])
        kept = {name: block for name in names if (block := self._decide(name)) is not None}
        return [kept[name] for name in self._order(kept)]

    def _decide(self, name: str) -> Block | None:
        was, other, own = self.base.get(name), self.theirs.get(name), self.mine.get(name)
        if own == other or other == was:
            return own
        if own == was:
            self.taken.append(f"blocks.{name}")
            return other
        self.conflicts.append(Conflict(f"blocks.{name}", was, other, own))
        # Words are not dropped because the other side removed the block: it can be removed again in one stroke.
        return own if own is not None else other

    def _order(self, kept: dict[str, Block]) -> list[str]:
        """One side's order as the line that the other's additions are put into, each after the block that it followed there."""
        common = [name for name in self.base if name in self.theirs and name in self.mine]
        theirs, mine = ([name for name in side if name in common] for side in (self.theirs, self.mine))
        moved_there, moved_here = theirs != common, mine != common
        if moved_there and moved_here and theirs != mine:
            self.conflicts.append(Conflict(ORDER, common, theirs, mine))
        elif moved_there and not moved_here:
            self.taken.append(ORDER)
        leading, other = (self.theirs, self.mine) if moved_there and not moved_here else (self.mine, self.theirs)
        line = [name for name in leading if name in kept]
        for name, after in _with_predecessors([name for name in other if name in kept]):
            if name not in line:
                line.insert(line.index(after) + 1 if after else 0, name)
        return line


def _named(side: str, blocks: list[Block]) -> dict[str, Block]:
    return {str(block.get("id") or f"{side} {place}"): block for place, block in enumerate(blocks)}


def _with_predecessors(names: list[str]) -> list[tuple[str, str | None]]:
    return list(zip(names, [None, *names], strict=False))
