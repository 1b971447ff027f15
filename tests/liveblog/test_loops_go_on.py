"""What readers are promised rests on a process's loops: an error that nobody foresaw ends none of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from liveblog.wire import relay
from liveblog.wire.hub import Hub
from tests.waiting import until_async


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
