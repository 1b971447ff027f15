"""A server process of `liveblog.server` around a small application, and peers that talk to it byte by byte.

`python -m tests.serving SERVER FD LIMITS` is the process; `serving()` starts one on a free port.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import CONNECTING, OPEN
from websockets.uri import parse_uri

from liveblog.server.limits import Limits
from liveblog.server.listening import listen
from liveblog.wire.framing import text_frame
from liveblog.wire.writer import EXTENSION
from tests.source import ROOT

HERE = "127.0.0.1"
PATIENCE = 20.0
ON_PURPOSE = "broken on purpose"
AT_HAND = b"at hand."
LARGE_BYTES = 24 * 1024 * 1024
FLOOD_BYTES = 512 * 1024


class Application:
    """Pages: `/held` answers after `/release`; `/ready` is 503 while draining; `/body` counts what it was sent; `/large` is large; `/scope`
    and `/noted` show what was seen; `/cost` is the process's peak in KiB. `/at-hand` and `/at-hand-large` are at hand for one that asks
    (`at_once`), and say so. Sockets: each method `socket_…` is a path.
    """

    def __init__(self) -> None:
        self.released = asyncio.Event()
        self.draining = False
        self.noted: dict[str, Any] = {}

    def at_once(self, scope: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes] | None:
        body = {"/at-hand": AT_HAND, "/at-hand-large": AT_HAND * 25_000}.get(scope["path"])
        if scope["path"] == "/at-hand-broken":
            raise ValueError(ON_PURPOSE)
        return (200, [(b"content-length", b"%d" % len(body))], body) if body else None

    async def farewell(self) -> None:
        self.draining = True

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await self.page(scope, receive, send)
        else:
            self.noted = {"root_path": scope["root_path"]}
            await receive()
            await getattr(self, "socket_" + scope["path"].strip("/").replace("-", "_"))(scope, receive, send)

    async def page(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        status, text = 200, "ok"
        match scope["path"]:
            case "/held":
                await self.released.wait()
            case "/release":
                self.released.set()
            case "/ready":
                status = 503 if self.draining else 200
            case "/body":
                size, more = 0, True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return
                    size, more = size + len(message["body"]), message.get("more_body", False)
                text = str(size)
            case "/large":
                text = "x" * LARGE_BYTES
            case "/scope":
                text = json.dumps({"root_path": scope["root_path"], "path": scope["path"]})
            case "/cost":
                text = str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
            case "/noted":
                text = json.dumps(self.noted)
        body = text.encode()
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})

    async def socket_echo(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            if message.get("text") == "close, please":
                await send({"type": "websocket.close", "code": 4007})
            elif message.get("text") is not None:
                await send({"type": "websocket.send", "text": message["text"]})
            else:
                await send({"type": "websocket.send", "bytes": message["bytes"]})
        self.noted["code"] = message["code"]

    async def socket_ready_frames(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Writes ready frames past `send()`, then one through it: they must arrive in this order."""
        await send({"type": "websocket.accept"})
        writer = scope["extensions"][EXTENSION]
        writer.write(text_frame("first"))
        writer.write(text_frame("second") + text_frame("third"))
        await send({"type": "websocket.send", "text": "last"})
        await receive()

    async def socket_flood(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Asked to begin, writes to a peer that does not read until enough waits here, and cuts it."""
        await send({"type": "websocket.accept"})
        await receive()
        writer, data, waiting = scope["extensions"][EXTENSION], text_frame("x" * 60_000), []
        while not waiting or waiting[-1] < FLOOD_BYTES:
            waiting.append(writer.write(data))
        exact = waiting[-1] == writer.unsent()
        writer.abort()
        message = await receive()
        self.noted |= {"waiting": waiting, "exact": exact, "code": message["code"], "after": writer.write(data)}

    async def socket_refused(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await send({"type": "websocket.close"})

    async def socket_broken(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        raise ValueError(ON_PURPOSE)

    async def socket_never(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()


def main(server: str, fd: str, limits: str) -> int:
    if server == "daphne":
        from liveblog.server.daphne import serve
    else:
        from liveblog.server.uvicorn import serve
    application, bounds = Application(), Limits(**json.loads(limits))
    listener = listen(host=HERE, port=0, fd=int(fd), limits=bounds)
    ready = lambda: sys.stdout.write("ready\n") and sys.stdout.flush()  # noqa: E731
    cut = serve(application, listener, limits=bounds, ready=ready, farewell=application.farewell)
    if cut:
        # As `liveblog.serve` does, but the test wants to know how many.
        os._exit(cut)
    return 0


class Peer:
    """One connection to a server, with the reference implementation of a websocket client on top of it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HERE, port), timeout=PATIENCE)
        self.port = port
        self.protocol: ClientProtocol
        self.waiting: list[Frame] = []

    def close(self) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def ask(self, path: str, *, method: str = "GET", headers: str = "", body: bytes = b"") -> None:
        self.send(f"{method} {path} HTTP/1.1\r\nHost: {HERE}\r\n{headers}\r\n".encode() + body)

    def answer(self) -> tuple[int, str, bytes]:
        """The status, head and body of the next answer; status 0 where the connection ended instead."""
        data = b""
        while b"\r\n\r\n" not in data:
            if not (more := self._read()):
                return 0, "", data
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        size = next((int(line.split(":")[1]) for line in lines if line.startswith("content-length:")), 0)
        while len(body) < size and (more := self._read()):
            body += more
        return int(lines[0].split()[1]), "\n".join(lines), body

    def ended(self) -> bool:
        """Reads until the server closes. A TimeoutError where it does not."""
        while self._read():
            pass
        return True

    def _read(self) -> bytes:
        try:
            return self.socket.recv(65536)
        except ConnectionResetError:
            return b""

    def shake_hands(self, path: str, *, behind: bytes = b"") -> Peer:
        """Opens a websocket. `behind` is sent in the same breath, without waiting for the answer."""
        self.protocol = ClientProtocol(parse_uri(f"ws://{HERE}:{self.port}{path}"))
        self.protocol.send_request(self.protocol.connect())
        self.send(b"".join(self.protocol.data_to_send()) + behind)
        while self.protocol.state is CONNECTING and self.protocol.handshake_exc is None:
            self._take()
        return self

    @property
    def is_open(self) -> bool:
        return self.protocol.state is OPEN

    def _take(self) -> bool:
        """Reads once and answers what wants an answer (ping, close). False where the server has closed."""
        data = self._read()
        self.protocol.receive_data(data) if data else self.protocol.receive_eof()
        with contextlib.suppress(OSError):
            self.send(b"".join(self.protocol.data_to_send()))
        return bool(data)

    def frames(self, count: int) -> list[Frame]:
        """The next frames of the server but pings; fewer where it closes before. What came behind them waits for the next call."""
        while len(self.waiting) < count:
            events = self.protocol.events_received()
            self.waiting += [event for event in events if isinstance(event, Frame) and event.opcode is not Opcode.PING]
            if len(self.waiting) < count and not events and not self._take():
                break
        found, self.waiting = self.waiting[:count], self.waiting[count:]
        return found

    def texts(self, count: int) -> list[str]:
        return [frame.data.decode() for frame in self.frames(count)]

    def close_code(self) -> int | None:
        """Reads until the server has closed; the code of its close frame, None where it sent none."""
        while self._take():
            pass
        return self.protocol.close_rcvd.code if self.protocol.close_rcvd else None


