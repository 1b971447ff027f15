"""Somebody outside: speaks TLS to the proxy, over HTTP with cookies of his own or over a websocket."""

from __future__ import annotations

import base64
import http.client
import json
import os
import socket
import ssl
import struct
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

NAME = "localhost"
CLOSE, PING, PONG, TEXT = 8, 9, 10, 1


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(slots=True)
class Visitor:
    """`port` is the proxy's; every request is a connection of its own. `trust` is the authority that signed the proxy's certificate."""

    port: int
    trust: str
    cookies: dict[str, str] = field(default_factory=dict)

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.trust)

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPSConnection(NAME, self.port, timeout=40, context=self.context())
        sent = {"Host": NAME, **(headers or {})}
        if self.cookies and "Cookie" not in sent:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, sent)
            got = connection.getresponse()
            answer = Answer(got.status, got.headers, got.read())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def post_form(self, path: str, fields: dict[str, str]) -> Answer:
        """As a browser posts a form of the desk: with the token of its cookie, from a page of this site."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.cookies.get("__Host-csrf", "")}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{NAME}", "Referer": f"https://{NAME}{path}"}
        return self.ask(path, method="POST", body=body, headers=headers)

    def sign_in(self, name: str, password: str) -> None:
        self.ask("/admin/account/login/")
        answer = self.post_form("/admin/account/login/", {"login": name, "password": password, "next": "/admin/"})
        assert answer.status == 302, answer.text[:2000]


class Closed(ConnectionError):
    """The socket is closed; `code` is the close frame's, or 1006 where there was none."""

    def __init__(self, code: int) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class Reader:
    """One open page's socket. Frames are read when they are asked for."""

    def __init__(self, visitor: Visitor, slug: str) -> None:
        raw = socket.create_connection((NAME, visitor.port), timeout=10)
        self._socket = visitor.context().wrap_socket(raw, server_hostname=NAME)
        self._held = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET /ws/live/{slug}/ HTTP/1.1\r\nHost: {NAME}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nOrigin: https://{NAME}\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self._held:
            self._receive()
        head, self._held = self._held.split(b"\r\n\r\n", 1)
        if not head.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(head.split(b"\r\n")[0].decode())
        self.hello = self.frame()

    def _receive(self) -> None:
        data = self._socket.recv(65536)
        if not data:
            raise Closed(1006)
        self._held += data

    def _whole(self) -> tuple[int, bytes] | None:
        """Kind and payload of the first frame that has wholly arrived; it is taken out of what is held."""
        held = self._held
        if len(held) < 2:
            return None
        size, start = held[1] & 127, 2
        for short, form, width in ((126, "!H", 2), (127, "!Q", 8)):
            if size == short:
                if len(held) < 2 + width:
                    return None
                (size,), start = struct.unpack(form, held[2 : 2 + width]), 2 + width
                break
        if len(held) < start + size:
            return None
        self._held = held[start + size :]
        return held[0] & 15, held[start : start + size]

    def frame(self, within: float = 10) -> dict[str, Any]:
        """The next frame. Raises TimeoutError, or Closed."""
        end = time.monotonic() + within
        while True:
            while (found := self._whole()) is None:
                self._socket.settimeout(max(end - time.monotonic(), 0.001))
                try:
                    self._receive()
                except (ConnectionResetError, ssl.SSLEOFError) as error:
                    raise Closed(1006) from error
            kind, payload = found
            if kind == TEXT:
                frame: dict[str, Any] = json.loads(payload)
                return frame
            if kind == CLOSE:
                self._answer(CLOSE, payload)
                raise Closed(struct.unpack("!H", payload[:2])[0] if payload else 1005)
            if kind == PING:
                self._answer(PONG, payload)

    def _answer(self, kind: int, payload: bytes) -> None:
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        self._socket.sendall(bytes([0x80 | kind, 0x80 | len(payload)]) + mask + masked)

    def next(self, op: str, within: float = 10) -> dict[str, Any]:
        """The next frame of this kind; others are passed over."""
        end = time.monotonic() + within
        while True:
            frame = self.frame(end - time.monotonic())
            if frame["op"] == op:
                return frame

    def end(self, within: float = 20) -> int:
        """Reads to the end. The code it was closed with."""
        stop = time.monotonic() + within
        try:
            while True:
                self.frame(stop - time.monotonic())
        except Closed as closed:
            return closed.code

    def close(self) -> None:
        self._socket.close()
