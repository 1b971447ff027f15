"""How a server process ends: what was begun is finished, who is connected is told, and the exit code is 0."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from typing import Protocol

from liveblog.server.limits import Limits

log = logging.getLogger(__name__)

RESTART = 4012
SIGNALS = (signal.SIGTERM, signal.SIGINT)
# The exit code of a process that was told twice.
FORCED = 1
LOOK_EVERY_SECONDS = 0.05

Farewell = Callable[[], Awaitable[None]]


class Drainable(Protocol):
    """A server that can be emptied. All methods are called on its event loop."""

    def stop_listening(self) -> None:
        """Takes no further connection. Answers from here on end their connection."""

    def requests_in_flight(self) -> int:
        """Requests begun, be it by half a head, and not answered whole."""

    def sockets(self) -> int:
        """Websockets that are not closed."""

    def close_sockets(self, code: int) -> None:
        """Sends a close frame to every websocket that is still open."""


async def nothing() -> None:
    """A server that has nothing to end."""


async def drain(server: Drainable, *, limits: Limits, farewell: Farewell, at_last: Farewell = nothing) -> int:
    """Empties the server; returns how many requests had to be cut off. `farewell` tells the readers, at the pace it thinks right;
    `at_last` ends what requests rest on, when they are done.

    Requests have `drain_seconds` from here on, and however long the farewell took, `last_seconds` after it.
    """
    # Two turns of the loop: connections that the kernel has accepted for us are ours to answer.
    for _ in range(2):
        await asyncio.sleep(0)
    server.stop_listening()
    loop = asyncio.get_running_loop()
    deadline = loop.time() + limits.drain_seconds
    try:
        await farewell()
    except Exception:
        log.exception("The readers could not be told of the restart; they will find out by themselves.")
    deadline = max(deadline, loop.time() + limits.last_seconds)

    def told() -> Drainable:
        # Asked again at each look: who was still shaking hands when the others were told must hear it too.
        server.close_sockets(RESTART)
        return server

    await _until(lambda: not told().sockets(), loop.time() + limits.close_seconds)
    await _until(lambda: not told().requests_in_flight(), deadline)
    cut = server.requests_in_flight()
    try:
        await at_last()
    except Exception:
        log.exception("What this process has begun could not be ended; it ends with the process.")
    return cut


async def _until(ready: Callable[[], bool], deadline: float) -> None:
    loop = asyncio.get_running_loop()
    while not ready() and loop.time() < deadline:  # noqa: ASYNC110 – libraries know the answer and announce no event
        await asyncio.sleep(LOOK_EVERY_SECONDS)


@contextlib.contextmanager
def signals_handled(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> Iterator[None]:
    """The first SIGTERM or SIGINT calls `stop` on the loop, the second ends the process at once."""
    told = False

    def handle() -> None:
        nonlocal told
        if told:
            log.warning("Told to stop a second time: ending at once.")
            os._exit(FORCED)
        told = True
        stop()

    for number in SIGNALS:
        loop.add_signal_handler(number, handle)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
