from __future__ import annotations

import asyncio
from typing import Any

import pytest

from liveblog.wire.reader import MAX_UNSENT_BYTES, Reader


class Socket:
    """A peer that takes a frame only when it is told to."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.open = asyncio.Event()
        self.took = asyncio.Event()

    async def send(self, message: dict[str, Any]) -> None:
        await self.open.wait()
        self.taken.append(message.get("text", message.get("code")))
        self.took.set()


async def test_a_reader_who_keeps_up_gets_every_frame_in_order():
    socket = Socket()
    socket.open.set()
    reader = Reader(socket.send, head=lambda: "head")
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(reader.write())
        for number in range(100):
            reader.offer(f"frame {number}")
        reader.close(4012)
    assert socket.taken == [f"frame {number}" for number in range(100)] + [4012]


async def test_a_stalled_reader_holds_little_and_gets_the_head_when_it_drains():
    socket = Socket()
    reader = Reader(socket.send, head=lambda: "head")
    writing = asyncio.create_task(reader.write())
    frame = "x" * 1024
    for _ in range(1000):
        reader.offer(frame)
        await asyncio.sleep(0)
    socket.open.set()
    reader.close(4012)
    async with asyncio.timeout(5):
        await writing
    assert len([text for text in socket.taken if text == frame]) <= MAX_UNSENT_BYTES // 1024 + 1
    assert socket.taken[-2:] == ["head", 4012]


async def test_a_reader_is_stuck_only_after_its_time():
    reader = Reader(Socket().send, head=lambda: "head")
    now = asyncio.get_running_loop().time()
    reader.offer("x" * MAX_UNSENT_BYTES)
    reader.offer("x")
    assert not reader.is_stuck(now + 44)
    assert reader.is_stuck(now + 46)


async def test_one_stalled_reader_holds_up_nobody():
    stalled, quick = Socket(), Socket()
    quick.open.set()
    readers = [Reader(stalled.send, head=str), Reader(quick.send, head=str)]
    tasks = [asyncio.create_task(reader.write()) for reader in readers]
    for reader in readers:
        reader.offer("frame")
    async with asyncio.timeout(5):
        await quick.took.wait()
    assert (stalled.taken, quick.taken) == ([], ["frame"])
    for task in tasks:
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]
