"""A line to a server that can be made bad: slow, cut, or silent while it looks open."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.services import HERE

CHUNK = 64 * 1024


@dataclass
class Proxy:
    """`delay` seconds lie on every chunk; while `silent` nothing passes and nothing is said."""

    target: str
    delay: float = 0.0
    url: str = ""
    through: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    lines: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    def silence(self, on: bool) -> None:
        """From any thread."""
        self.loop.call_soon_threadsafe(self.through.clear if on else self.through.set)

    def cut(self) -> None:
        """Resets every connection."""
        for line in list(self.lines):
            line.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        place = urlsplit(self.target)
        try:
            far_reader, far_writer = await asyncio.open_connection(place.hostname, place.port)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self.lines |= both
        try:
            pumps = [asyncio.create_task(self._pump(reader, far_writer)), asyncio.create_task(self._pump(far_reader, writer))]
            _, left = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in left:
                pump.cancel()
            await asyncio.gather(*left, return_exceptions=True)
        finally:
            self.lines -= both
            for line in both:
                line.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await source.read(CHUNK):
                await self.through.wait()
                if self.delay:
                    await asyncio.sleep(self.delay)
                sink.write(chunk)
                await sink.drain()


@contextlib.asynccontextmanager
async def before(target: str) -> AsyncIterator[Proxy]:
    proxy = Proxy(target)
    proxy.through.set()
    server = await asyncio.start_server(proxy.serve, HERE, 0)
    proxy.url = f"http://{HERE}:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        proxy.cut()


@contextlib.contextmanager
def on_the_way(port: int) -> Iterator[Proxy]:
    """Before a service of this machine, for programs that outlive a run: on a loop and thread of its own."""
    opened, done = threading.Event(), threading.Event()
    found: list[Proxy] = []

    async def stand() -> None:
        async with before(f"tcp://{HERE}:{port}") as proxy:
            found.append(proxy)
            opened.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=asyncio.run, args=(stand(),), daemon=True)
    thread.start()
    opened.wait(10)
    try:
        yield found[0]
    finally:
        done.set()
        thread.join(10)
