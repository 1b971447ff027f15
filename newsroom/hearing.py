"""Hearing what is said in one group of the channel layer, whatever the layer does.

One channel and one membership a process. Each question to the layer has a bound: one that hangs without an error makes its hearers deaf,
and keeps nobody waiting. What they miss they find in the database, where they look by themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from channels.layers import get_channel_layer

log = logging.getLogger(__name__)

Message = dict[str, Any]

ANSWER_SECONDS = 1.0
RETRY_SECONDS = 0.5


async def hear_group(group: str, hear: Callable[[Message], Awaitable[None]], *, reassert: float) -> None:
    """Hands every message of the group to `hear`, for ever. The group is joined anew every `reassert` seconds: layers forget."""
    while True:
        try:
            await _hear(group, hear, reassert)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 – a layer's client raises what it likes; nobody who reads or writes may notice
            log.warning("The channel layer was lost in %s (%s: %s); it is asked again.", group, type(error).__name__, error)
            await asyncio.sleep(RETRY_SECONDS)


async def _hear(group: str, hear: Callable[[Message], Awaitable[None]], reassert: float) -> None:
    layer = get_channel_layer()
    if layer is None:
        raise RuntimeError("no channel layer is configured")
    channel = await _bounded(layer.new_channel())
    loop = asyncio.get_running_loop()
    receiving: asyncio.Task[Message] | None = None
    try:
        while True:
            # One that hangs lets go of the channel with the error: on a new one it is asked again.
            await _bounded(layer.group_add(group, channel))
            asserted = loop.time()
            while (left := asserted + reassert - loop.time()) > 0:
                # The task is kept over the time-out: cancelling a receive can lose the message it was about to return.
                receiving = receiving or asyncio.ensure_future(layer.receive(channel))
                done, _ = await asyncio.wait({receiving}, timeout=left)
                if done:
                    message, receiving = receiving.result(), None
                    await hear(message)
    finally:
        if receiving:
            receiving.cancel()
        # Nobody takes from this channel any more, and what is still put into it would stay in memory.
        with contextlib.suppress(Exception):
            await _bounded(layer.group_discard(group, channel))
        if forget := getattr(layer, "forget", None):
            with contextlib.suppress(Exception):
                await _bounded(forget(channel))


async def _bounded(question: Awaitable[Any]) -> Any:
    async with asyncio.timeout(ANSWER_SECONDS):
        return await question
