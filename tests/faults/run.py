"""One run: a crowd reads, a desk writes, something breaks, and the history of it is written for the judge."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import secrets
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests.faults import pulse
from tests.faults.blog import UNREACHABLE, Blog
from tests.faults.history import History
from tests.faults.pages import row_shape, shape
from tests.faults.reader import Reader
from tests.faults.stage import Stage, post
from tests.faults.writers import Writer, plan
from tests.readers import Page

QUIET_WITHIN = 10.0
# A page without a socket asks every fifteen seconds; here a run does not last much longer than that.
POLL_SECONDS = 2.0
PULSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Size:
    """How large a run is. `rate` is changes a second, all writers together; `late`, the share of readers who come while they write;
    `polls` says that one of so many readers has no socket, and 0 that each has one.
    """

    readers: int = 36
    changes: int = 130
    writers: int = 6
    rate: float = 22.0
    late: float = 0.25
    polls: int = 12


QUICK = Size()
FULL = Size(readers=110, changes=340, writers=8, rate=20.0)
SIZE = FULL if os.environ.get("FAULTS") == "full" else QUICK
SEEDED = Size(readers=24, changes=90, writers=4, rate=25.0, late=0.5)


@dataclass(frozen=True, slots=True)
class Desk:
    """How the desk writes; `play` says what each means."""

    hold: float
    length: int
    without: frozenset[str]
    one_desk: bool
    last: tuple[str, ...]


@dataclass
class Run:
    stage: Stage
    size: Size
    blog: Blog
    history: History
    session: aiohttp.ClientSession
    readers: list[Reader] = field(default_factory=list)
    writers: list[Writer] = field(default_factory=list)
    done: int = 0

    def broke(self, what: str, **facts: Any) -> None:
        """Notes a fault at the moment it happens."""
        self.history.note("fault", what=what, **facts)

    @property
    def seconds(self) -> float:
        """About how long the desk writes."""
        return self.size.changes / self.size.rate

    async def part(self, share: float) -> None:
        """Waits for that share of the desk's time to have passed."""
        await asyncio.sleep(self.seconds * share)


Fault = Callable[[Run], Awaitable[None]]


async def nothing(run: Run) -> None:
    """The fault that is none."""


def play(
    stage: Stage,
    path: Path,
    fault: Fault = nothing,
    *,
    size: Size = SIZE,
    hold: float = 0.0,
    length: int = 6,
    without: frozenset[str] = frozenset(),
    one_desk: bool = False,
    last: tuple[str, ...] = (),
) -> Path:
    """Plays a run and gives the path of its history.

    A write is held open for `hold` seconds; `length` is that of the texts; `without` names verbs that are left out, `last` those that every
    writer ends with, so that nothing of its own comes after them.
    With `one_desk` all is written through the first server, and those who read from another hear of it by the push or the sync loop alone:
    a server that writes as well sees from its own numbers what it has missed.
    """
    return asyncio.run(_play(stage, path, fault, size, Desk(hold, length, without, one_desk, last)))


async def _play(stage: Stage, path: Path, fault: Fault, size: Size, desk: Desk) -> Path:
    people = [f"writer{number}" for number in range(size.writers)]
    slug = f"story-{secrets.token_hex(4)}"
    blog_id = (await asyncio.to_thread(post, f"{stage.bases[0]}/door/open", {"blog": slug, "people": people}))["id"]
    read, history = Blog(stage.bases, slug), History(path)
    blog = Blog(stage.bases[:1], slug) if desk.one_desk else read
    # A writer's connection serves one request, so that a server which stops cannot be blamed for closing one that idles.
    async with _session() as session, _session(force_close=True) as writing:
        run = Run(stage, size, read, history, session)
        run.readers = [
            Reader(f"reader{number}", read, history, session, sockets=not _polls(size, number), poll_seconds=POLL_SECONDS)
            for number in range(size.readers)
        ]
        run.writers = [
            Writer(name, blog, history, writing, sets_state=name == people[0], hold=desk.hold, length=desk.length) for name in people
        ]
        with pulse.beating() as beats:
            await _story(run, fault, blog_id, desk)
        for beat in beats:
            history.note("pulse", of="machine", **beat)
    history.close()
    return path


def _polls(size: Size, number: int) -> bool:
    return size.polls > 0 and number % size.polls == size.polls // 2 - 1


