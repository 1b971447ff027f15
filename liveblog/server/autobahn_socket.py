"""daphne's websocket, which is autobahn's: made to take ready frames, and to cost little where a reader only listens."""

from __future__ import annotations

import time
from typing import Any

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from liveblog.server.rfc6455 import EMPTY_PING, TOO_MANY

OPEN = WebSocketProtocol.STATE_OPEN
# The first two bytes of what a browser answers to an empty ping; its masking key follows, which masks nothing.
EMPTY_PONG = b"\x8a\x80"
EMPTY_PONG_BYTES = 6


class TransportWriter:
    """A `FrameWriter` on Twisted's transport: the socket first, Twisted's buffer for what it did not take.

    `transport.write` never tries the socket; it copies into a list, asks epoll and comes back in the loop's next turn.
    """

    __slots__ = ("_protocol", "_transport")

    def __init__(self, protocol: Socket) -> None:
        self._protocol = protocol
        self._transport = protocol.transport

    def write(self, data: bytes) -> int:
        transport = self._transport
        if self._protocol.state != OPEN:
            return self.unsent()
        if transport.dataBuffer or transport._tempDataBuffer:
            transport.write(data)
            return self.unsent()
        # What `transport.writeSomeData` does, without its view of the data and its loop for signals.
        try:
            sent = transport.socket.send(data)
        except OSError:
            # Full, or lost: Twisted finds out which at its own next attempt, and says so in order.
            sent = 0
        if sent == len(data):
            return 0
        transport.write(data[sent:])
        return self.unsent()

    def unsent(self) -> int:
        transport = self._transport
        return len(transport.dataBuffer) - transport.offset + transport._tempDataLen

    def abort(self) -> None:
        self._transport.abortConnection()


class Socket(WebSocketProtocol):
    """autobahn's websocket without what it costs each reader and each frame for nothing, and with a limit on what a peer may send."""

    # The second of the last frame, and how many came in it.
    second = frames = 0
    # When the peer was last heard of, and whether it was asked since whether it is there.
    heard = 0.0
    pinged = False

    def connectionMade(self) -> None:
        # daphne leaves the HTTP channel behind as the transport's producer: memory, and a channel that pauses a socket's reading.
        self.transport.unregisterProducer()
        super().connectionMade()

    def dataReceived(self, data: bytes) -> None:
        self.heard = time.monotonic()
        self.pinged = False
        whole = self.state == OPEN and self.current_frame is None and not self.data
        if whole and len(data) == EMPTY_PONG_BYTES and data.startswith(EMPTY_PONG):
            # All that a reader ever says, and a thousand say it at once: autobahn takes each apart as if it were a page.
            self._may_send_more()
        else:
            # Past the adapter's debug line, whose arguments are formatted, in colour, whether or not anyone reads it.
            self._dataReceived(data)

    def onFrameBegin(self) -> None:
        if self._may_send_more():
            super().onFrameBegin()
        else:
            # Or what it has sent already would all be taken apart.
            self.dropConnection()

    def _may_send_more(self) -> bool:
        """Counts a frame of the peer's; closes with TOO_MANY where that is one too many in this second."""
        second = int(time.monotonic())
        self.frames = self.frames + 1 if second == self.second else 1
        self.second = second
        if self.frames <= self.server.limits.frames_a_second:
            return True
        self.sendClose(TOO_MANY, "too many frames")
        return False

    def check_timeouts(self) -> None:
        """autobahn's own pings are two timers a reader, and daphne sends those that are due in one turn of the loop."""
        if self.state != OPEN:
            super().check_timeouts()
            return
        limits, waited = self.server.limits, time.monotonic() - self.heard
        if self.pinged:
            if waited > limits.ping_seconds + limits.pong_seconds:
                self.transport.abortConnection()
        elif waited > limits.ping_seconds:
            writer = TransportWriter(self)
            # A ping behind what the peer has not read yet would say nothing about it.
            if not writer.unsent():
                self.pinged = True
                writer.write(EMPTY_PING)

    def serverSend(self, content: Any, binary: bool = False) -> None:
        # What comes after the end is dropped: the application learns of the end by `receive`.
        if self.state == OPEN:
            super().serverSend(content, binary)

    def onClose(self, wasClean: bool, code: int, reason: str) -> None:  # noqa: N803 – autobahn's names
        # daphne takes for granted that the handshake got as far as an application; a refused one did not.
        if hasattr(self, "server"):
            super().onClose(wasClean, code, reason)


class Sockets(WebSocketFactory):
    protocol: Any = Socket

    def settle(self) -> None:
        """Makes the options, which autobahn copies into every connection and prints each time, attributes of the class."""
        options = {name: getattr(self, name) for name in Socket.CONFIG_ATTRS}
        attributes = {name: staticmethod(option) if callable(option) else option for name, option in options.items()}
        self.protocol = type("SettledSocket", (Socket,), {**attributes, "CONFIG_ATTRS": ()})