class Served:
    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port
        self._stack = contextlib.ExitStack()

    def peer(self) -> Peer:
        return self._stack.enter_context(contextlib.closing(Peer(self.port)))

    def socket(self, path: str, *, behind: bytes = b"") -> Peer:
        return self.peer().shake_hands(path, behind=behind)

    def get(self, path: str, *, headers: str = "") -> tuple[int, str, bytes]:
        peer = self.peer()
        peer.ask(path, headers=headers + "Connection: close\r\n")
        return peer.answer()

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)

    def exit_code(self) -> int:
        return self.process.wait(PATIENCE)

    def refuses_connections(self) -> bool:
        try:
            socket.create_connection((HERE, self.port), timeout=PATIENCE).close()
        except ConnectionRefusedError:
            return True
        return False


@contextlib.contextmanager
def serving(server: str, **limits: float) -> Iterator[Served]:
    """The application under `server`, with these limits. Ended by force if need be; it must not have spoken of an error."""
    listener = listen(host=HERE, port=0, fd=None, limits=Limits())
    port, fd = listener.getsockname()[1], listener.fileno()
    command = [sys.executable, "-m", "tests.serving", server, str(fd), json.dumps(limits)]
    said = tempfile.TemporaryFile("w+")  # noqa: SIM115 – closed below, after it was read
    process = subprocess.Popen(command, pass_fds=[fd], cwd=ROOT, stdout=subprocess.PIPE, stderr=said, text=True)
    listener.close()
    served = Served(process, port)
    try:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield served
    finally:
        served._stack.close()
        process.kill()
        process.wait()
        process.stdout.close()
        said.seek(0)
        told = said.read()
        said.close()
    # Only what an application breaks on purpose may break.
    assert told.count("Traceback (most") == told.count(f"ValueError: {ON_PURPOSE}\n"), told


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
