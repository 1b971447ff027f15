"""A websocket of uvicorn's that costs a few kilobytes: the whole of RFC 6455's server side in one object with slots.

It has no timer and no task beyond the application's own; one sweep a server looks after all pings and deadlines. The object is also
the `FrameWriter` that the hub writes ready bytes through. Extensions and subprotocols are not spoken.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Coroutine
from typing import Any

from liveblog.server import rfc6455
from liveblog.server.inbox import Inbox
from liveblog.server.limits import Limits
from liveblog.server.rfc6455 import Fault
from liveblog.server.silence import Due, due
from liveblog.server.sweep import SWEEP_SECONDS
from liveblog.wire.writer import EXTENSION

log = logging.getLogger(__name__)

ACCEPTING, OPEN, CLOSING, ENDING, CLOSED = range(5)

# Messages that may wait for the application; beyond it nothing more is read from the peer.
MAX_WAITING = 16

# Headers that all readers of a browser and a site have in common are kept once.
MOST_SHARED = 1024
OWN_TO_EACH = frozenset({b"sec-websocket-key", b"cookie", b"authorization"})

Header = tuple[bytes, bytes]
Application = Callable[[dict[str, Any], Any, Any], Coroutine[Any, Any, None]]


class Crowd:
    """All websockets of a server, and what they share."""

    def __init__(self, application: Application, limits: Limits) -> None:
        self.application = application
        self.limits = limits
        self.loop = asyncio.get_running_loop()
        self.members: set[LeanWebSocket] = set()
        self._shared: dict[Header, Header] = {}

    def share(self, headers: list[Header]) -> list[Header]:
        """The same headers, out of one copy for all: two kilobytes less a reader."""
        if len(self._shared) > MOST_SHARED:
            self._shared.clear()
        return [header if header[0] in OWN_TO_EACH else self._shared.setdefault(header, header) for header in headers]


class LeanWebSocket(asyncio.Protocol):
    __slots__ = (
        "_accept",
        "_buffer",
        "_code",
        "_crowd",
        "_descriptor",
        "_fragments",
        "_frames",
        "_held",
        "_inbox",
        "_kind",
        "_pinged",
        "_since",
        "_spilled",
        "_state",
        "_task",
        "_transport",
        "_writable",
    )

    def __init__(self, crowd: Crowd, transport: asyncio.Transport) -> None:
        self._crowd = crowd
        self._transport = transport
        # The kernel's number for the socket (TLS is the proxy's: these are the bytes on the line). It is the socket's own until
        # `connection_lost` has returned, and nothing is put after that.
        self._descriptor: int = transport.get_extra_info("socket").fileno()
        # Whether the transport may hold something that the kernel has not taken, a page asked for before among it.
        self._spilled = transport.get_write_buffer_size() > 0
        self._state = ACCEPTING
        self._inbox = Inbox()
        self._accept: bytes | None = None
        self._task: asyncio.Task[None] | None = None
        # What came and is not a whole frame yet, and the frames of a message that is not whole yet.
        self._buffer: bytes | bytearray = b""
        self._fragments: bytearray | None = None
        self._kind = 0
        # Whole frames that came since the sweep passed by.
        self._frames = 0
        self._held = False
        # Since when the peer has been silent, or was asked by a ping, or, while a handshake is under way, since when that has.
        self._since = crowd.loop.time()
        self._pinged = False
        # The close code the application was told, once it was.
        self._code: int | None = None
        self._writable: asyncio.Event | None = None

    def begin(self, scope: dict[str, Any], accept: bytes, rest: bytes) -> None:
        """Starts the application. `rest` is what the client sent behind its handshake without waiting for the answer."""
        self._accept = accept
        self._crowd.members.add(self)
        scope["extensions"] = {EXTENSION: self}
        self._inbox.put_nowait({"type": "websocket.connect"})
        self._task = self._crowd.loop.create_task(self._crowd.application(scope, self._inbox.get, self.send))
        self._task.add_done_callback(self._application_ended)
        if rest:
            self.data_received(rest)

    def _put(self, data: bytes) -> int:
        """Everything that is written goes through here, in order; returns what waits for the kernel then.

        Straight to the kernel: asyncio's transport asks itself half a dozen questions before it does the same. It keeps what the kernel
        does not take, and everything behind that until all is gone.
        """
        if not self._spilled:
            try:
                taken = os.write(self._descriptor, data)
            except OSError:
                # Full, or lost: the transport finds out which, and says so in order.
                taken = 0
            if taken == len(data):
                return 0
            data = data[taken:]
        self._transport.write(data)
        unsent = self._transport.get_write_buffer_size()
        # One that is being cut has thrown away what it held: nothing may go past that gap.
        self._spilled = unsent > 0 or self._transport.is_closing()
        return unsent

    # What the peer does

    def data_received(self, data: bytes) -> None:
        if self._state in {ENDING, CLOSED}:
            return
        if self._state == OPEN:
            self._since = self._crowd.loop.time()
            self._pinged = False
        self._buffer = self._buffer + data if self._buffer else data
        if self._state == ACCEPTING or self._held:
            self._hold()
        else:
            self._advance()

    def _advance(self) -> None:
        """Takes the frames that are whole, as long as the application keeps up."""
        data, position, limit = self._buffer, 0, self._crowd.limits.message_bytes
        try:
            while self._state in {OPEN, CLOSING}:
                if len(self._inbox) >= MAX_WAITING:
                    self._hold()
                    self._inbox.when_empty = self._release
                    break
                found = rfc6455.read_frame(data, position, limit=limit)
                if found is None:
                    break
                position = found.end
                self._frames += 1
                if self._frames > self._crowd.limits.frames_a_second * SWEEP_SECONDS:
                    raise Fault(rfc6455.TOO_MANY, "too many frames")
                if found.opcode < rfc6455.CLOSE:
                    self._take_data(found.final, found.opcode, found.payload)
                else:
                    self._take_control(found.opcode, found.payload)
        except Fault as fault:
            self._fail(fault)
        self._buffer = bytes(data[position:]) if self._state in {OPEN, CLOSING} else b""

    def _hold(self) -> None:
        if not self._held:
            self._held = True
            self._transport.pause_reading()

    def _release(self) -> None:
        self._held = False
        if self._state in {OPEN, CLOSING}:
            self._advance()
        if not self._held and not self._transport.is_closing():
            self._transport.resume_reading()

    def _take_data(self, final: bool, opcode: int, payload: bytes) -> None:
        if self._fragments is None:
            if opcode == rfc6455.CONTINUATION:
                raise Fault(rfc6455.PROTOCOL_ERROR, "nothing to continue")
            if not final:
                self._fragments, self._kind = bytearray(payload), opcode
                return
        else:
            if opcode != rfc6455.CONTINUATION:
                raise Fault(rfc6455.PROTOCOL_ERROR, "a message begins inside another")
            if len(self._fragments) + len(payload) > self._crowd.limits.message_bytes:
                raise Fault(rfc6455.TOO_BIG, "the message is too long")
            self._fragments += payload
            if not final:
                return
            opcode, payload, self._fragments = self._kind, bytes(self._fragments), None
        if opcode == rfc6455.BINARY:
            message: dict[str, Any] = {"type": "websocket.receive", "bytes": payload, "text": None}
        else:
            try:
                message = {"type": "websocket.receive", "bytes": None, "text": payload.decode()}
            except UnicodeDecodeError as error:
                raise Fault(rfc6455.BAD_DATA, "the text is not UTF-8") from error
        # Once a close frame is on its way nobody listens any more.
        if self._state == OPEN:
            self._inbox.put_nowait(message)

    def _take_control(self, opcode: int, payload: bytes) -> None:
        if opcode == rfc6455.CLOSE:
            code, _ = rfc6455.read_close(payload)
            if self._state == OPEN:
                # §5.5.1: answered with the code that came.
                self._put(rfc6455.frame(rfc6455.CLOSE, payload[:2]))
            self._end(code)
            self._transport.close()
        elif opcode == rfc6455.PING and self._state == OPEN:
            if self.unsent() > self._crowd.limits.unread_pongs:
                self.abort()
            else:
                self._put(rfc6455.frame(rfc6455.PONG, payload))

    def _fail(self, fault: Fault) -> None:
        """§7.1.7. Says why and half-closes: a full close with input unread would make the kernel take the reason back."""
        if self._state == OPEN:
            self._put(rfc6455.close_frame(fault.code, fault.reason))
        self._end(fault.code)
        self._resume_to_discard()
        # The peer may be gone since.
        with contextlib.suppress(OSError):
            self._transport.write_eof()

    def _resume_to_discard(self) -> None:
        if self._held:
            self._held = False
            self._transport.resume_reading()

    def _end(self, code: int) -> None:
        """From here on no frame goes out and none is read; the sweep cuts what the peer does not close."""
        self._state = ENDING
        self._since = self._crowd.loop.time()
        self._fragments = None
        self._tell_disconnect(code)

    def _tell_disconnect(self, code: int) -> None:
        if self._code is None:
            self._code = code
            self._inbox.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})

    def connection_lost(self, exc: Exception | None) -> None:
        self._state = CLOSED
        self._crowd.members.discard(self)
        self._buffer, self._fragments = b"", None
        self._tell_disconnect(rfc6455.ABNORMAL)
        self.resume_writing()

    def pause_writing(self) -> None:
        self._writable = asyncio.Event()

    def resume_writing(self) -> None:
        if self._writable is not None:
            self._writable.set()
            self._writable = None

    # What the application does

    async def send(self, message: dict[str, Any]) -> None:
        """ASGI's `send`. What comes after the end is dropped: the application learns of the end by `receive`."""
        match message["type"]:
            case "websocket.send" if self._state == OPEN:
                text = message.get("text")
                if text is not None:
                    self._put(rfc6455.frame(rfc6455.TEXT, text.encode()))
                else:
                    self._put(rfc6455.frame(rfc6455.BINARY, message["bytes"]))
                if self._writable is not None:
                    await self._writable.wait()
            case "websocket.accept" if self._state == ACCEPTING:
                self._accepted(message.get("headers") or ())
            case "websocket.close":
                self.close(message.get("code") or rfc6455.NORMAL, message.get("reason") or "")
            case "websocket.send" if self._state == ACCEPTING:
                raise RuntimeError("the websocket has not been accepted yet")
            case "websocket.send" | "websocket.accept" if self._state != OPEN:
                return
            case other:
                raise RuntimeError(f"{other!r} cannot be sent now")

    def _accepted(self, headers: Any) -> None:
        lines = [b"HTTP/1.1 101 Switching Protocols", b"Upgrade: websocket", b"Connection: Upgrade"]
        lines.append(b"Sec-WebSocket-Accept: " + (self._accept or b""))
        for name, value in headers:
            if any(byte in part for part in (name, value) for byte in (b"\r", b"\n")):
                raise RuntimeError("a header has one line")
            lines.append(name + b": " + value)
        self._accept = None
        self._put(b"\r\n".join([*lines, b"", b""]))
        self._state = OPEN
        self._since = self._crowd.loop.time()
        self._release()

    def close(self, code: int, reason: str = "") -> None:
        """Begins the closing handshake; before the opening one is done, refuses it."""
        if self._state == ACCEPTING:
            self._reject(b"403 Forbidden")
        elif self._state == OPEN:
            self._put(rfc6455.close_frame(code, reason))
            self._state = CLOSING
            self._since = self._crowd.loop.time()

    def _reject(self, status: bytes) -> None:
        self._put(b"HTTP/1.1 " + status + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        self._end(rfc6455.ABNORMAL)
        self._transport.close()

    def _application_ended(self, task: asyncio.Task[None]) -> None:
        self._task = None
        error = None if task.cancelled() else task.exception()
        if error:
            log.error("Exception inside application: %s", error, exc_info=error)
        if self._state == ACCEPTING:
            self._reject(b"500 Internal Server Error")
        else:
            self.close(rfc6455.SERVER_ERROR if error else rfc6455.NORMAL)

    # FrameWriter

    def write(self, data: bytes) -> int:
        return self._put(data) if self._state == OPEN else self.unsent()

    def unsent(self) -> int:
        return self._transport.get_write_buffer_size() if self._spilled else 0

    def abort(self) -> None:
        self._transport.abort()

    # What time does

    def tick(self, now: float) -> None:
        """Asked about every second by the sweep."""
        limits, waited = self._crowd.limits, now - self._since
        self._frames = 0
        if self._state == OPEN:
            match due(limits, waited, peer=self, pinged=self._pinged, unsent=self.unsent):
                case Due.PING:
                    self._since, self._pinged = now, True
                    self._put(rfc6455.EMPTY_PING)
                case Due.CUT:
                    self.abort()
        elif self._state == ACCEPTING:
            if waited > limits.handshake_seconds:
                self._reject(b"503 Service Unavailable")
        elif waited > limits.close_seconds:
            self.abort()
