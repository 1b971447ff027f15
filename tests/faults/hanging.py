"""Faults of programs that are there and do not answer: stopped, hanging, slow, or with nothing left of what they knew.

Worse than a death, which is noticed: the kernel of a stopped program takes connections and acknowledges whatever is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Iterator

import aiohttp
import redis

from tests.faults import breaking
from tests.faults.blog import UNREACHABLE
from tests.faults.programs import Program
from tests.faults.proxy import Proxy
from tests.faults.run import Run
from tests.waiting import until_async

# Longer than a process waits for a database that says nothing, and than it then waits for a new connection.
HANGS_SECONDS = 12.0


@contextlib.contextmanager
def stopped(run: Run, program: Program, name: str) -> Iterator[None]:
    """As a machine does that swaps, or a hypervisor that moves it: the program stands still, and nothing else knows."""
    program.signal(signal.SIGSTOP)
    run.broke(f"{name} stands still")
    try:
        yield
    finally:
        program.signal(signal.SIGCONT)
        run.broke(f"{name} goes on")


async def a_server_stands_still(run: Run) -> None:
    await run.part(0.3)
    with stopped(run, run.stage.servers[1], "a server"):
        await run.part(0.25)


async def redis_stands_still(run: Run) -> None:
    assert run.stage.redis
    await run.part(0.3)
    with stopped(run, run.stage.redis, "Redis"):
        await run.part(0.25)


async def redis_forgets(run: Run) -> None:
    """Everything it holds, and everybody it talked to, by turns."""
    assert run.stage.redis
    with redis.Redis.from_url(run.stage.redis.url) as client:
        for _ in range(3):
            await run.part(0.1)
            await asyncio.to_thread(client.flushall)
            run.broke("FLUSHALL")
            await run.part(0.1)
            killed = [await asyncio.to_thread(client.client_kill_filter, _type=kind, skipme=True) for kind in ("pubsub", "normal")]
            run.broke("CLIENT KILL", killed=sum(map(int, killed)))


async def the_bus_hangs(run: Run, line: Proxy) -> None:
    """It takes what it is sent and never answers; then it answers, late."""
    await run.part(0.2)
    line.silence(True)
    run.broke("the bus hangs")
    await run.part(0.25)
    line.silence(False)
    line.delay = 0.2
    run.broke("the bus is slow")
    await run.part(0.25)
    line.delay = 0.0
    run.broke("the bus is well")


async def the_database_hangs(run: Run, line: Proxy) -> None:
    """The same of the database; what the site answers meanwhile is noted."""
    await run.part(0.2)
    epoch = run.readers[0].page.epoch
    shown = 0

    async def each_has_a_page_of_this_moment() -> bool:
        nonlocal shown
        shown = _newest(run)
        await asyncio.gather(*(_asked(run, f"{base}/live/{run.blog.slug}/") for base in run.blog.bases))
        return _newest(run) == shown

    await until_async(each_has_a_page_of_this_moment)
    line.silence(True)
    run.broke("the database hangs", away=True)
    began = time.monotonic()
    for base in run.blog.bases:
        paths = [f"/live/{run.blog.slug}/", f"/live/{run.blog.slug}/changes?after=0&epoch={epoch}&token=0", "/healthz", "/readyz"]
        answers = await asyncio.gather(*(_asked(run, f"{base}{path}") for path in paths))
        run.history.note("hung", base=base, answers=answers, shown=shown)
    await asyncio.sleep(max(0.0, began + HANGS_SECONDS - time.monotonic()))
    line.silence(False)
    line.delay = 0.005
    run.broke("the database is slow", away=False)
    await run.part(0.1)
    line.delay = 0.0
    run.broke("the database is well")


def _newest(run: Run) -> int:
    return max(reader.page.seq for reader in run.readers if hasattr(reader, "page"))


async def _asked(run: Run, address: str) -> tuple[int, str, float]:
    """Status, when to come back, and how long that took to say."""
    began = time.monotonic()
    try:
        async with run.session.get(address, timeout=aiohttp.ClientTimeout(total=60)) as response:
            await response.read()
            return response.status, response.headers.get("Retry-After", ""), round(time.monotonic() - began, 1)
    except UNREACHABLE as error:
        return 0, type(error).__name__, round(time.monotonic() - began, 1)


async def several_at_once(run: Run) -> None:
    """No bus, and then a process that dies between COMMIT and publish; after it a server that stands still while the database stops."""
    stage = run.stage
    assert stage.redis
    assert stage.postgres
    stage.redis.kill()
    run.broke("Redis killed")
    await breaking.a_server_dies_before_the_push(run)
    with stopped(run, stage.servers[1], "a server"):
        run.broke("database stopped", away=True)
        await asyncio.to_thread(stage.postgres.stop_at_once)
        await run.part(0.1)
        await asyncio.to_thread(stage.postgres.start)
        run.broke("database started", away=False)
    await run.part(0.1)
    await asyncio.to_thread(stage.redis.start)
    run.broke("Redis started")
