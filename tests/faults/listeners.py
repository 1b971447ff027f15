"""Readers who only listen, many of them, in a process of their own: `python -m tests.faults.listeners COUNT SLUG PORT…`.

They follow a blog by socket, dealt out to the ports in turn, answer pings and keep nothing but the number of bytes. `ready` is printed
when all have been greeted. When the input ends, one line of JSON says what the one who received least has received, and how many
connections ended.

In the world they sit at machines of their own. Here they take what the servers leave of the processors: what a server needs for them
counts, what it costs to be them does not.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass

from tests.faults.programs import ROOT
from tests.services import HERE

AT_ONCE = 50
HELLO = b'"op":"hello"'
PING = 9


class Listener(asyncio.Protocol):
    def __init__(self, slug: str, port: int) -> None:
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self.request = (
            f"GET /ws/live/{slug}/ HTTP/1.1\r\nHost: {HERE}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
        )
        self.left = b""
        self.received = 0
        self.ended = False
        self.greeted = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request.encode())

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        self.left += data
        if not self.greeted.done():
            if HELLO not in self.left:
                return
            self.left = self.left.partition(b"\r\n\r\n")[2]
            self.greeted.set_result(None)
        while (found := read_frame(self.left)) is not None:
            opcode, payload, self.left = found
            if opcode == PING:
                self.transport.write(bytes((0x8A, 0x80 | len(payload))) + b"\0\0\0\0" + payload)

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        if not self.greeted.done():
            self.greeted.set_exception(ConnectionError("the connection ended before the hello"))


def read_frame(data: bytes) -> tuple[int, bytes, bytes] | None:
    """Opcode and payload of a server's first frame (RFC 6455 §5.2: not masked), and what follows; None where it is not whole."""
    if len(data) < 2 or (data[1] == 126 and len(data) < 4):
        return None
    size, start = data[1], 2
    if size == 126:
        size, start = int.from_bytes(data[2:4], "big"), 4
    return (data[0] & 0x0F, data[start : start + size], data[start + size :]) if len(data) >= start + size else None


async def listen(count: int, slug: str, ports: list[int]) -> None:
    loop, listeners = asyncio.get_running_loop(), []
    for first in range(0, count, AT_ONCE):
        some = [Listener(slug, ports[number % len(ports)]) for number in range(first, min(first + AT_ONCE, count))]
        for number, one in enumerate(some, first):
            await loop.create_connection(lambda one=one: one, HERE, ports[number % len(ports)])
        await asyncio.gather(*(one.greeted for one in some))
        listeners += some
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    found = {"least": min(one.received for one in listeners), "ended": sum(one.ended for one in listeners)}
    sys.stdout.write(json.dumps(found) + "\n")


@dataclass
class Crowd:
    """Such a process, from outside."""

    process: subprocess.Popen[str]

    @classmethod
    def arrive(cls, count: int, slug: str, ports: list[int]) -> Crowd:
        command = [sys.executable, "-m", "tests.faults.listeners", str(count), slug, *map(str, ports)]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        crowd = cls(process)
        assert process.stdout
        if process.stdout.readline() != "ready\n":
            crowd.kill()
            raise AssertionError("the listeners were not greeted")
        return crowd

    def leave(self) -> dict[str, int]:
        """`least` bytes of any, and how many connections had `ended`."""
        answer, _ = self.process.communicate(timeout=30)
        found: dict[str, int] = json.loads(answer)
        return found

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


if __name__ == "__main__":
    os.nice(19)
    asyncio.run(listen(int(sys.argv[1]), sys.argv[2], [int(port) for port in sys.argv[3:]]))
