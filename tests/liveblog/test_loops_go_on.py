"""What readers are promised rests on a process's loops: an error that nobody foresaw ends none of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from itertools import pairwise
from typing import Any

import pytest

from liveblog.server import sweep
from liveblog.wire import relay
from liveblog.wire.feed import Feed
from liveblog.wire.hub import Hub
from newsroom.frames import Numbered
from tests.waiting import until_async


@contextlib.asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Taking:
    """A reader who takes everything."""

    def __init__(self, got: asyncio.Queue[bytes]) -> None:
        self._got = got

    def push(self, data: bytes, texts: Sequence[str]) -> bool:
        self._got.put_nowait(data)
        return True

    def drained(self) -> bool:
        return True

    def close(self, code: int) -> None:
        raise AssertionError("it keeps up")


def written(caplog: pytest.LogCaptureFixture) -> Callable[[], Awaitable[bool]]:
    async def ask() -> bool:
        return "could not be written to everyone" in caplog.text

    return ask


async def test_a_loop_that_ends_by_an_error_begins_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    begun = []

    async def sync(hub: Hub) -> None:
        begun.append(hub)
        if len(begun) == 1:
            raise RuntimeError("can't start new thread")
        await asyncio.Event().wait()

    monkeypatch.setattr(relay, "AGAIN_SECONDS", 0.0)
    monkeypatch.setattr(relay, "sync", sync)
    relay.start()
    try:

        async def again() -> bool:
            return len(begun) == 2

        await until_async(again)
    finally:
        await relay.stop()
    assert "sync ended by an error and begins again" in caplog.text


async def test_a_message_of_another_version_costs_a_line_in_the_log_and_no_channel(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    heard = asyncio.Event()

    async def hear_group(group: str, hear: Any, *, reassert: float) -> None:
        await hear({"type": "change", "number": 7})
        heard.set()

    monkeypatch.setattr(relay, "hear_group", hear_group)
    await relay.relay(Hub())
    assert heard.is_set()
    assert "was not understood" in caplog.text


async def test_a_connection_whose_time_cannot_be_looked_at_leaves_the_others_theirs(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(sweep, "SWEEP_SECONDS", 0.0)
    looked = asyncio.Event()

    def look(connection: str, now: float) -> None:
        if connection == "broken":
            raise OSError("not connected")
        looked.set()

    async with asyncio.timeout(5), running(sweep.sweep(lambda: ["broken", "whole", "broken"], look)):
        for _ in range(2):
            looked.clear()
            await looked.wait()
    assert "could not be checked" in caplog.text


async def test_a_crowd_that_is_looked_at_lets_the_readers_have_their_turn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sweep, "SWEEP_SECONDS", 0.0)
    loop, crowd = asyncio.get_running_loop(), 100
    turns: list[int] = []
    looked, done = 0, asyncio.Event()

    def look(connection: int, now: float) -> None:
        nonlocal looked
        looked += 1
        if looked % sweep.LOOK_EVERY == 0:
            # As long as a slice, by the only clock that counts.
            until = loop.time() + sweep.SLICE_SECONDS
            while loop.time() < until:
                pass

    def turn() -> None:
        turns.append(looked)
        if looked < crowd:
            loop.call_soon(turn)
        else:
            done.set()

    async with asyncio.timeout(5), running(sweep.sweep(lambda: range(crowd), look)):
        turn()
        await done.wait()
    assert max(later - earlier for earlier, later in pairwise(turns)) == sweep.LOOK_EVERY


async def test_a_feed_that_could_not_write_writes_the_next(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    feed, got = Feed(blog_id=1, slug="story", epoch="one", head=5, token=50), asyncio.Queue[bytes]()
    feed.readers = {Taking(got): 0}
    with monkeypatch.context() as patch:
        patch.setattr("liveblog.wire.feed._pieces", lambda texts: 1 / 0)
        feed.fan_out(Numbered(6, 60, "six", 50, withdraws=False))
        await until_async(written(caplog))
    feed.fan_out(Numbered(7, 70, "seven", 60, withdraws=False))
    assert b"seven" in await asyncio.wait_for(got.get(), 5)
