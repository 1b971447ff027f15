"""Readers who open a socket and never read from it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import math
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.faults.run import FULL, Run

# As little as the kernel allows: what it does not hold, the server must.
RECEIVE_BUFFER = 2048
LONGEST_SECONDS = 75.0


@dataclass
class Crowd:
    count: int
    sockets: list[socket.socket] = field(default_factory=list)
    most: int = 0
    grown: int = 0

    before: tuple[float, float] = (0.0, 0.0)
    beside: tuple[float, float] = (0.0, 0.0)
    cut_after: float = math.inf

    async def arrive(self, run: Run) -> None:
        """The fault: they come after a while. It is looked what the servers hold for them, and in a full run until they are let go."""
        pids = [server.process.pid for server in run.stage.servers if server.process]
        began = time.monotonic()
        await run.part(0.35)
        held = sum(map(resident, pids))
        for number in range(self.count):
            base = run.blog.bases[number % len(run.blog.bases)]
            self.sockets.append(await asyncio.to_thread(_handshake, base, f"/ws/live/{run.blog.slug}/"))
        run.broke("deaf readers", count=self.count)
        came = time.monotonic()
        for _ in range(12):
            await run.part(0.05)
            await self._look(run)
        self.before, self.beside = (began, came), (came, time.monotonic())
        self.grown = sum(map(resident, pids)) - held
        while run.size.changes == FULL.changes and math.isinf(self.cut_after) and time.monotonic() < came + LONGEST_SECONDS:
            await asyncio.sleep(0.5)
            if await self._look(run) <= sum(reader.socket is not None for reader in run.readers):
                self.cut_after = round(time.monotonic() - came, 1)

    async def _look(self, run: Run) -> int:
        """How many readers the servers have; notes the most that waits for one."""
        readers = 0
        for base in run.blog.bases:
            async with run.session.post(f"{base}/door/waiting", json={"blog": run.blog.slug}) as response:
                waiting = (await response.json())["bytes"]
                self.most = max([self.most, *waiting])
                readers += len(waiting)
        return readers


@contextlib.contextmanager
def readers(count: int) -> Iterator[Crowd]:
    crowd = Crowd(count)
    yield crowd
    for one in crowd.sockets:
        one.close()


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
