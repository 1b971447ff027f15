"""What a server asks of all its connections now and then, without holding up the readers meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

log = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
# A thousand who came together are quiet together and pinged in one sweep. After so long the loop turns, as it does during a fan-out.
SLICE_SECONDS = 0.001
# After so many connections it looks at the clock.
LOOK_EVERY = 8

Connection = TypeVar("Connection")


async def sweep(connections: Callable[[], Iterable[Connection]], look: Callable[[Connection, float], None]) -> None:
    """Calls `look` for each of them, with the loop's time, once a second, for ever."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        await _look_at_all(list(connections()), look)


async def _look_at_all(connections: list[Connection], look: Callable[[Connection, float], None]) -> None:
    loop = asyncio.get_running_loop()
    now = loop.time()
    for number, connection in enumerate(connections, 1):
        try:
            look(connection, now)
        except Exception:
            # One connection's error does not end the pings and time-outs of all others for good.
            log.exception("A connection's time could not be checked.")
        if number % LOOK_EVERY == 0 and loop.time() >= now + SLICE_SECONDS:
            await asyncio.sleep(0)
            now = loop.time()
