"""A plain HTTP/1.1 client on a few kept connections: asks for the same page again and again, and reads each answer to its end."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self


class BadAnswer(Exception):
    """The server did not answer as expected. The message is the head of its answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Browser:
    def __init__(self, port: int, *, connections: int = 1) -> None:
        self._sockets = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(connections)]
        for each in self._sockets:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for each in self._sockets:
            each.close()

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        self._sockets[0].sendall(request(path, headers))
        return _read(self._sockets[0])

    def repeat(self, path: str, count: int, *, expected: int, headers: dict[str, str] | None = None) -> int:
        """Asks `count` times, on all connections at once; returns how often in all. Raises `BadAnswer` for any other status."""
        text = request(path, headers)
        rounds = -(-count // len(self._sockets))
        for _ in range(rounds):
            self._send(self._sockets, text)
            for each in self._sockets:
                answer = _read(each)
                if answer.status != expected:
                    raise BadAnswer(f"{answer.status} instead of {expected} for {path}")
        return rounds * len(self._sockets)

    @staticmethod
    def _send(sockets: Sequence[socket.socket], text: bytes) -> None:
        for each in sockets:
            each.sendall(text)


def request(path: str, headers: dict[str, str] | None = None) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _read(connection: socket.socket) -> Answer:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    status = int(first.split()[1])
    if status == 304:
        return Answer(status, headers, b"")
    if "content-length" in headers:
        while len(body) < int(headers["content-length"]):
            body += _some(connection)
    elif headers.get("transfer-encoding") == "chunked":
        while not body.endswith(b"0\r\n\r\n"):
            body += _some(connection)
    else:
        raise BadAnswer(first)
    return Answer(status, headers, body)


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(1 << 20)
    if not data:
        raise BadAnswer("the server closed a kept connection")
    return data
