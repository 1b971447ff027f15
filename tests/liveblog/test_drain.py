from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from liveblog import serve
from liveblog.ops import state
from liveblog.wire import drain, relay
from liveblog.wire.feed import Feed
from liveblog.wire.hub import current_hub


class Leaving:
    def __init__(self) -> None:
        self.code = 0

    def push(self, data: bytes, texts: Sequence[str]) -> bool:
        return True

    def drained(self) -> bool:
        return True

    def close(self, code: int) -> None:
        self.code = code


@pytest.mark.parametrize(("count", "seconds"), [(400, 2.0), (20_000, drain.LONGEST_SECONDS)])
async def test_a_crowd_is_closed_at_a_pace_and_before_a_supervisor_loses_patience(
    count: int, seconds: float, monkeypatch: pytest.MonkeyPatch
):
    feed = Feed(blog_id=1, slug="story", epoch="one", head=5, token=50)
    crowd = [Leaving() for _ in range(count)]
    feed.readers = dict.fromkeys(crowd, 0)
    monkeypatch.setitem(current_hub().feeds, 1, feed)
    slept, really = [], asyncio.sleep

    async def sleep(pause: float) -> None:
        slept.append(pause)
        await really(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    await drain.drain()
    assert {reader.code for reader in crowd} == {4012}
    assert sum(slept) == pytest.approx(seconds, rel=0.05)


async def test_who_is_still_answered_is_answered_by_a_process_that_hears(monkeypatch: pytest.MonkeyPatch):
    """A withdrawal among the last requests of a process is known to it at once, as any other is."""
    monkeypatch.setattr(state, "_draining", threading.Event())
    relay.start()
    try:
        await serve.farewell()
        assert state.is_draining()
        assert asyncio.get_running_loop() in relay._running
        assert relay.sender._hear is not None
    finally:
        await relay.stop()
