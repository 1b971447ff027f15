"""A fan-out to many is done in slices: the loop turns in between, and who comes, goes or stalls meanwhile misses nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest
import pytest_asyncio

from liveblog.wire.feed import LOOK_EVERY, MOST_REST_SECONDS, SLICE_SECONDS, Feed
from newsroom.frames import Numbered
from tests.waiting import until_async

# As many pushes as pass between two looks at the clock take a slice: a crowd of forty is five.
PUSH_SECONDS = SLICE_SECONDS / LOOK_EVERY
CROWD = 40


class Slow:
    """A reader whose socket takes its time, and who tells the hub when too much waits for it."""

    # All of them together, in seconds of the loop's clock.
    spent = 0.0

    def __init__(self, *, keeps_up: bool = True) -> None:
        self.heard: list[str] = []
        self.keeps_up = keeps_up

    def push(self, data: bytes, texts: Sequence[str]) -> bool:
        Slow.spent += PUSH_SECONDS
        self.heard += texts
        return self.keeps_up

    def drained(self) -> bool:
        return True

    def close(self, code: int) -> None:
        raise AssertionError(f"closed with {code}")

    @property
    def numbers(self) -> list[int]:
        return [said["seq"] for text in self.heard if "seq" in (said := json.loads(text))]


class Counted(Slow):
    """`writes` holds how many frames each write to it had."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[int] = []

    def push(self, data: bytes, texts: Sequence[str]) -> bool:
        self.writes.append(len(texts))
        return super().push(data, texts)


@pytest_asyncio.fixture(autouse=True)
async def time_passes_with_each_push(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    really = loop.time
    monkeypatch.setattr(loop, "time", lambda: really() + Slow.spent)


def a_feed(slug: str = "story", readers: int = 0) -> tuple[Feed, list[Slow]]:
    feed, crowd = Feed(blog_id=1, slug=slug, epoch="e" * 12, head=0, token=0), [Slow() for _ in range(readers)]
    for reader in crowd:
        feed.join(reader)
    return feed, crowd


def frame(seq: int) -> Numbered:
    return Numbered(seq, seq, json.dumps({"op": "put", "seq": seq}))


async def has_it(reader: Slow) -> None:
    """As many turns of the loop as it takes, and no time beside them."""
    while not reader.numbers:  # noqa: ASYNC110 – the turns are what is looked at
        await asyncio.sleep(0)


async def began(crowd: list[Slow]) -> None:
    """Until the first of the crowd has number 1, and the last has not."""
    await has_it(crowd[0])
    assert not crowd[-1].numbers


async def done(crowd: list[Slow], numbers: list[int]) -> None:
    async def all_have_it() -> bool:
        return all(reader.numbers == numbers for reader in crowd)

    await until_async(all_have_it)


async def test_another_blog_does_not_wait_for_a_large_crowd():
    large, crowd = a_feed("large", CROWD)
    small, few = a_feed("small", 1)
    large.fan_out(frame(1))
    await began(crowd)
    small.fan_out(frame(1))
    await has_it(few[0])
    assert not crowd[-1].numbers
    await done(crowd, [1])


async def test_who_comes_during_a_fan_out_gets_what_its_hello_does_not_name():
    feed, crowd = a_feed(readers=CROWD)
    feed.fan_out(frame(1))
    await began(crowd)
    feed.fan_out(frame(2))
    late = Slow()
    feed.join(late)
    feed.fan_out(frame(3))
    await done(crowd, [1, 2, 3])
    assert json.loads(late.heard[0]).items() >= {"op": "hello", "head": 2, "token": 2}.items()
    assert late.numbers == [3]


async def test_who_leaves_during_a_fan_out_is_sent_nothing_more():
    feed, crowd = a_feed(readers=CROWD)
    feed.fan_out(frame(1))
    await began(crowd)
    gone = crowd.pop()
    feed.leave(gone)
    await done(crowd, [1])
    assert gone.numbers == []


async def test_who_stalls_and_drains_during_a_fan_out_hears_the_head_and_then_what_follows():
    feed, crowd = a_feed(readers=CROWD)
    stalled = crowd.pop(0)
    stalled.keeps_up = False
    feed.fan_out(frame(1))
    await began(crowd)
    feed.fan_out(frame(2))
    assert list(feed.lagging) == [stalled]
    stalled.keeps_up = True
    feed.tend()
    feed.fan_out(frame(3))
    await done(crowd, [1, 2, 3])
    assert stalled.numbers == [1, 3]
    assert json.loads(stalled.heard[-2])["head"] == 2


async def test_frames_that_come_during_a_fan_out_leave_in_one_write():
    feed, crowd = a_feed(readers=CROWD)
    last = Counted()
    feed.join(last)
    feed.fan_out(frame(1))
    await began(crowd)
    for seq in range(2, 12):
        feed.fan_out(frame(seq))
    await done([*crowd, last], list(range(1, 12)))
    assert last.writes == [1, 1, 10]  # the hello, the first, the rest


async def test_what_comes_shortly_after_a_long_fan_out_leaves_in_one_write():
    """Else a burst would go out frame by frame: the next message of the bus is a few turns of the loop away."""
    feed, crowd = a_feed(readers=10 * CROWD)
    last = Counted()
    feed.join(last)
    feed.fan_out(frame(1))
    await has_it(last)
    for seq in (2, 3, 4):
        feed.fan_out(frame(seq))
        for _ in range(5):
            await asyncio.sleep(0)
    assert crowd[0].numbers == [1]
    # It took a tenth of a second, and the rest is over sooner.
    Slow.spent += MOST_REST_SECONDS
    await done([*crowd, last], [1, 2, 3, 4])
    assert last.writes == [1, 1, 3]


async def test_a_fault_in_one_reader_is_that_readers_alone(caplog: pytest.LogCaptureFixture):
    feed, crowd = a_feed(readers=3)
    crowd[1].push = lambda *_: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    feed.fan_out(frame(1))
    await done([crowd[0], crowd[2]], [1])
    feed.fan_out(frame(2))
    await done([crowd[0], crowd[2]], [1, 2])
    assert list(feed.lagging) == [crowd[1]]
    assert "could not be written to" in caplog.text


async def test_a_flush_writes_what_is_left_at_once_and_in_order():
    feed, crowd = a_feed(readers=CROWD)
    feed.fan_out(frame(1))
    await began(crowd)
    feed.fan_out(frame(2))
    feed.flush()
    assert all(reader.numbers == [1, 2] for reader in crowd)
    feed.fan_out(frame(3))
    await done(crowd, [1, 2, 3])


async def test_nothing_is_left_to_do_when_everybody_has_it():
    feed, crowd = a_feed(readers=3)
    feed.fan_out(frame(1))
    await done(crowd, [1])
    await asyncio.sleep(0)
    heard = [len(reader.heard) for reader in crowd]
    feed.flush()
    assert [len(reader.heard) for reader in crowd] == heard
