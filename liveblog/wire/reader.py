"""One open page, seen from the server. The hub pushes and never waits; a reader says whether it still keeps up.

Two ways to the same socket: `DirectReader` hands ready bytes to the server's transport (`liveblog.wire.writer`), `QueuedReader` goes
through ASGI's `send()` where the server offers nothing better.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from liveblog.wire.writer import FrameWriter
from newsroom import frames

# What may wait for one reader. Beyond it nothing more is pushed to them; they catch up over HTTP.
MAX_UNSENT_BYTES = 64 * 1024
# What a reader without a writer may be sent in one connection. A server whose `send()` returns at once keeps in its own memory what the
# peer does not take, and says nothing of it: a page that comes back has proven that it reads.
MOST_SENT_BYTES = 1024 * 1024
RESTART = 4012
# How soon and how late such a page is asked to come back, in milliseconds.
BACK_MS = (0, 3000)
# A close frame that a stuck peer does not take is not waited for any longer.
CLOSE_SECONDS = 5.0

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Reader(Protocol):
    def push(self, data: bytes, texts: Sequence[str]) -> bool:
        """The same frames, as ready bytes and as texts. False: more is waiting for this reader than may."""

    def drained(self) -> bool:
        """Nothing waits any more."""

    def close(self, code: int) -> None:
        """Closes the socket with a code, by itself and soon; cuts it where the peer takes nothing any more."""


class DirectReader:
    __slots__ = ("_closing", "_send", "_writer")

    def __init__(self, writer: FrameWriter, send: Send) -> None:
        self._writer = writer
        self._send = send
        self._closing: asyncio.Task[None] | None = None

    def push(self, data: bytes, texts: Sequence[str]) -> bool:
        return self._writer.write(data) <= MAX_UNSENT_BYTES

    def drained(self) -> bool:
        return self._writer.unsent() == 0

    def close(self, code: int) -> None:
        if self._closing is None:
            self._closing = asyncio.ensure_future(_close(self._send, code))
            asyncio.get_running_loop().call_later(CLOSE_SECONDS, self._writer.abort)


class QueuedReader:
    """Its `run` is a task of its own: a slow socket holds up nobody else.

    After MOST_SENT_BYTES it asks the page to connect anew, so that one that has stopped reading costs no more than that, whatever its
    server does with what it is given.
    """

    __slots__ = ("_closing", "_queue", "_send", "_sent", "_task", "_unsent", "_wake")

    def __init__(self, send: Send) -> None:
        self._send = send
        self._queue: deque[str] = deque()
        self._unsent = 0
        self._sent = 0
        self._wake = asyncio.Event()
        self._closing: int | None = None
        self._task: asyncio.Task[None] | None = None

    def push(self, data: bytes, texts: Sequence[str]) -> bool:
        if self._closing is not None:
            return True
        self._queue.extend(texts)
        self._unsent += len(data)
        self._sent += len(data)
        self._wake.set()
        if self._sent > MOST_SENT_BYTES:
            self._queue.append(frames.encode(frames.bye(earliest_ms=BACK_MS[0], latest_ms=BACK_MS[1])))
            self.close(RESTART)
        return self._unsent <= MAX_UNSENT_BYTES

    def drained(self) -> bool:
        return not self._queue and self._unsent == 0

    def close(self, code: int) -> None:
        self._closing = code
        self._wake.set()
        if self._task:
            asyncio.get_running_loop().call_later(CLOSE_SECONDS, self._task.cancel)

    async def run(self) -> None:
        """Writes in the order of the pushes, until the socket is closed."""
        self._task = asyncio.current_task()
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                await self._send({"type": "websocket.send", "text": self._queue.popleft()})
            self._unsent = 0
            if self._closing is not None:
                await _close(self._send, self._closing)
                return


async def _close(send: Send, code: int) -> None:
    # The peer may be gone, and each server says so with an exception of its own.
    with contextlib.suppress(Exception):
        await send({"type": "websocket.close", "code": code})
