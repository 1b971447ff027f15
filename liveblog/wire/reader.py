"""One open page, seen from the server: a queue of ready frames and the task that writes them out."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

# What may wait for one reader. Beyond it nothing more is pushed to them; they catch up over HTTP.
MAX_UNSENT_BYTES = 64 * 1024
LAGGING_SECONDS = 45.0
TOO_SLOW = 4008

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Reader:
    """Frames are offered by the hub, which never waits; they leave in the order they were offered."""

    __slots__ = ("_closing", "_head", "_lagging_since", "_queue", "_send", "_unsent", "_wake")

    def __init__(self, send: Send, *, head: Callable[[], str]) -> None:
        self._send = send
        self._head = head
        self._queue: deque[str] = deque()
        self._unsent = 0
        self._lagging_since: float | None = None
        self._wake = asyncio.Event()
        self._closing: int | None = None

    def offer(self, text: str) -> None:
        """Queues an encoded frame, or, if the reader is too far behind, marks it as lagging and drops it."""
        if self._lagging_since is not None:
            return
        size = len(text)
        if self._unsent + size > MAX_UNSENT_BYTES and self._queue:
            self._lagging_since = asyncio.get_running_loop().time()
            return
        self._queue.append(text)
        self._unsent += size
        self._wake.set()

    def is_stuck(self, now: float) -> bool:
        return self._lagging_since is not None and now - self._lagging_since > LAGGING_SECONDS

    def close(self, code: int) -> None:
        """Closes the socket once what is queued has left."""
        self._closing = code
        self._wake.set()

    async def write(self) -> None:
        """Writes until the socket is closed. Run as the reader's own task: a slow socket holds up nobody else."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                text = self._queue.popleft()
                await self._send({"type": "websocket.send", "text": text})
                self._unsent -= len(text)
            if self._lagging_since is not None:
                # It drained: one hint with the newest number, and the page fetches what it missed.
                self._lagging_since = None
                self.offer(self._head())
            elif self._closing is not None:
                with contextlib.suppress(Exception):
                    await self._send({"type": "websocket.close", "code": self._closing})
                return
