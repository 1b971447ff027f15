"""The sending half of the wire: each frame is encoded once and handed to the channel layer behind COMMIT.

The push is a hint. It has one second; a failure is counted and never raised, because the database already holds the truth and every
server process looks there by itself (docs/delivery.md).
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from typing import Any

from channels.layers import get_channel_layer
from django.db import Error as DatabaseError
from django.db import transaction

from newsroom import frames
from newsroom.models import Change, LiveBlog

log = logging.getLogger(__name__)

GROUP = "liveblog.changes"
TIMEOUT_SECONDS = 1.0

Hear = Callable[[dict[str, Any]], None]


class Sender:
    """Carries messages to the channel layer on one event loop.

    In a server process that is the server's own loop (`use_loop`): the in-process layer wakes its receivers only there, and what the
    readers' processes are told is heard there without the layer, before the write is answered. In a command it is a thread of ours, so
    that a Redis connection outlives one publish.
    """

    def __init__(self) -> None:
        self.failures = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hear: Hear | None = None
        self._lock = threading.Lock()
        self._pending: set[Future[None]] = set()

    def use_loop(self, loop: asyncio.AbstractEventLoop | None, hear: Hear | None = None) -> None:
        """`hear` is called on the loop with each message for the readers' processes: of these this is one, and the layer may be away."""
        self._loop, self._hear = loop, hear

    def send_soon(self, messages: Sequence[dict[str, Any]], group: str = GROUP) -> None:
        """Returns at once; from any thread. Raises nothing."""
        sending = self._send(messages, group)
        try:
            loop = self._running_loop()
            if self._hear and group == GROUP:
                for message in messages:
                    loop.call_soon_threadsafe(self._hear, message)
            future = asyncio.run_coroutine_threadsafe(sending, loop)
        except RuntimeError as error:
            # The server's loop is closing; its readers come back to another process.
            sending.close()
            self.failed(error, group)
            return
        self._pending.add(future)
        future.add_done_callback(self._pending.discard)

    def flush(self, timeout: float = TIMEOUT_SECONDS) -> None:
        """Waits for what is on its way: a command must not end with its last entry unsent."""
        wait(list(self._pending), timeout=timeout)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None or self._loop.is_closed():
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="announcer", daemon=True).start()
                atexit.register(self.flush)
            return self._loop

    async def _send(self, messages: Sequence[dict[str, Any]], group: str) -> None:
        layer = get_channel_layer()
        if layer is None:
            return
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                for message in messages:
                    await layer.group_send(group, message)
        except Exception as error:  # noqa: BLE001 – whatever the layer's client raises: the commit stands, the sync loop delivers
            self.failed(error, group)

    def failed(self, error: Exception, group: str = GROUP) -> None:
        """Counts and logs what did not get through to the readers' processes."""
        if group != GROUP:
            # A desk looks by itself every two seconds.
            log.debug("The desks were not told: %s", error)
            return
        self.failures += 1
        log.warning(
            "A push was not accepted (%s: %s; the %s. since the start); readers get it from the database.",
            type(error).__name__, error, self.failures,
        )  # fmt: skip


sender = Sender()


def announce_on_commit(blog: LiveBlog, changes: Sequence[Change]) -> None:
    """In the transaction that took these numbers, and so holds the blog's row: tells every server process of them once it is committed.

    What is said of an entry is ready before COMMIT, of what its number commits, and has only to be handed over behind it: a question to
    the database there would be a turn to wait for, and a reader the later for it. Board and front are rendered afterwards, where that
    holds up no other writer, and where a fault in it can refuse nobody's withdrawal.
    """
    before = tokens_before(blog, changes)
    ready = messages_for(blog, [change for change in changes if change.entry_id], before)
    to_render = [change for change in changes if not change.entry_id]

    def announce() -> None:
        if ready:
            sender.send_soon(ready)
        if not to_render:
            return
        try:
            sender.send_soon(messages_for(blog, to_render, before))
        except DatabaseError as error:
            # It went away behind the commit.
            sender.failed(error)
        except Exception:
            # A fault of ours: Django logs it whole.
            sender.failures += 1
            raise

    transaction.on_commit(announce, robust=True)


def tokens_before(blog: LiveBlog, changes: Sequence[Change]) -> dict[int, int | None]:
    """For each of these consecutive numbers the token of the one before it; None where that was pruned, so that nobody can say."""
    first = changes[0].seq
    token = Change.objects.filter(blog_id=blog.pk, seq=first - 1).values_list("token", flat=True).first()
    if token is None and first == 1:
        token = 0
    return dict(zip([change.seq for change in changes], [token, *(change.token for change in changes[:-1])], strict=True))


def messages_for(blog: LiveBlog, changes: Sequence[Change], before: dict[int, int | None]) -> list[dict[str, Any]]:
    """What the server processes are told of them, in order."""
    return [
        {
            "type": "change",
            "blog": blog.pk,
            "epoch": blog.epoch,
            "seq": frame.seq,
            "token": frame.token,
            # A process whose last number has another token holds another history, however well the numbers fit. Where nobody can say,
            # it takes the number on trust.
            "follows": before[frame.seq],
            "text": frame.text,
            "withdraws": frame.withdraws,
        }
        for frame in frames.numbered(frames.build(blog, changes))
    ]
