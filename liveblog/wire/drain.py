"""Saying good-bye: readers are told when to come back, and then closed at a pace that the other processes can bear."""

from __future__ import annotations

import asyncio
import math

from liveblog.wire.hub import current_hub
from liveblog.wire.reader import RESTART
from newsroom import frames

CLOSES_A_SECOND = 200
# A supervisor does not wait for ever (docker-compose.yml: 45 s): a larger crowd is closed faster.
LONGEST_SECONDS = 25.0
# How soon and how late a reader may come back after its socket closed.
EARLIEST_MS = 200
LATEST_MS = 3000
STEP_SECONDS = 0.05


async def drain() -> None:
    """Tells every reader of this process `bye` and closes each with 4012, CLOSES_A_SECOND or as fast as LONGEST_SECONDS asks for.

    Returns when all were told.
    """
    hub = current_hub()
    for feed in list(hub.feeds.values()):
        feed.tell(frames.bye(earliest_ms=EARLIEST_MS, latest_ms=LATEST_MS))
        feed.flush()
    leaving = [reader for feed in hub.feeds.values() for reader in feed.everyone()]
    pace = max(CLOSES_A_SECOND, len(leaving) / LONGEST_SECONDS)
    each_step = math.ceil(pace * STEP_SECONDS)
    for start in range(0, len(leaving), each_step):
        for reader in leaving[start : start + each_step]:
            reader.close(RESTART)
        await asyncio.sleep(STEP_SECONDS)
