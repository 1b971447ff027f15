"""What takes longer than a change may wait for: part of `make faults` only (see conftest.py)."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import aiohttp

from tests.faults import breaking, deaf, proxy
from tests.faults.blog import UNREACHABLE
from tests.faults.history import lines
from tests.faults.judge import Limits
from tests.faults.report import Report
from tests.faults.run import SIZE, Run, play
from tests.faults.stage import Services, Stage, post, two_servers
from tests.waiting import until

LATE = Limits(p99=5.0, withdrawal=5.0)
OUTAGE = Limits(p99=10.0, withdrawal=5.0)
CONNECTIONS = 10_000
RETURNING = 1_000


def test_a_bad_line_costs_time_and_no_change(stage: Stage, report: Report) -> None:
    """Half of all connections are slow, are cut, or fall silent while they look open."""

    @contextlib.asynccontextmanager
    async def lines_of(run: Run) -> AsyncIterator[list[proxy.Proxy]]:
        async with proxy.before(run.stage.bases[0]) as first, proxy.before(run.stage.bases[1]) as second:
            # Readers and writers alike choose among these from now on.
            run.blog.bases = [*run.stage.bases, first.url, second.url]
            yield [first, second]

    async def fault(run: Run) -> None:
        async with lines_of(run) as bad:
            for _ in range(6):
                await run.part(0.1)
                one = random.choice(bad)
                one.delay = random.choice([0.0, 0.2])
                one.cut()
                run.broke("cut")
                await run.part(0.04)
                other = random.choice(bad)
                other.silence(True)
                run.broke("silent")
                await run.part(0.06)
                other.cut()
                other.silence(False)
            run.blog.bases = run.stage.bases

    report.passes(play(stage, report.history("bad_lines"), fault, size=replace(SIZE, changes=SIZE.changes * 2)), LATE)


def test_any_faults_one_after_another_lose_nothing_of_three_thousand_writes(stage: Stage, report: Report) -> None:
    faults: list[Callable[[Run], Awaitable[None]]] = [
        breaking.redis_restarts,
        breaking.a_server_is_killed,
        breaking.the_database_stops,
        breaking.a_server_dies_before_the_push,
    ]

    async def one_after_another(run: Run) -> None:
        short = replace(run, size=replace(run.size, changes=int(run.size.rate * 12)))
        for fault in faults * 2:
            await fault(short)

    size = replace(SIZE, readers=100, changes=3200, writers=10, rate=28.0)
    path = play(stage, report.history("combination"), one_after_another, size=size)
    figures = report.passes(path, OUTAGE)
    assert figures["acknowledged"] >= 3000


def test_a_thousand_readers_who_lose_their_server_are_back_in_half_a_minute(stage: Stage, report: Report) -> None:
    """All are with one server and turn to the other: a proxy asks no upstream that refuses connections (deploy/Caddyfile)."""
    left, lost = stage.servers

    async def fault(run: Run) -> None:
        await run.part(0.5)
        run.blog.bases = [left.url]
        lost.signal(signal.SIGKILL)
        run.broke("kill -9")
        lost.ended()
        await run.part(0.3)
        await asyncio.to_thread(lost.start)
        run.blog.bases = stage.bases
        run.broke("started")

    size = replace(SIZE, readers=RETURNING, changes=60, writers=2, rate=2.0, late=0.0, polls=0)
    path = play(replace(stage, servers=[lost]), report.history("mass_reconnect"), fault, size=size)
    busiest = [post(f"{base}/door/points", {})["catch_ups"] for base in stage.bases]
    story = lines(path)
    killed = next(line["t"] for line in story if line.get("what") == "kill -9")
    away = {line["who"] for line in story if line["kind"] == "closed" and line["greeted"] and line["code"] and 0 < line["t"] - killed < 5}
    back = {line["who"]: line["t"] - killed for line in reversed(story) if line["kind"] == "hello" and line["t"] > killed}
    waits = sorted(back.get(who, 1e9) for who in away)
    denied = [line for line in story if line["kind"] == "denied"]
    more = {"lost_their_server": len(away), "last_back_s": waits[-1], "catch_ups_a_second": max(busiest), "denied": len(denied)}
    report.passes(path, replace(LATE, p99=10.0), **more)
    # One of five is asleep now and then.
    assert len(away) >= 0.8 * RETURNING
    assert waits[-1] <= 30
    assert max(busiest) <= 20, "catch-ups a second that asked the database, of one process"
    assert not denied, denied[:5]


def test_ten_thousand_connections_that_vanish_leave_nothing_behind(stage: Stage, report: Report) -> None:
    base = stage.bases[0]
    post(f"{base}/door/open", {"blog": "vanishing", "people": ["chief"]})

    async def come_and_go(session: aiohttp.ClientSession, times: int) -> int:
        greeted = 0
        for _ in range(times):
            with contextlib.suppress(*UNREACHABLE):
                async with session.ws_connect(f"{base.replace('http', 'ws')}/ws/live/vanishing/") as socket:
                    greeted += (await socket.receive()).type is aiohttp.WSMsgType.TEXT
                    # Without a word, as a phone that loses its network.
                    transport = socket.get_extra_info("transport") or socket._response.connection.transport  # type: ignore[union-attr]
                    transport.abort()
        return greeted

    async def crowd(total: int) -> int:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            return sum(await asyncio.gather(*(come_and_go(session, total // 20) for _ in range(20))))

    assert stage.servers[0].process
    resident, greeted = [], 0
    # The first half fills what the interpreter keeps for reuse. What is taken once, and be it in megabytes, is no leak: that goes on with
    # each connection, in the third quarter and in the fourth.
    for part in (0.5, 0.25, 0.25):
        greeted += asyncio.run(crowd(round(CONNECTIONS * part)))
        until(lambda: not post(f"{base}/door/waiting", {"blog": "vanishing"})["bytes"], seconds=30, what="the end of the last connection")
        resident.append(deaf.resident(stage.servers[0].process.pid))
    third, fourth = resident[1] - resident[0], resident[2] - resident[1]
    report.rows["vanished"] = {"connections": greeted, "grown_third_kib": third, "grown_fourth_kib": fourth}
    assert greeted >= CONNECTIONS * 0.99
    assert min(third, fourth) < 2 * 1024
    assert third + fourth < 16 * 1024


def test_clocks_that_are_an_hour_off_change_neither_order_nor_sight(own: Services, report: Report) -> None:
    """One server an hour ahead, one an hour behind. What is scheduled is left out: a release asks the clock of whoever releases."""
    with two_servers(own, clocks=(3600, -3600)) as stage:
        report.passes(play(stage, report.history("clocks"), without=frozenset({"schedule"})), LATE)