async def _story(run: Run, fault: Fault, blog_id: int, desk: Desk) -> None:
    prompt = run.readers[: round(run.size.readers * (1 - run.size.late))]
    await asyncio.gather(*(reader.open() for reader in prompt))
    for reader in prompt:
        reader.follow()
    each, pause = run.size.changes // run.size.writers, run.size.writers / run.size.rate
    run.history.note("began")
    restless = [asyncio.create_task(_arrive(run, reader)) for reader in run.readers[len(prompt) :]]
    restless += [asyncio.create_task(_doze(run, reader)) for reader in prompt[::5]]
    broken = asyncio.create_task(fault(run))
    own_pulse = asyncio.create_task(_pulse(run))
    await asyncio.gather(*(writer.work([*plan(each, desk.without), *desk.last], pause) for writer in run.writers))
    await broken
    await asyncio.gather(*restless)
    await _released(run, blog_id)
    run.history.note("quiet")
    await _settled(run, blog_id)
    own_pulse.cancel()
    await asyncio.gather(*(reader.close() for reader in run.readers))
    for base in run.blog.bases:
        await _fresh(run, base)
    _truth(run, blog_id)


async def _pulse(run: Run) -> None:
    """How late this loop is: what it received it may write down as much later than it came."""
    while True:
        before = time.monotonic()
        await asyncio.sleep(PULSE_SECONDS)
        run.history.note("pulse", of="crowd", lag=round(time.monotonic() - before - PULSE_SECONDS, 4))


async def _arrive(run: Run, reader: Reader) -> None:
    """Comes at any time, and with a page that may be seconds old."""
    await run.part(random.uniform(0, 0.9))
    await reader.open()
    await run.part(random.uniform(0, 0.1))
    reader.follow()


async def _doze(run: Run, reader: Reader) -> None:
    """Falls asleep and wakes up, again and again."""
    for _ in range(2):
        await run.part(random.uniform(0.05, 0.2))
        await reader.nap(run.seconds * random.uniform(0.05, 0.2))


async def _released(run: Run, blog_id: int) -> None:
    """Until nothing scheduled is due any more: a release is a change like any other."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(6):
            query = "SELECT count(*) FROM newsroom_entry WHERE blog_id = %s AND status = 'scheduled'"
            while run.stage.rows(query, blog_id)[0][0]:
                await asyncio.sleep(0.2)


async def _settled(run: Run, blog_id: int) -> None:
    """Until every reader has the last number, or the time for it is over."""
    ((epoch, head, token),) = run.stage.rows(
        "SELECT epoch, seq, (SELECT token FROM newsroom_change c WHERE c.blog_id = b.id AND c.seq = b.seq) "
        "FROM newsroom_liveblog b WHERE id = %s",
        blog_id,
    )
    end = time.monotonic() + QUIET_WITHIN

    def late() -> list[Reader]:
        return [one for one in run.readers if one.busy or (one.page.epoch, one.page.seq, one.page.token) != (epoch, head, token)]

    while late() and time.monotonic() < end:
        await asyncio.sleep(0.05)
    run.history.note("settled", late=[reader.name for reader in late()])


async def _fresh(run: Run, base: str) -> None:
    """A fresh page, as this server shows it now."""
    with contextlib.suppress(*UNREACHABLE):
        asked = time.monotonic()
        async with run.session.get(f"{base}/live/{run.blog.slug}/") as response:
            body = await response.text()
            if response.status == 200:
                run.history.note("fresh", base=base, asked=asked, **shape(Page.of(body)))


def _truth(run: Run, blog_id: int) -> None:
    """What the database holds, read past the product."""
    rows = run.stage.rows
    public = "SELECT count(*) FROM newsroom_entry WHERE blog_id = %s AND status IN ('published', 'withdrawn')"
    ((epoch, seq),) = rows("SELECT epoch, seq FROM newsroom_liveblog WHERE id = %s", blog_id)
    visible = rows(
        'SELECT ref, rev, "order", fragment FROM newsroom_entry '
        "WHERE blog_id = %s AND (status = 'published' OR (status = 'withdrawn' AND notice_shown))",
        blog_id,
    )
    run.history.note(
        "database",
        epoch=epoch,
        seq=seq,
        ledger=[list(row) for row in rows("SELECT seq, token FROM newsroom_change WHERE blog_id = %s ORDER BY seq", blog_id)],
        writes=[uuid.UUID(str(key)).hex for (key,) in rows("SELECT key FROM newsroom_write WHERE blog_id = %s", blog_id)],
        published=rows(public, blog_id)[0][0],
        articles=row_shape([(ref, rev, order, fragment) for ref, rev, order, fragment in visible]),
        committed=_committed(run, blog_id),
    )


def _committed(run: Run, blog_id: int) -> list[tuple[int, float]]:
    """When PostgreSQL committed each number, by the clock of the history: of repeated writes and of orphans too."""
    if not run.stage.postgres:
        return []
    ahead = time.time() - time.monotonic()
    query = "SELECT seq, extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM newsroom_change WHERE blog_id = %s"
    return [(seq, float(when) - ahead) for seq, when in run.stage.rows(query, blog_id)]


@contextlib.asynccontextmanager
async def _session(**options: Any) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, **options)) as session:
        yield session
