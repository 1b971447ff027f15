"""daphne's websocket, which is autobahn's: made to take ready frames, and to cost little where a reader only listens."""

from __future__ import annotations

import time
from typing import Any

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from liveblog.server.rfc6455 import EMPTY_PING, TOO_MANY
from liveblog.server.silence import Due, due

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
    # When the peer was last heard of or, if later, asked by a ping whether it is there; and whether that was so.
    since = 0.0
    pinged = False

    def connectionMade(self) -> None:
        # daphne leaves the HTTP channel behind as the transport's producer: memory, and a channel that pauses a socket's reading.
        self.transport.unregisterProducer()
        super().connectionMade()

    def dataReceived(self, data: bytes) -> None:
        self.since = time.monotonic()
        self.pinged = False
        between_frames = self.state == OPEN and self.current_frame is None and not self.data
        if between_frames and len(data) == EMPTY_PONG_BYTES and data.startswith(EMPTY_PONG):
            # All that a reader ever says, and a thousand say it at once: autobahn takes each apart as if it were a page.
            if self._is_one_too_many():
                self._end_flood()
        else:
            # Past the adapter's debug line, whose arguments are formatted, in colour, whether or not anyone reads it.
            self._dataReceived(data)

    def onFrameBegin(self) -> None:
        if self._is_one_too_many():
            self._end_flood()
        else:
            super().onFrameBegin()

    def _is_one_too_many(self) -> bool:
        """Counts a frame of the peer's."""
        second = int(time.monotonic())
        self.frames = self.frames + 1 if second == self.second else 1
        self.second = second
        return self.frames > self.server.limits.frames_a_second

    def _end_flood(self) -> None:
        self.sendClose(TOO_MANY, "too many frames")
        # Or what it has sent already would all be taken apart.
        self.dropConnection()

    def onPing(self, payload: bytes) -> None:
        if self._unsent() > self.server.limits.unread_pongs:
            self.transport.abortConnection()
        else:
            super().onPing(payload)

    def tick(self, now: float) -> None:
        """Pings the quiet and cuts the dead; before the socket is open, refuses a handshake that takes too long.

        Not autobahn's own pings: each has a timer, and daphne sends all that are due in one turn of the loop.
        """
        if self.state != OPEN:
            self.check_timeouts()
            return
        match due(self.server.limits, now - self.since, peer=self, pinged=self.pinged, unsent=self._unsent):
            case Due.PING:
                self.since, self.pinged = now, True
                TransportWriter(self).write(EMPTY_PING)
            case Due.CUT:
                self.transport.abortConnection()

    def _unsent(self) -> int:
        return TransportWriter(self).unsent()

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
