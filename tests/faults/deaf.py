"""Readers who open a socket and never read from it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from tests.faults.course import Spans, by_parts
from tests.faults.run import QUICK, Run, play
from tests.faults.stage import Services, two_servers

# As little as the kernel allows: what it does not hold, the server must.
RECEIVE_BUFFER = 2048
SEND_BUFFER = 16 * 1024
SENTENCES = 350
LONGEST_SECONDS = 75.0
LOOK_SECONDS = 0.5


@dataclass
class Crowd:
    """So many who come and leave again, `rounds` times, with as long without them before each time.

    `spans` says when they were there (`beside`) and when they were not (`without`). `held` is the most bytes that a server kept for one of
    them; `grown_kib`, by how much the servers had grown, at most, from their coming to their leaving.
    """

    count: int
    rounds: int
    sockets: list[socket.socket] = field(default_factory=list)
    spans: dict[str, Spans] = field(default_factory=lambda: {"without": [], "beside": []})
    held: int = 0
    grown_kib: int = 0
    cut_after: float | None = None

    async def come_and_go(self, run: Run) -> None:
        """The fault."""
        pids = [server.process.pid for server in run.stage.servers if server.process]
        each = run.seconds / (2 * self.rounds)
        for _ in range(self.rounds):
            await self._part(run, "without", each)
            before = sum(map(resident, pids))
            await self._come(run)
            await self._part(run, "beside", each)
            self.grown_kib = max(self.grown_kib, sum(map(resident, pids)) - before)
            self.leave()

    async def _part(self, run: Run, kind: str, seconds: float) -> None:
        """To look costs the servers what a page does, so it is done in both kinds of parts."""
        began = time.monotonic()
        while time.monotonic() < began + seconds:
            await asyncio.sleep(LOOK_SECONDS)
            await self._look(run)
        self.spans[kind].append((began, time.monotonic()))

    async def stay(self, run: Run) -> None:
        """They come once and stay until the servers are rid of all of them: `cut_after` so many seconds."""
        await self._come(run)
        came = time.monotonic()
        while self.cut_after is None and time.monotonic() < came + LONGEST_SECONDS:
            await asyncio.sleep(LOOK_SECONDS)
            if await self._look(run) <= sum(reader.socket is not None for reader in run.readers):
                self.cut_after = round(time.monotonic() - came, 1)

    async def _come(self, run: Run) -> None:
        run.broke("deaf readers", count=self.count)
        for number in range(self.count):
            base = run.blog.bases[number % len(run.blog.bases)]
            self.sockets.append(await asyncio.to_thread(_handshake, base, f"/ws/live/{run.blog.slug}/"))

    async def _look(self, run: Run) -> int:
        """How many readers the servers have; notes the most that waits for one."""
        readers = 0
        for base in run.blog.bases:
            async with run.session.post(f"{base}/door/waiting", json={"blog": run.blog.slug}) as response:
                waiting = (await response.json())["bytes"]
                self.held = max([self.held, *waiting])
                readers += len(waiting)
        return readers

    def leave(self) -> None:
        for one in self.sockets:
            one.close()
        self.sockets.clear()


@contextlib.contextmanager
def readers(count: int, rounds: int = 1) -> Iterator[Crowd]:
    crowd = Crowd(count, rounds)
    yield crowd
    crowd.leave()


def by_turns(services: Services, path: Path, *, rounds: int, changes: int, **more: str) -> tuple[Crowd, dict[str, float]]:
    """Ten who never read come and go while one blog is written and read; how late the others were, by the kinds of parts.

    Texts of ten kilobytes, and a kernel that holds few of them for a reader who takes none. One writer, and few others who read: more of
    either would measure how late two processors make them.
    """
    size = replace(QUICK, changes=changes, writers=1, rate=10.0)
    with two_servers(services, send_buffer=SEND_BUFFER, **more) as stage, readers(10, rounds) as crowd:
        play(stage, path, crowd.come_and_go, size=size, length=SENTENCES)
    return crowd, by_parts(path, crowd.spans)


def _handshake(base: str, path: str) -> socket.socket:
    place = urlsplit(base)
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    one.settimeout(10)
    one.connect((place.hostname, place.port))
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    one.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    # The status line and no more.
    assert b" 101 " in one.recv(32)
    return one


def resident(pid: int) -> int:
    """KiB of memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
