"""The relay and the sync loop: the two ways in which a server process hears of changes.

The relay listens to the channel layer with one channel and one group membership a process, asserted again every few seconds. The sync
loop asks the database for the heads of the blogs that have readers here. Either alone delivers everything; the first is quick, the
second is certain.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Coroutine
from random import uniform
from typing import Any
from weakref import WeakKeyDictionary

from django.db import Error as DatabaseError

from liveblog.wire import presence
from liveblog.wire.asking import ask_database
from liveblog.wire.hub import Hub, current_hub
from newsroom import selectors
from newsroom.announce import GROUP, sender
from newsroom.frames import HEARTBEAT_SECONDS, Numbered
from newsroom.hearing import hear_group

log = logging.getLogger(__name__)

# Well within what the layer may be set to forget a group after.
REASSERT_SECONDS = 2.5
SYNC_SECONDS = 2.0
TEND_SECONDS = 1.0
# After an error that nobody foresaw.
AGAIN_SECONDS = 1.0


async def relay(hub: Hub) -> None:
    """Hands every push to the hub, for ever."""

    async def hear(message: dict[str, Any]) -> None:
        try:
            _hear(hub, message)
        except (KeyError, TypeError, ValueError) as error:
            # Of another version of this program, in the middle of an update. The sync loop finds what it told of.
            log.warning("A message of the channel layer was not understood (%s: %s).", type(error).__name__, error)

    await hear_group(GROUP, hear, reassert=REASSERT_SECONDS)


def _hear(hub: Hub, message: dict[str, Any]) -> None:
    if message["type"] == presence.MESSAGE:
        hub.presence.hear(message)
    else:
        # A process of an earlier version does not say whether it withdraws something.
        withdraws = message.get("withdraws", True)
        frame = Numbered(message["seq"], message["token"], message["text"], message["follows"], withdraws)
        hub.receive(blog_id=message["blog"], epoch=message["epoch"], frame=frame)


async def sync(hub: Hub) -> None:
    """Compares every feed with the database's head, for ever: bounds how late a lost push can make a reader."""
    while True:
        await asyncio.sleep(SYNC_SECONDS * uniform(0.8, 1.2))  # noqa: S311 – jitter
        if not hub.feeds:
            continue
        # Of this moment: a feed that opens while the database is asked is not in its answer.
        asked = {feed: feed.position for feed in hub.feeds.values()}
        try:
            states = await ask_database(selectors.feed_states, [feed.blog_id for feed in asked])
        except DatabaseError as error:
            log.warning("The sync loop could not ask the database: %s. Readers keep what they have.", error)
            hub.database_away = True
            continue
        hub.database_away = False
        for feed, position in asked.items():
            hub.compare(feed, states.get(feed.blog_id), since=position)


async def heartbeat(hub: Hub) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS * uniform(0.9, 1.0))  # noqa: S311 – jitter
        for feed in list(hub.feeds.values()):
            feed.beat()


async def tend(hub: Hub) -> None:
    """Once a second: readers who lagged and have drained, readers who read no more, feeds that nobody needs, how many read."""
    while True:
        await asyncio.sleep(TEND_SECONDS)
        if not hub.database_away:
            # Until it is back a feed that is given up could not be opened again, and its pages not be shown.
            hub.forget_idle()
        hub.presence.forget_old()
        for feed in hub.feeds.values():
            if feed.lagging:
                feed.tend()
        # At once: with a layer that hangs each waits a second, and the blogs would wait for one another.
        await asyncio.gather(*(hub.presence.tell(feed) for feed in hub.feeds.values()))


# What else is to run beside them for as long as the process serves sockets.
_besides: list[Callable[[Hub], Coroutine[Any, Any, None]]] = []


def run_beside(work: Callable[[Hub], Coroutine[Any, Any, None]]) -> None:
    """Has `start` run this too. For the composition root, where the reader's side meets what it may not know of."""
    _besides.append(work)


_running: WeakKeyDictionary[asyncio.AbstractEventLoop, list[asyncio.Task[None]]] = WeakKeyDictionary()


async def _for_ever(work: Callable[[Hub], Coroutine[Any, Any, None]], hub: Hub) -> None:
    """Begins it again where it ends by an error: what readers are promised rests on these loops."""
    while True:
        try:
            await work(hub)
        except Exception:
            log.exception("%s ended by an error and begins again.", work.__name__)
        await asyncio.sleep(AGAIN_SECONDS)


def start() -> Hub:
    """Starts the process's relay, sync loop and heartbeat on the running event loop, once; returns its hub."""
    loop = asyncio.get_running_loop()
    hub = current_hub()
    if loop not in _running:
        sender.use_loop(loop, functools.partial(_hear, hub))
        _running[loop] = [
            asyncio.create_task(_for_ever(work, hub), name=work.__name__) for work in (relay, sync, heartbeat, tend, *_besides)
        ]
    return hub


async def stop() -> None:
    """Ends what `start` began on this loop."""
    tasks = _running.pop(asyncio.get_running_loop(), [])
    sender.use_loop(None)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
