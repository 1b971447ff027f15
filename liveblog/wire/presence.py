"""How many pages of a blog are open now, over all processes. Told to readers only where the desk switched it on.

Every process says its own count over the channel layer; a lost word is said again seconds later, so the sum is soon right and never
exact. It is thinned as the crowd grows: nobody needs to see 10,412 become 10,413, and each change is a frame to everybody.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import Any

from channels.layers import get_channel_layer

from liveblog.wire.feed import Feed
from newsroom.announce import GROUP

log = logging.getLogger(__name__)

REPEAT_SECONDS = 10.0
# A process that says nothing for so long is gone, and its readers with it.
FORGET_SECONDS = 30.0
SEND_SECONDS = 1.0

MESSAGE = "presence"


def thinned(count: int) -> int:
    """The count as it is shown: exact below 100, then down to the ten, the fifty, the hundred."""
    step = 1 if count < 100 else 10 if count < 1_000 else 50 if count < 10_000 else 100
    return count - count % step


class Presence:
    def __init__(self) -> None:
        self.process = secrets.token_hex(6)
        self._others: dict[int, dict[str, tuple[int, float]]] = {}
        self._said: dict[int, tuple[int, float]] = {}

    def hear(self, message: dict[str, Any]) -> None:
        """Another process's count (or one's own, come back)."""
        if message["process"] != self.process:
            heard = (int(message["count"]), asyncio.get_running_loop().time())
            self._others.setdefault(message["blog"], {})[message["process"]] = heard

    def forget(self, feed: Feed) -> None:
        """Nobody reads the blog here any more."""
        self._said.pop(feed.blog_id, None)

    def forget_old(self) -> None:
        """Lets go of the processes that have said nothing for long, of blogs that nobody reads here too."""
        now = asyncio.get_running_loop().time()
        for blog_id, heard in list(self._others.items()):
            self._keep_fresh(blog_id, heard, now)

    def _keep_fresh(self, blog_id: int, heard: dict[str, tuple[int, float]], now: float) -> dict[str, tuple[int, float]]:
        fresh = {name: said for name, said in heard.items() if now - said[1] < FORGET_SECONDS}
        if fresh:
            self._others[blog_id] = fresh
        else:
            self._others.pop(blog_id, None)
        return fresh

    def _heard(self, feed: Feed) -> dict[str, int]:
        """The counts of the other processes that are there, by process."""
        fresh = self._keep_fresh(feed.blog_id, self._others.get(feed.blog_id, {}), asyncio.get_running_loop().time())
        return {name: count for name, (count, _) in fresh.items()}

    def total(self, feed: Feed) -> int:
        return feed.count + sum(self._heard(feed).values())

    def is_first(self, feed: Feed) -> bool:
        """Whether what one process does for all falls to this one: of those that have readers, the first by name."""
        return feed.count > 0 and not any(count and name < self.process for name, count in self._heard(feed).items())

    async def tell(self, feed: Feed) -> None:
        """Says this process's count to the others where it changed or is due, and the sum to the readers where it would look different."""
        # The desk of another process wants to know it too, whether readers are told or not.
        await self._tell_processes(feed)
        feed.show_count(thinned(self.total(feed)) if feed.readers_shown else None)

    async def _tell_processes(self, feed: Feed) -> None:
        now = asyncio.get_running_loop().time()
        count, at = self._said.get(feed.blog_id, (-1, 0.0))
        layer = get_channel_layer()
        if layer is None or (count == feed.count and now - at < REPEAT_SECONDS):
            return
        self._said[feed.blog_id] = (feed.count, now)
        message = {"type": MESSAGE, "process": self.process, "blog": feed.blog_id, "count": feed.count}
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await layer.group_send(GROUP, message)
        except Exception as error:  # noqa: BLE001 – whatever the layer's client raises: a count is never worth a fault
            log.debug("The reader count was not passed on: %s", error)
