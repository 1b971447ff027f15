"""Turns: no more in a second than promised, first come first served, and none of them waits where few want one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from liveblog.kiosk import catchups
from liveblog.kiosk.pace import Pace


class Clock:
    """An event loop's time that passes only while somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.slept = 0
        monkeypatch.setattr("liveblog.kiosk.pace.asyncio.get_running_loop", lambda: self)
        monkeypatch.setattr("liveblog.kiosk.pace.asyncio.sleep", self.sleep)

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept += 1
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    with monkeypatch.context() as patch:
        yield Clock(patch)


def turns(clock: Clock, count: int, pace: Pace, between: float = 0.0) -> list[float]:
    """When each of so many turns was given, asked for one after the other."""
    times = []
    for _ in range(count):
        with pytest.raises(StopIteration):
            pace.turn().send(None)
        times.append(clock.now)
        clock.now += between
    return times


def test_in_no_second_are_there_more_reads_than_promised(clock: Clock):
    times = turns(clock, 400, Pace(burst=catchups.READS, seconds=catchups.READS_SECONDS))
    busiest = max(sum(start <= at < start + 1 for at in times) for start in times)
    # Twenty are promised, and the hub's own questions come to these.
    assert 10 <= busiest <= 15


def test_after_a_stall_nobody_makes_up_for_turns_that_were_missed(clock: Clock):
    pace = Pace(burst=5, seconds=0.35)
    turns(clock, 5, pace)
    clock.now += 60
    times = turns(clock, 20, pace)
    assert sum(at < 61 for at in times) <= 15


def test_who_comes_alone_waits_for_nobody(clock: Clock):
    turns(clock, 50, Pace(burst=catchups.READS, seconds=catchups.READS_SECONDS), between=1.01 * catchups.READS_SECONDS / catchups.READS)
    assert clock.slept == 0


async def test_turns_are_given_in_the_order_in_which_they_were_asked_for(monkeypatch: pytest.MonkeyPatch):
    """A blog has one place in the line. One under a flood, which asks as a turn falls due, is served after the quiet ones that wait."""
    loop, given = asyncio.get_running_loop(), list[str]()
    pace = Pace(burst=1, seconds=0.02)
    await pace.turn()

    async def take(name: str) -> None:
        await pace.turn()
        given.append(name)

    quiet = [asyncio.create_task(take(name)) for name in ("one", "two")]
    await asyncio.sleep(0)
    # The loop was kept until the turn is due, and has not told those who sleep.
    now = loop.time()
    with monkeypatch.context() as patch:
        patch.setattr(loop, "time", lambda: now + 0.03)
        flooded = asyncio.ensure_future(take("flooded"))
        await asyncio.sleep(0)
    await asyncio.gather(*quiet, flooded)
    assert given == ["one", "two", "flooded"]
