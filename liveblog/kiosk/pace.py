"""How often a process may do something in a second, however many want it done."""

from __future__ import annotations

import asyncio
from collections import deque


class Pace:
    """At most `burst` turns in any `seconds`, first come first served. Where fewer want one, nobody waits."""

    def __init__(self, *, burst: int, seconds: float) -> None:
        self._seconds = seconds
        self._given: deque[float] = deque(maxlen=burst)
        self._line = asyncio.Lock()

    async def turn(self) -> None:
        loop = asyncio.get_running_loop()
        # Only the first in line looks at the time: whoever comes as it passes would be served before those who slept.
        async with self._line:
            while len(self._given) == self._given.maxlen and (left := self._given[0] + self._seconds - loop.time()) > 0:  # noqa: ASYNC110 – time has no event
                await asyncio.sleep(left)
            # The time it is now: after a stall of the loop nobody makes up for turns that were missed.
            self._given.append(loop.time())
