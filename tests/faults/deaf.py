"""Readers who open a socket and never read from it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.faults.run import Run

# As little as the kernel allows: what it does not hold, the server must.
RECEIVE_BUFFER = 2048


@dataclass
class Crowd:
    count: int
    sockets: list[socket.socket] = field(default_factory=list)
    most: int = 0
    grown: int = 0

    async def arrive(self, run: Run) -> None:
        """The fault: they come when everybody is there. Until the desk is done it is looked what the servers hold for them."""
        pids = [server.process.pid for server in run.stage.servers if server.process]
        before = sum(map(resident, pids))
        for number in range(self.count):
            base = run.blog.bases[number % len(run.blog.bases)]
            self.sockets.append(await asyncio.to_thread(_handshake, base, f"/ws/live/{run.blog.slug}/"))
        run.broke("deaf readers", count=self.count)
        for _ in range(20):
            await run.part(0.05)
            for base in run.blog.bases:
                async with run.session.post(f"{base}/door/waiting", json={"blog": run.blog.slug}) as response:
                    self.most = max([self.most, *(await response.json())["bytes"]])
        self.grown = sum(map(resident, pids)) - before


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
