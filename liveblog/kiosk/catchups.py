"""Catch-ups: whoever asks for the changes of a blog at about the same time shares one read of its ledger.

A thousand readers who lost their server come back within a second, each with a cursor of its own. What they are told differs only in
where it begins, so the one who is furthest behind is read for, and the others find their answer in it.
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
from newsroom.selectors import Head

# In any second at most fifteen reads a process: what is promised is twenty (docs/delivery.md, G10), and the hub fills gaps besides.
READS = 5
READS_SECONDS = 0.35
# The blogs whose last stretch is kept, each of some hundred kilobytes.
MOST_KEPT = 64
# How long a reader is kept waiting for a read, its place in the line with it. What was begun for them goes on, for when they come back.
MOST_SECONDS = 5.0


@dataclass(slots=True)
class _Reading:
    """One read, for everybody who comes before it has `begun`."""

    lowest: int
    begun: bool = False
    task: asyncio.Task[Stretch | None] = field(init=False)


class CatchUps:
    def __init__(self) -> None:
        self._pace = Pace(burst=READS, seconds=READS_SECONDS)
        self._readings: dict[Feed, _Reading] = {}
        self._kept: OrderedDict[Feed, tuple[Heard, Stretch]] = OrderedDict()

    async def stretch(self, feed: Feed, *, after: int, epoch: str, token: int, want: int) -> Stretch | None:
        """One that answers the cursor `after` and is as new as what the hub knows; it holds `want` where the database does. None where the
        blog is public no more. Raises `DatabaseError`, also where none comes within MOST_SECONDS.
        """
        if Head(epoch, after, token) == feed.position and want <= after and not feed.parked:
            # Who polls is told most times that nothing is new, and that the hub knows: many quiet blogs cost no reads and no line.
            return Stretch(feed.position, after, {}, [])
        try:
            async with asyncio.timeout(MOST_SECONDS):
                return await self._read_for(feed, after=after, epoch=epoch, token=token, want=want)
        except TimeoutError:
            raise OperationalError(f"no read of the ledger within {MOST_SECONDS:g} s") from None

    async def _read_for(self, feed: Feed, *, after: int, epoch: str, token: int, want: int) -> Stretch | None:
        while True:
            kept = self._kept.get(feed)
            # Only a cursor that it holds: a page that is ahead of this process, or of another history, is judged by a new look.
            if kept and kept[0] == feed.heard and kept[1].holds(after, epoch, token) and want <= kept[1].head.seq:
                self._kept.move_to_end(feed)
                return kept[1]
            reading = self._readings.get(feed)
            # What has begun may have looked before this reader's number was there, and not from as far back.
            comes_in_time = reading is None or not reading.begun
            reading = reading or self._read_soon(feed, after)
            if comes_in_time:
                reading.lowest = min(reading.lowest, after)
            # Shielded: the one who asked first may leave, and the others still want it.
            found = await asyncio.shield(reading.task)
            if comes_in_time and (found is None or found.answers(after)):
                return found

    def _read_soon(self, feed: Feed, after: int) -> _Reading:
        reading = self._readings[feed] = _Reading(lowest=after)
        reading.task = asyncio.create_task(self._read(feed, reading))
        return reading

    async def _read(self, feed: Feed, reading: _Reading) -> Stretch | None:
        try:
            await self._pace.turn()
            reading.begun = True
            heard = feed.heard
            found = await ask_database(catching_up.stretch_of, feed.slug, reading.lowest)
        finally:
            # Not once the task is done: whoever came in between would wait for what is over, for ever, and the loop with them.
            del self._readings[feed]
        self._kept.pop(feed, None)
        if found is not None:
            self._kept[feed] = (heard, found)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found
