"""The reader's socket. A plain ASGI application: a Channels consumer would pay a thread hop for every event it never needs."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from django.db import Error as DatabaseError

from liveblog.wire import relay
from liveblog.wire.feed import Feed
from liveblog.wire.hub import NOT_HERE, Hub
from liveblog.wire.reader import DirectReader, QueuedReader, Send
from liveblog.wire.writer import FrameWriter

Receive = Callable[[], Awaitable[dict[str, Any]]]

SERVER_ERROR = 4000
BAD_FRAME = 4400
FRAME_TOO_LARGE = 4413
TOO_MANY_FRAMES = 4029
FULL = 4503

MAX_CLIENT_BYTES = 64 * 1024
MAX_CLIENT_FRAMES = 30
PER_SECONDS = 10.0


async def reader_socket(slug: str, writer: FrameWriter | None, receive: Receive, send: Send) -> None:
    """Follows one blog: `hello`, then every number after it, in order. The reader says nothing.

    With a writer it has no task and no queue of its own: the hub writes to the transport, and this one frame waits for the end. It is
    what a quiet reader costs us, so it holds on to little.
    """
    await receive()
    # Accepted before it is refused, so that the page learns why.
    await send({"type": "websocket.accept"})
    hub = relay.start()
    if not hub.capacity.take():
        await send({"type": "websocket.close", "code": FULL})
        return
    try:
        feed = await hub.feed_of(slug)
        if feed is None:
            await send({"type": "websocket.close", "code": NOT_HERE})
            return
        if writer is None:
            await _follow_queued(hub, feed, receive, send)
            return
        reader = DirectReader(writer, send)
        hub.join(feed, reader)
        try:
            code = await _listen(receive)
        finally:
            hub.leave(feed, reader)
        if code is not None:
            reader.close(code)
    except DatabaseError:
        await send({"type": "websocket.close", "code": SERVER_ERROR})
    finally:
        hub.capacity.release()


async def _follow_queued(hub: Hub, feed: Feed, receive: Receive, send: Send) -> None:
    reader = QueuedReader(send)
    hub.join(feed, reader)
    writing = asyncio.create_task(reader.run())
    listening = asyncio.create_task(_listen(receive))
    try:
        await asyncio.wait({writing, listening}, return_when=asyncio.FIRST_COMPLETED)
        if listening.done() and not listening.cancelled() and (code := listening.result()) is not None:
            hub.leave(feed, reader)
            reader.close(code)
            await asyncio.wait({writing})
    finally:
        hub.leave(feed, reader)
        for task in (writing, listening):
            task.cancel()
        # Gathered so that an error of a socket that went away is not reported as never retrieved.
        await asyncio.gather(writing, listening, return_exceptions=True)


async def _listen(receive: Receive) -> int | None:
    """Waits for the end. Returns the close code a misbehaving client is answered with, or None where it left by itself."""
    times: deque[float] | None = None
    while (message := await receive())["type"] != "websocket.disconnect":
        if times is None:
            times = deque(maxlen=MAX_CLIENT_FRAMES)
        code = _misbehaved(message, times)
        if code is not None:
            return code
    return None


def _misbehaved(message: dict[str, Any], times: deque[float]) -> int | None:
    if message.get("bytes") is not None:
        return BAD_FRAME
    if len(message.get("text") or "") > MAX_CLIENT_BYTES:
        return FRAME_TOO_LARGE
    now = asyncio.get_running_loop().time()
    if len(times) == MAX_CLIENT_FRAMES and now - times[0] < PER_SECONDS:
        return TOO_MANY_FRAMES
    times.append(now)
    return None


async def no_such_socket(receive: Receive, send: Send) -> None:
    """Every other path: a polite close instead of an exception in the log."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": NOT_HERE})
