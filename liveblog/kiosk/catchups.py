"""Catch-ups: whoever asks for the changes of a blog at about the same time shares one read of its ledger.

A thousand readers who lost their server come back within a second, each with a cursor of its own. What they are told differs only in
where it begins, so the one who is furthest behind is read for, and the others find their answer in it. One read reaches MAX_CHANGES
numbers, so who is further behind shares another: whoever asks from far back, and however often, keeps nobody else waiting.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from django.db import OperationalError

from liveblog.kiosk.pace import Pace
from liveblog.wire.asking import ask_database
from liveblog.wire.feed import Feed, Heard
from newsroom import catching_up
from newsroom.catching_up import Stretch
from newsroom.selectors import MAX_CHANGES, Head

# In any second at most fifteen reads a process: what is promised is twenty (docs/delivery.md, G10), and the hub fills gaps besides.
READS = 5
READS_SECONDS = 0.35
# The stretches that are kept, each of some hundred kilobytes: one a blog, as long as nobody asks from far back.
MOST_KEPT = 64
# How long a reader is kept waiting for a read, its place in the line with it. What was begun for them goes on, for when they come back.
MOST_SECONDS = 5.0

# The readings of a feed that are no part of the ledger by itself: of those near the head, and of those whom nothing but a new page helps.
NEAR, OUT_OF_REACH = -1, -2


@dataclass(slots=True)
class _Reading:
    """One read, for everybody who comes before it has `begun`."""

    lowest: int
    begun: bool = False
    task: asyncio.Task[Stretch | None] = field(init=False)


class CatchUps:
    def __init__(self) -> None:
        self._pace = Pace(burst=READS, seconds=READS_SECONDS)
        self._readings: dict[tuple[Feed, int], _Reading] = {}
        self._kept: OrderedDict[tuple[Feed, int], tuple[Heard, Stretch]] = OrderedDict()

    async def stretch(self, feed: Feed, *, after: int, epoch: str, token: int, want: int) -> Stretch | None:
        """One that answers the cursor `after` and is as new as what the hub knows; it holds `want` where the database does. None where the
        blog is public no more. Raises `DatabaseError`, also where none comes within MOST_SECONDS.
        """
        if Head(epoch, after, token) == feed.position and want <= after and not feed.parked:
            # Who polls is told most times that nothing is new, and that the hub knows: many quiet blogs cost no reads and no line.
            return Stretch(feed.position, after, {}, [])
        if epoch == feed.epoch and _window(feed, after) == OUT_OF_REACH and want <= feed.head:
            # Told to start anew, which needs no read either.
            return Stretch(feed.position, after, {}, [])
        try:
            async with asyncio.timeout(MOST_SECONDS):
                return await self._read_for(feed, after=after, epoch=epoch, token=token, want=want)
        except TimeoutError:
            raise OperationalError(f"no read of the ledger within {MOST_SECONDS:g} s") from None

    async def _read_for(self, feed: Feed, *, after: int, epoch: str, token: int, want: int) -> Stretch | None:
        while True:
            key = feed, _window(feed, after)
            kept = self._kept.get(key)
            # Only a cursor that it holds: a page that is ahead of this process, or of another history, is judged by a new look.
            if kept and kept[0] == feed.heard and kept[1].holds(after, epoch, token) and want <= kept[1].head.seq:
                self._kept.move_to_end(key)
                return kept[1]
            reading = self._readings.get(key)
            # What has begun may have looked before this reader's number was there, and not from as far back.
            comes_in_time = reading is None or not reading.begun
            reading = reading or self._read_soon(key, after)
            if comes_in_time:
                reading.lowest = min(reading.lowest, after)
            # Shielded: the one who asked first may leave, and the others still want it.
            found = await asyncio.shield(reading.task)
            if comes_in_time and (found is None or found.answers(after)):
                return found

    def _read_soon(self, key: tuple[Feed, int], after: int) -> _Reading:
        reading = self._readings[key] = _Reading(lowest=after)
        reading.task = asyncio.create_task(self._read(key, reading))
        return reading

    async def _read(self, key: tuple[Feed, int], reading: _Reading) -> Stretch | None:
        feed, _ = key
        try:
            await self._pace.turn()
            reading.begun = True
            heard = feed.heard
            found = await ask_database(catching_up.stretch_of, feed.slug, reading.lowest)
        finally:
            # Not once the task is done: whoever came in between would wait for what is over, for ever, and the loop with them.
            del self._readings[key]
        self._kept.pop(key, None)
        if found is not None:
            self._kept[key] = (heard, found)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found


def _window(feed: Feed, after: int) -> int:
    """Which readers share a reading: one from the lowest cursor among them reaches all the others, wherever the head has moved by then."""
    behind = feed.head - after
    if behind > catching_up.TOO_FAR_BEHIND:
        return OUT_OF_REACH
    # Half of what a read reaches: the rest is for the numbers that come while it stands in line.
    return NEAR if behind <= MAX_CHANGES // 2 else after // MAX_CHANGES
