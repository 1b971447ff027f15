"""daphne, hardened: limits on what a request may cost, and a graceful end. Its websockets are in `autobahn_socket`."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any

# First of all: it installs Twisted's reactor on an asyncio loop.
from daphne.server import Server, twisted_loop  # isort: skip
from daphne.http_protocol import HTTPFactory, WebRequest
from twisted import internet, logger
from twisted.internet import defer
from twisted.internet.endpoints import AdoptedStreamServerEndpoint

from liveblog.server.autobahn_socket import OPEN, Socket, Sockets, TransportWriter
from liveblog.server.draining import Farewell, drain, nothing, signals_handled
from liveblog.server.inbox import Inbox
from liveblog.server.limits import Limits
from liveblog.server.sweep import sweep
from liveblog.wire.writer import EXTENSION

# Their declared types are those of interfaces, which know neither the methods' self nor their defaults.
reactor: Any = internet.reactor
twisted_log: Any = logger

TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Request(WebRequest):
    """A request with limits on its size and on the time it takes to arrive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begun = time.monotonic()
        self.head_done = False
        self.received = 0
        self.refused = False
        self.server.silent.pop(self.channel, None)

    def gotLength(self, length: int | None) -> None:
        self.head_done = True
        if length is not None and length > self.server.limits.body_bytes:
            length = 0
            self._refuse(TOO_LARGE)
        super().gotLength(length)

    def handleContentChunk(self, data: bytes) -> None:
        self.received += len(data)
        if self.refused:
            return
        if self.received > self.server.limits.body_bytes:
            self.content.truncate(0)
            self._refuse(TOO_LARGE)
        else:
            super().handleContentChunk(data)

    def _refuse(self, answer: bytes) -> None:
        """Answers now, reads on without keeping anything, and cuts the connection if the client does not."""
        self.refused = True
        # Or Twisted invites the body that was just refused.
        self.requestHeaders.removeHeader(b"expect")
        transport = self.channel.transport
        transport.write(answer)
        transport.loseWriteConnection()
        reactor.callLater(self.server.limits.linger_seconds, transport.abortConnection)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        if not self.refused:
            super().requestReceived(command, path, version)

    def handle_reply(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start" and self.server.draining and not self.finished and self.channel is not None:
            message = {**message, "headers": [*message.get("headers", ()), (b"Connection", b"close")]}
            self.channel.persistent = False
        super().handle_reply(message)

    def finish(self) -> None:
        channel = self.channel
        super().finish()
        if channel is not None and channel.persistent:
            channel.setTimeout(self.server.limits.keep_alive_seconds)

    def tick(self, now: float) -> None:
        limits = self.server.limits
        waited = now - self.begun
        # Without a channel the client has gone, or has its answer; with a start the whole request is here.
        due = getattr(self, "channel", None) is not None and not self.refused and not hasattr(self, "request_start")
        if due and waited > (limits.body_seconds if self.head_done else limits.head_seconds):
            self._refuse(TOO_SLOW)
        self.check_timeouts()

    def is_in_flight(self) -> bool:
        return not (self.finished or self.refused)


class Requests(HTTPFactory):
    def buildProtocol(self, addr: Any) -> Any:
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        # Twisted's own idle timer begins anew with each byte; this one does not.
        self.server.silent[protocol._channel] = time.monotonic() + self.server.limits.head_seconds
        return protocol


def _tick(connection: Socket | Request, now: float) -> None:
    connection.tick(now)


class LiveServer(Server):
    """`serve()` below is the way in."""

    def __init__(
        self,
        application: Any,
        listener: socket.socket,
        *,
        limits: Limits,
        ready: Callable[[], None],
        farewell: Farewell,
        at_last: Farewell,
    ) -> None:
        super().__init__(
            application,
            endpoints=[listener],
            signal_handlers=False,
            websocket_timeout=-1,
            websocket_connect_timeout=limits.handshake_seconds,
            websocket_handshake_timeout=limits.handshake_seconds,
            websocket_max_message_size=limits.message_bytes,
            websocket_max_frame_size=limits.message_bytes,
            ready_callable=ready,
            server_name="liveblog",
        )
        self.limits = limits
        self.listener = listener
        self.farewell = farewell
        self.at_last = at_last
        self.connections: dict[Any, dict[str, Any]] = {}
        # New connections that have not begun a request, each with the moment at which that takes too long.
        self.silent: dict[Any, float] = {}
        self.draining = False
        self.ports: list[Any] = []
        self.cut = 0

    def run(self) -> None:
        self.http_factory = Requests(self)
        self.http_factory.timeOut = self.limits.head_seconds
        self.ws_factory = Sockets(self, server=self.server_name)
        self.ws_factory.setProtocolOptions(
            allowNullOrigin=True,
            openHandshakeTimeout=self.websocket_handshake_timeout,
            closeHandshakeTimeout=self.limits.close_seconds,
            # A page is told why it was closed, and with its own code where it closes.
            failByDrop=False,
            echoCloseCodeReason=True,
            maxMessagePayloadSize=self.websocket_max_message_size,
            maxFramePayloadSize=self.websocket_max_frame_size,
        )
        self.ws_factory.settle()
        asyncio.set_event_loop(twisted_loop)
        # Everything below an error is a line for each peer that hangs up.
        above = twisted_log.LogLevelFilterPredicate(twisted_log.LogLevel.error)
        loud = twisted_log.FilteringLogObserver(twisted_log.STDLibLogObserver("twisted"), [above])
        twisted_log.globalLogBeginner.beginLoggingTo([loud], redirectStandardIO=False, discardBuffer=True)
        reactor.callLater(1, self.application_checker)
        family = self.listener.family
        # The endpoint listens on a copy of the descriptor and closes this one.
        listening = AdoptedStreamServerEndpoint(reactor, self.listener.detach(), family).listen(self.http_factory)
        listening.addCallback(self.listen_success)
        listening.addErrback(self.listen_error)
        reactor.addSystemEventTrigger("before", "shutdown", self.kill_all_applications)
        if self.abort_start:
            return
        self._sweeps = [
            twisted_loop.create_task(sweep(lambda: self.connections, _tick)),
            twisted_loop.create_task(sweep(lambda: self.silent, self._cut_silent)),
        ]
        with signals_handled(twisted_loop, self.begin_drain):
            reactor.callWhenRunning(self.ready_callable)
            reactor.run(installSignalHandlers=False)

    def listen_success(self, port: Any) -> None:
        self.ports.append(port)
        super().listen_success(port)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Inbox:
        """As daphne's, with a leaner queue, the writer, and no mount point chosen by the client (`Daphne-Root-Path`)."""
        scope["root_path"] = ""
        scope["asgi"] = {"version": "3.0"}
        if scope["type"] == "websocket":
            scope["extensions"] = {EXTENSION: TransportWriter(protocol)}
        inbox = Inbox()
        running = self.application(scope, inbox.get, partial(self.handle_reply, protocol))
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(running, loop=twisted_loop)
        return inbox

    def _cut_silent(self, channel: Any, now: float) -> None:
        # Between two slices it may have begun a request.
        if now > self.silent.get(channel, now):
            del self.silent[channel]
            channel.transport.abortConnection()

    def kill_all_applications(self) -> defer.Deferred[Any]:
        """Cancels what still runs. daphne's own assumes an application for every connection, and one may not have got so far."""
        running = [task for details in self.connections.values() if (task := details.get("application_instance")) and not task.done()]
        for task in running:
            task.cancel()
        for task in self._sweeps:
            task.cancel()
        return defer.Deferred.fromFuture(asyncio.gather(*running, return_exceptions=True))

    # Drainable

    def begin_drain(self) -> None:
        self._drain_task = twisted_loop.create_task(self._drain())

    async def _drain(self) -> None:
        try:
            self.cut = await drain(self, limits=self.limits, farewell=self.farewell, at_last=self.at_last)
        finally:
            self.stop()

    def stop_listening(self) -> None:
        self.draining = True
        for port in self.ports:
            port.stopListening()

    def requests_in_flight(self) -> int:
        here = (each for each, about in self.connections.items() if "disconnected" not in about)
        # An answer that the application has given may still be on its way out.
        leaving = (getattr(writer, "protocol", None) for writer in reactor.getWriters())
        return sum(isinstance(each, Request) and each.is_in_flight() for each in here) + sum(
            protocol is not None and not isinstance(protocol, Socket) for protocol in leaving
        )

    def _open_sockets(self) -> list[Socket]:
        return [each for each, about in self.connections.items() if isinstance(each, Socket) and "disconnected" not in about]

    def sockets(self) -> int:
        return len(self._open_sockets())

    def close_sockets(self, code: int) -> None:
        for each in self._open_sockets():
            if each.state == OPEN:
                each.serverClose(code=code)


def serve(
    application: Any, listener: socket.socket, *, limits: Limits, ready: Callable[[], None], farewell: Farewell, at_last: Farewell = nothing
) -> int:
    """Serves until told to stop. Returns how many requests had to be cut off."""
    server = LiveServer(application, listener, limits=limits, ready=ready, farewell=farewell, at_last=at_last)
    server.run()
    return server.cut
