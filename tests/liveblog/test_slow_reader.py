"""A reader who does not read costs little, harms nobody and is let go; one who drains catches up from the head."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from liveblog.wire import feed as feeds
from liveblog.wire.feed import Feed
from liveblog.wire.framing import text_frame
from liveblog.wire.reader import MAX_UNSENT_BYTES, MOST_SENT_BYTES, DirectReader, QueuedReader
from newsroom.frames import Numbered
from tests.waiting import until_async


class Wire:
    """Both ends of a socket that takes bytes only while it is open: a transport for direct readers, a `send()` for queued ones."""

    def __init__(self, *, is_open: bool) -> None:
        self.taken: list[str] = []
        self.buffer = b""
        self.cut = False
        self.closed: int | None = None
        self.opened = asyncio.Event()
        if is_open:
            self.opened.set()

    def write(self, data: bytes) -> int:
        self.buffer += data
        self._drain()
        return len(self.buffer)

    def unsent(self) -> int:
        self._drain()
        return len(self.buffer)

    def abort(self) -> None:
        self.cut = True

    def _drain(self) -> None:
        if self.opened.is_set():
            self.taken += texts_of(self.buffer)
            self.buffer = b""

    async def send(self, message: dict[str, Any]) -> None:
        await self.opened.wait()
        if message["type"] == "websocket.close":
            self.closed = message["code"]
        else:
            self.taken.append(message["text"])


def texts_of(data: bytes) -> list[str]:
    texts = []
    while data:
        size, start = data[1], 2
        if size == 126:
            size, start = int.from_bytes(data[2:4]), 4
        elif size == 127:
            size, start = int.from_bytes(data[2:10]), 10
        texts.append(data[start : start + size].decode())
        data = data[start + size :]
    return texts


def a_feed() -> Feed:
    return Feed(blog_id=1, slug="story", epoch="e" * 12, head=0, token=0)


def frame(seq: int, size: int = 20) -> Numbered:
    return Numbered(seq, seq, json.dumps({"op": "put", "seq": seq, "html": "x" * size}))


def numbers(wire: Wire) -> list[int]:
    return [said["seq"] for text in wire.taken if "seq" in (said := json.loads(text))]


@pytest.fixture(params=["direct", "queued"])
async def readers(request: pytest.FixtureRequest):
    """Makes readers of either sort; ends what they run."""
    tasks: list[asyncio.Task[None]] = []

    def make(wire: Wire):
        if request.param == "direct":
            return DirectReader(wire, wire.send)
        reader = QueuedReader(wire.send)
        tasks.append(asyncio.create_task(reader.run()))
        return reader

    yield make
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def said(wire: Wire, seq: int) -> bool:
    return seq in numbers(wire)


async def turns(count: int = 10) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_reader_who_keeps_up_gets_every_number_in_order(readers):
    feed, wire = a_feed(), Wire(is_open=True)
    feed.join(readers(wire))
    for seq in range(1, 101):
        feed.fan_out(frame(seq))
    await turns()
    assert json.loads(wire.taken[0])["op"] == "hello"
    assert numbers(wire) == list(range(1, 101))


async def test_frames_of_one_turn_leave_in_one_write():
    class Counting(Wire):
        writes = 0

        def write(self, data: bytes) -> int:
            self.writes += 1
            return super().write(data)

    feed, wire = a_feed(), Counting(is_open=True)
    feed.join(DirectReader(wire, wire.send))
    for seq in range(1, 31):
        feed.fan_out(frame(seq))
    await turns()
    assert numbers(wire) == list(range(1, 31))
    assert wire.writes == 2  # the hello, and the burst


async def test_a_reader_who_joins_in_the_middle_of_a_turn_gets_no_number_twice(readers):
    feed, early, late = a_feed(), Wire(is_open=True), Wire(is_open=True)
    feed.join(readers(early))
    feed.fan_out(frame(1))
    feed.join(readers(late))
    feed.fan_out(frame(2))
    await turns()
    assert numbers(early) == [1, 2]
    assert json.loads(late.taken[0])["head"] == 1
    assert numbers(late) == [2]


async def test_a_stalled_reader_is_owed_little_and_gets_the_head_when_it_drains(readers):
    feed, wire = a_feed(), Wire(is_open=False)
    reader = readers(wire)
    feed.join(reader)
    for seq in range(1, 1001):
        feed.fan_out(frame(seq, 1024))
        if seq % 10 == 0:
            await turns(1)
    assert reader in feed.lagging
    assert len(wire.buffer) <= 2 * MAX_UNSENT_BYTES

    wire.opened.set()
    await turns(200)
    feed.tend()
    await turns()
    assert reader in feed.readers
    assert json.loads(wire.taken[-1]) == {"op": "head", "head": 1000, "token": 1000}
    feed.fan_out(frame(1001))
    await until_async(lambda: said(wire, 1001))
    assert numbers(wire)[-1] == 1001


async def test_a_stalled_reader_holds_up_nobody(readers):
    feed, stalled, quick = a_feed(), Wire(is_open=False), Wire(is_open=True)
    feed.join(readers(stalled))
    feed.join(readers(quick))
    for seq in range(1, 401):
        feed.fan_out(frame(seq, 1024))
        await turns(2)
    # A feed rests after a fan-out, for as long as that took on this machine.
    await until_async(lambda: said(quick, 400))
    assert numbers(quick) == list(range(1, 401))
    assert stalled.taken == []


async def test_a_reader_who_reads_no_more_is_closed_and_then_cut(monkeypatch: pytest.MonkeyPatch):
    feed, wire = a_feed(), Wire(is_open=False)
    feed.join(DirectReader(wire, wire.send))
    feed.fan_out(frame(1, 2 * MAX_UNSENT_BYTES))
    await turns()
    feed.tend()
    assert len(feed.lagging) == 1

    monkeypatch.setattr(feeds, "LAGGING_SECONDS", -1.0)
    monkeypatch.setattr("liveblog.wire.reader.CLOSE_SECONDS", 0.0)
    feed.tend()
    await turns()
    assert wire.cut


async def test_where_the_server_takes_everything_a_reader_is_sent_so_much_and_asked_to_come_back():
    """A `send()` that returns at once says nothing of who reads: what it was given waits in the server's memory, for all we know."""
    feed, wire = a_feed(), Wire(is_open=True)
    reader = QueuedReader(wire.send)
    feed.join(reader)
    writing = asyncio.create_task(reader.run())
    for seq in range(1, 3001):
        feed.fan_out(frame(seq, 1024))
        if seq % 10 == 0:
            await turns(3)
    await until_async(lambda: asyncio.sleep(0, writing.done()))
    assert MOST_SENT_BYTES / 2 < sum(map(len, wire.taken)) <= MOST_SENT_BYTES + 2 * MAX_UNSENT_BYTES
    assert json.loads(wire.taken[-1])["op"] == "bye"
    assert wire.closed == 4012
    # Without a hole up to there: the rest is fetched by the number.
    assert numbers(wire) == list(range(1, numbers(wire)[-1] + 1))


async def test_a_reader_who_drains_in_time_is_not_closed(monkeypatch: pytest.MonkeyPatch):
    feed, wire = a_feed(), Wire(is_open=False)
    feed.join(DirectReader(wire, wire.send))
    feed.fan_out(frame(1, 2 * MAX_UNSENT_BYTES))
    await turns()
    wire.opened.set()
    feed.tend()
    await turns()
    assert not wire.cut
    assert wire.closed is None


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_a_frame_says_its_length_as_the_standard_asks(size: int):
    data = text_frame("x" * size)
    assert data[0] == 0x81
    assert texts_of(data) == ["x" * size]
    assert len(data) == size + (2 if size < 126 else 4 if size < 65_536 else 10)


def test_a_frame_counts_bytes_and_not_letters():
    assert texts_of(text_frame("ü" * 100)) == ["ü" * 100]
