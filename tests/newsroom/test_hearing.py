"""A bus that takes the connection and then says nothing: it is asked again and again, each time with a bound."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.layers import get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer

from newsroom.hearing import hear_group
from tests.faults import proxy
from tests.services import Services
from tests.waiting import until_async

pytestmark = pytest.mark.services

GROUP = "test.hearing"


def layer_at(port: int | str) -> dict[str, Any]:
    host = {"address": f"redis://127.0.0.1:{port}/0", "socket_timeout": None}
    return {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [host], "prefix": "test-hearing"}}


@contextlib.asynccontextmanager
async def hearing(heard: list[int]) -> AsyncIterator[None]:
    async def hear(message: dict[str, Any]) -> None:
        heard.append(message["number"])

    task = asyncio.create_task(hear_group(GROUP, hear, reassert=0.2))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        layer = get_channel_layer()
        assert layer
        await layer.flush()


async def test_a_bus_that_hangs_is_asked_again_until_it_answers(services: Services, settings: Any, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.WARNING, "newsroom.hearing")
    sender = RedisPubSubChannelLayer(**{**layer_at(0)["CONFIG"], "hosts": [services.redis]})
    heard: list[int] = []

    async def asked_again() -> bool:
        return sum("TimeoutError" in record.getMessage() for record in caplog.records) >= 2

    async def hears_again() -> bool:
        await sender.group_send(GROUP, {"type": "test", "number": len(heard)})
        return bool(heard)

    async with proxy.before(services.redis) as line:
        line.silence(True)
        settings.CHANNEL_LAYERS = {"default": layer_at(line.url.rpartition(":")[2])}
        async with hearing(heard):
            await until_async(asked_again)
            assert not await hears_again()
            line.silence(False)
            line.cut()
            await until_async(hears_again)
    await sender.flush()
