"""Messages on their way to one application: a queue with one reader, which costs next to nothing while it is empty."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any


class Inbox:
    """What `asyncio.Queue` does for one consumer, without its four deques and an event (2.7 KiB a reader).

    `when_empty` is called, once, when the last message has been taken.
    """

    __slots__ = ("_items", "_waiter", "when_empty")

    def __init__(self) -> None:
        self._items: deque[dict[str, Any]] | None = None
        self._waiter: asyncio.Future[None] | None = None
        self.when_empty: Callable[[], None] | None = None

    def put_nowait(self, item: dict[str, Any]) -> None:
        if self._items is None:
            self._items = deque()
        self._items.append(item)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def get(self) -> dict[str, Any]:
        """The next message. One caller at a time."""
        while not self._items:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        item = self._items.popleft()
        if not self._items:
            self._items = None
            if self.when_empty is not None:
                act, self.when_empty = self.when_empty, None
                act()
        return item

    def __len__(self) -> int:
        return len(self._items) if self._items else 0
