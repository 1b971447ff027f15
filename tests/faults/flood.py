"""A neighbour: another blog of the same site, with a crowd of its own, which is quiet and flooded by turns."""

from __future__ import annotations

import asyncio
import secrets
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.judge import share, waits
from tests.faults.listeners import Crowd
from tests.faults.run import Run
from tests.faults.stage import post

WRITERS = 6
SENTENCES = 60
TEXT = "The water rises at the old bridge. " * SENTENCES
# What was written in one part may still be on its way in the next.
BETWEEN = 0.3


@dataclass
class Flood:
    """The fault. `rate` is entries a second, of about two kilobytes each, to `readers`."""

    readers: int
    rate: float
    parts: int = 4
    written: int = 0
    spans: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: {"calm": [], "flood": []})
    heard: dict[str, int] = field(default_factory=dict)
    bytes_each = len(TEXT)

    async def __call__(self, run: Run) -> None:
        slug, people = f"neighbour-{secrets.token_hex(4)}", [f"{run.blog.slug}-{number}" for number in range(WRITERS)]
        await asyncio.to_thread(post, f"{run.blog.bases[0]}/door/open", {"blog": slug, "people": people})
        crowd = await asyncio.to_thread(Crowd.arrive, self.readers, slug, [server.port for server in run.stage.servers])
        try:
            each = run.seconds / self.parts - BETWEEN
            for number in range(self.parts):
                what = "flood" if number % 2 else "calm"
                run.broke(what)
                began = time.monotonic()
                if what == "flood":
                    await asyncio.gather(*(self._write(run, slug, name, began + each) for name in people))
                else:
                    await asyncio.sleep(each)
                self.spans[what].append((began, time.monotonic()))
                await asyncio.sleep(BETWEEN)
            self.heard = await asyncio.to_thread(crowd.leave)
        finally:
            crowd.kill()

    async def _write(self, run: Run, slug: str, name: str, end: float) -> None:
        pause = WRITERS / self.rate
        while (began := time.monotonic()) < end:
            body = {"blog": slug, "actor": name, "key": str(uuid.uuid4()), "headline": f"{name} floods", "html": f"<p>{TEXT}</p>"}
            async with run.session.post(run.blog.address("/door/publish"), json=body) as response:
                assert response.status == 200, await response.text()
                self.written += 1
            await asyncio.sleep(max(0.0, pause - (time.monotonic() - began)))

    def figures(self, path: Path) -> dict[str, float]:
        """p99 of the blog beside it, in milliseconds, with and without the flood."""
        calm, flood = (waits(path, self.spans[what]) for what in ("calm", "flood"))
        return {
            "neighbours": self.readers,
            "neighbours_entries": self.written,
            "calm_p50_ms": round(1000 * share(calm, 0.5), 1),
            "flood_p50_ms": round(1000 * share(flood, 0.5), 1),
            "calm_p99_ms": round(1000 * share(calm, 0.99), 1),
            "flood_p99_ms": round(1000 * share(flood, 0.99), 1),
        }
