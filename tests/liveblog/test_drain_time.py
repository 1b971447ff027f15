"""How long a server that is told to stop waits for its requests: with a farewell that is short, long, or fails. The clock is made up."""

from __future__ import annotations

import asyncio

import pytest

from liveblog.server.draining import RESTART, drain
from liveblog.server.limits import DEFAULT


class Clock:
    """The loop's time, which passes only where somebody sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        loop, self._turn = asyncio.get_running_loop(), asyncio.sleep
        began = loop.time()
        monkeypatch.setattr(loop, "time", lambda: began + self.now)
        monkeypatch.setattr(asyncio, "sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await self._turn(0)


class Busy:
    """A server with one request, answered at `answered`, and one reader, whose socket closes at `closed`."""

    def __init__(self, clock: Clock, *, answered: float, closed: float = 0.0) -> None:
        self._clock, self._answered, self._closed = clock, answered, closed
        self.listens = True
        self.told: set[int] = set()

    def stop_listening(self) -> None:
        self.listens = False

    def requests_in_flight(self) -> int:
        return int(self._clock.now < self._answered)

    def sockets(self) -> int:
        return int(self._clock.now < self._closed)

    def close_sockets(self, code: int) -> None:
        self.told.add(code)


@pytest.fixture
async def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.mark.parametrize(
    ("farewell", "answered", "over", "cut"),
    [
        (0.0, 19.5, 19.5, 0),
        (0.0, 21.0, 20.0, 1),
        (17.0, 21.5, 21.5, 0),
        # Longer than the time for requests, which would be over before anybody looked.
        (25.0, 24.0, 25.0, 0),
        (25.0, 29.5, 29.5, 0),
        (25.0, 31.0, 30.0, 1),
    ],
)
async def test_requests_have_twenty_seconds_and_five_after_the_readers_were_told(
    clock: Clock, farewell: float, answered: float, over: float, cut: int
):
    server = Busy(clock, answered=answered)
    assert await drain(server, limits=DEFAULT, farewell=lambda: clock.sleep(farewell)) == cut
    assert (server.listens, server.told) == (False, {RESTART})
    assert clock.now == pytest.approx(over, abs=0.2)


async def test_a_farewell_that_fails_takes_no_time_from_the_requests(clock: Clock):
    async def fails() -> None:
        raise ConnectionError("the bus is away")

    assert await drain(Busy(clock, answered=19.5), limits=DEFAULT, farewell=fails) == 0


@pytest.mark.parametrize("answered", [7.0, 1000.0])
async def test_what_requests_rest_on_ends_after_them_and_its_error_costs_nothing(clock: Clock, answered: float):
    ended = []

    async def at_last() -> None:
        ended.append(clock.now)
        raise ConnectionError("the bus is away")

    cut = await drain(Busy(clock, answered=answered), limits=DEFAULT, farewell=lambda: clock.sleep(0), at_last=at_last)
    assert cut == (answered > 20)
    assert ended == [pytest.approx(min(answered, 20.0), abs=0.2)]


async def test_the_longest_end_is_over_before_a_supervisor_loses_patience(clock: Clock):
    """45 s, which docker-compose.yml and docs/operations.md name: neither the last request nor the last socket ever ends."""
    server = Busy(clock, answered=1000.0, closed=1000.0)
    assert await drain(server, limits=DEFAULT, farewell=lambda: clock.sleep(26.0)) == 1
    assert clock.now < 40.0
