"""A bus that says nothing, vanishes or is not there: it is asked again and again, each time with a bound, and nothing piles up."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from channels.layers import get_channel_layer

from liveblog.bus import PubSubLayer
from newsroom.hearing import hear_group
from tests.faults import proxy
from tests.services import Services, free_port
from tests.waiting import until_async

pytestmark = pytest.mark.services

GROUP = "test.hearing"


def layer_at(port: int | str) -> dict[str, Any]:
    return {"BACKEND": "liveblog.bus.PubSubLayer", "CONFIG": {"url": f"redis://127.0.0.1:{port}/0", "prefix": "test-hearing"}}


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


def tried(caplog: pytest.LogCaptureFixture) -> Callable[[], Awaitable[bool]]:
    """Asks whether three tries have failed."""

    async def ask() -> bool:
        return len(caplog.records) >= 3

    return ask


async def test_a_bus_that_hangs_is_asked_again_until_it_answers(services: Services, settings: Any, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.WARNING, "newsroom.hearing")
    sender = PubSubLayer(url=services.redis, prefix="test-hearing")
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


async def test_a_bus_that_vanished_without_a_word_is_connected_to_again_and_stops_nobody(services: Services, settings: Any):
    settings.CHANNEL_LAYERS = {"default": layer_at(services.redis.rpartition(":")[2].partition("/")[0])}
    sender = PubSubLayer(url=services.redis, prefix="test-hearing")
    heard: list[int] = []

    async def hears(number: int) -> bool:
        await sender.group_send(GROUP, {"type": "test", "number": number})
        return number in heard

    async with hearing(heard):
        await until_async(lambda: hears(1))
        layer: Any = get_channel_layer()
        reader = layer._get_layer()._shards[0]._pubsub.connection._reader
        # What asyncio makes of a read that ends with ETIMEDOUT.
        reader.set_exception(TimeoutError(errno.ETIMEDOUT, "Connection timed out"))
        # Where nothing notices it, this loop does not turn until the error is another one.
        rescue = threading.Timer(3, reader.set_exception, [ConnectionResetError()])
        rescue.start()
        lost_at = time.monotonic()
        await asyncio.sleep(0.3)
        assert time.monotonic() - lost_at < 2
        rescue.cancel()
        await until_async(lambda: hears(2))
    await sender.flush()


async def test_tries_that_fail_leave_nothing_behind(settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    monkeypatch.setattr("newsroom.hearing.RETRY_SECONDS", 0.01)
    settings.CHANNEL_LAYERS = {"default": layer_at(free_port())}

    async with hearing([]):
        await until_async(tried(caplog))
        layer: Any = get_channel_layer()
        # The one of a try that is just under way.
        assert len(layer.channels) <= 1
        assert layer.groups == {}


async def test_a_group_that_cannot_be_joined_costs_no_channel(
    services: Services, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr("newsroom.hearing.RETRY_SECONDS", 0.01)
    settings.CHANNEL_LAYERS = {"default": layer_at(services.redis.rpartition(":")[2].partition("/")[0])}

    async def refused(*_: Any) -> None:
        raise ConnectionError("refused")

    monkeypatch.setattr("liveblog.bus.PubSubLayer.group_add", refused, raising=False)

    async with hearing([]):
        await until_async(tried(caplog))
        layer: Any = get_channel_layer()
        assert len(layer.channels) <= 1


async def test_a_message_that_cannot_be_heard_costs_no_channel(services: Services, settings: Any, caplog: pytest.LogCaptureFixture):
    """Nobody is receiving when `hear` raises, so there is no receive to cancel."""
    settings.CHANNEL_LAYERS = {"default": layer_at(services.redis.rpartition(":")[2].partition("/")[0])}

    async def raises(message: dict[str, Any]) -> None:
        raise LookupError("not foreseen")

    task = asyncio.create_task(hear_group(GROUP, raises, reassert=0.2))
    layer: Any = get_channel_layer()

    async def lost() -> bool:
        await layer.group_send(GROUP, {"type": "test"})
        return "LookupError" in caplog.text

    await until_async(lost)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    inner = layer._get_layer()
    assert (inner.channels, inner.groups, inner._shards[0]._subscribed_to) == ({}, {}, set())
    await layer.flush()
