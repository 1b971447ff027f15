"""A neighbour: another blog with a crowd of its own, which is quiet and flooded by turns, in the same servers and in others beside them."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.blog import Blog
from tests.faults.course import Spans, by_parts
from tests.faults.listeners import Crowd
from tests.faults.run import Run
from tests.faults.stage import Stage, post

WRITERS = 6
SENTENCES = 60
TEXT = "The water rises at the old bridge. " * SENTENCES
# What was written in one part may still be on its way in the next.
BETWEEN = 0.3


@dataclass
class Neighbour:
    """A blog with a crowd that listens. `heard` is what its readers say when they leave."""

    blog: Blog
    people: list[str]
    crowd: Crowd
    written: int = 0
    heard: dict[str, int] = field(default_factory=dict)


@dataclass
class Flood:
    """The fault. `rate` is entries a second, of about two kilobytes each, to `readers`.

    With `elsewhere` every third part floods a blog of those servers instead: the machine has the same to do, and the blog that is measured
    shares no process with it. What the flood costs beyond that is the servers' own doing.
    """

    readers: int
    rate: float
    rounds: int = 3
    elsewhere: Stage | None = None
    neighbours: dict[str, Neighbour] = field(default_factory=dict)
    spans: dict[str, Spans] = field(default_factory=dict)

    async def __call__(self, run: Run) -> None:
        stages = {"flood": run.stage, **({"elsewhere": self.elsewhere} if self.elsewhere else {})}
        parts = ["calm", *stages] * self.rounds
        self.spans = {what: [] for what in parts}
        end = time.monotonic() + run.seconds
        async with contextlib.AsyncExitStack() as stack:
            for what, stage in stages.items():
                self.neighbours[what] = await stack.enter_async_context(self._neighbour(run, stage))
            # The crowds have taken their time to arrive, and the desk writes no longer for that.
            each = (end - time.monotonic()) / len(parts) - BETWEEN
            for what in parts:
                run.broke(what)
                began = time.monotonic()
                await (self._flood(run, self.neighbours[what], each) if what in stages else asyncio.sleep(each))
                self.spans[what].append((began, time.monotonic()))
                await asyncio.sleep(BETWEEN)
            for neighbour in self.neighbours.values():
                neighbour.heard = await asyncio.to_thread(neighbour.crowd.leave)

    @contextlib.asynccontextmanager
    async def _neighbour(self, run: Run, stage: Stage) -> AsyncIterator[Neighbour]:
        slug, people = f"neighbour-{secrets.token_hex(4)}", [f"{run.blog.slug}-{number}" for number in range(WRITERS)]
        await asyncio.to_thread(post, f"{stage.bases[0]}/door/open", {"blog": slug, "people": people})
        crowd = await asyncio.to_thread(Crowd.arrive, self.readers, slug, [server.port for server in stage.servers])
        try:
            yield Neighbour(Blog(stage.bases, slug), people, crowd)
        finally:
            crowd.kill()

    async def _flood(self, run: Run, neighbour: Neighbour, seconds: float) -> None:
        end = time.monotonic() + seconds
        await asyncio.gather(*(self._write(run, neighbour, number, end) for number in range(WRITERS)))

    async def _write(self, run: Run, neighbour: Neighbour, number: int, end: float) -> None:
        """One writer, each at another moment: six at once every second would measure how long six writes take two processors."""
        pause, name = WRITERS / self.rate, neighbour.people[number]
        await asyncio.sleep(pause * number / WRITERS)
        while (began := time.monotonic()) < end:
            body = {
                "blog": neighbour.blog.slug,
                "actor": name,
                "key": str(uuid.uuid4()),
                "headline": f"{name} floods",
                "html": f"<p>{TEXT}</p>",
            }
            async with run.session.post(neighbour.blog.address("/door/publish"), json=body) as response:
                assert response.status == 200, await response.text()
                neighbour.written += 1
            await asyncio.sleep(max(0.0, pause - (time.monotonic() - began)))

    def arrived(self) -> bool:
        """Whether every reader of every neighbour stayed and has been sent nearly all that was written there."""
        return all(one.heard["ended"] == 0 and one.heard["least"] > 0.9 * one.written * len(TEXT) > 0 for one in self.neighbours.values())

    def figures(self, path: Path) -> dict[str, float]:
        """How late the blog that is measured was, by the kinds of parts."""
        return {"neighbours": self.readers, "neighbours_entries": self.neighbours["flood"].written, **by_parts(path, self.spans)}
