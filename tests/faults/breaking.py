"""The faults: each is what happens to a run while its crowd reads and its desk writes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import time
from collections import Counter

import aiohttp

from tests.faults.blog import UNREACHABLE
from tests.faults.history import ORPHANS
from tests.faults.programs import Server
from tests.faults.run import Run
from tests.waiting import until_async


async def redis_restarts(run: Run) -> None:
    assert run.stage.redis
    await run.part(0.3)
    run.stage.redis.kill()
    run.broke("Redis killed")
    await run.part(0.25)
    await asyncio.to_thread(run.stage.redis.start)
    run.broke("Redis started")


async def a_server_is_killed(run: Run) -> None:
    victim = run.stage.servers[1]
    await run.part(0.3)
    victim.signal(signal.SIGKILL)
    run.broke("kill -9")
    victim.ended()
    await run.part(0.2)
    await asyncio.to_thread(victim.start)
    run.broke("started")


async def a_server_dies_before_the_push(run: Run) -> None:
    victim = run.stage.servers[0]
    await run.part(0.3)
    # It may die of the next write before it has answered this.
    with contextlib.suppress(*UNREACHABLE):
        async with run.session.post(f"{victim.url}/door/points", json={"die": run.blog.slug}) as response:
            assert response.status == 200
    while victim.alive:
        await asyncio.sleep(0.005)
    orphans = json.loads((victim.folder / ORPHANS).read_text())
    run.broke("died before the push", orphans=orphans)
    await run.part(0.2)
    await asyncio.to_thread(victim.start)
    run.broke("started")


async def the_database_stops(run: Run) -> None:
    """Immediately, as a power cut would; what the site answers meanwhile is noted."""
    assert run.stage.postgres
    await run.part(0.3)
    # Asked for just before, so that each server has a page of this moment.
    of = {}
    for base in run.blog.bases:
        of[base] = time.monotonic()
        await _status(run, f"{base}/live/{run.blog.slug}/")
    run.broke("database stopped", away=True)
    await asyncio.to_thread(run.stage.postgres.stop_at_once)
    for base in run.blog.bases:
        page, health, ready = [await _status(run, f"{base}{path}") for path in (f"/live/{run.blog.slug}/", "/healthz", "/readyz")]
        run.history.note("outage", base=base, of=of[base], page=page, healthz=health, readyz=ready)
    await run.part(0.2)
    await asyncio.to_thread(run.stage.postgres.start)
    run.broke("database started", away=False)


async def _status(run: Run, address: str) -> int:
    try:
        async with run.session.get(address, timeout=aiohttp.ClientTimeout(total=15)) as response:
            await response.read()
            return response.status
    except UNREACHABLE:
        return 0


async def the_database_is_restored(run: Run) -> None:
    """An older copy takes the place of the data, while the servers and their readers go on: most readers have numbers that are lost."""
    postgres = run.stage.postgres
    assert postgres
    await run.part(0.15)

    def numbers() -> list[int]:
        return sorted(reader.page.seq for reader in run.readers if hasattr(reader, "page"))

    run.broke("database stopped", away=True)
    await asyncio.to_thread(postgres.stop_at_once)
    copied = time.monotonic()
    await asyncio.to_thread(postgres.copy, "older")
    # Each writer may have had an answer on its way, of one number or, with the board, of two: the copy may hold so many more.
    most = max(numbers()) + 2 * len(run.writers)
    await asyncio.to_thread(postgres.start)
    run.broke("database started", away=False)
    await run.part(0.35)

    async def lose_something() -> bool:
        return numbers()[len(run.readers) // 4] > most

    await until_async(lose_something, seconds=60)
    run.broke("database stopped", away=True)
    await asyncio.to_thread(postgres.stop_at_once)
    await asyncio.to_thread(postgres.restore, "older")
    run.broke("restored", copied=copied)
    await asyncio.to_thread(postgres.start)
    run.broke("database started", away=False)


async def bursts_while_the_loop_stalls(run: Run) -> None:
    """Ten entries at once while the event loop stands still: more than the layer holds."""
    for _ in range(4):
        await run.part(0.15)
        run.broke("stalled")
        await run.writers[0].burst(10, 0.5)


async def everything_restarts_politely(run: Run, in_flight: int) -> None:
    """A deploy: one server after the other is told to stop while requests are on their way in it."""
    await run.part(0.1)
    for server in run.stage.servers:
        flights = [asyncio.create_task(_linger(run, server)) for _ in range(in_flight)]
        while not all(flight.done() or flight.get_name() == "sent" for flight in flights):
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        server.signal(signal.SIGTERM)
        run.broke("SIGTERM", base=server.url)
        landed = Counter(await asyncio.gather(*flights))
        code = await asyncio.to_thread(server.ended, 60)
        run.history.note("deployed", base=server.url, code=code, answered=landed[200], lost=in_flight - landed[200])
        await asyncio.to_thread(server.start)
        run.broke("started", base=server.url)


async def _linger(run: Run, server: Server) -> int:
    task = asyncio.current_task()
    assert task
    trace = aiohttp.TraceConfig()

    async def sent(*_: object) -> None:
        task.set_name("sent")

    trace.on_request_headers_sent.append(sent)
    async with aiohttp.ClientSession(trace_configs=[trace]) as session:
        try:
            async with session.post(f"{server.url}/door/linger", json={"seconds": 1.5}) as response:
                await response.read()
                return response.status
        except UNREACHABLE:
            return 0
