"""uvicorn, hardened: the same limits and the same end as under daphne, and a websocket that costs a few kilobytes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast
from urllib.parse import unquote

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from liveblog.server.draining import Farewell, drain, nothing, signals_handled
from liveblog.server.lean_websocket import Crowd, LeanWebSocket
from liveblog.server.limits import Limits
from liveblog.server.rfc6455 import Refusal, check_handshake
from liveblog.server.sweep import sweep
from liveblog.server.whole_answers import WholeAnswers, in_one_piece

log = logging.getLogger(__name__)

# Status, headers, body.
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class Pages(HttpToolsProtocol):
    """One HTTP connection, with limits on what a request may hold and on the time it takes to arrive."""

    def __init__(self, server: LiveServer, **options: Any) -> None:
        super().__init__(**options)
        self.live = server
        self.limits = server.limits
        self.head_bytes = 0
        self.in_head = False
        self.in_body = False
        self.received = 0
        # What came since the last bytes of a body: sizes of chunks, and trailers.
        self.around_body = 0
        # Whether the bytes that came last brought a part of a body, or the end of a request.
        self.brought_body = self.brought_end = False
        self.refused = False
        # Whether nothing of what was received last has been answered yet.
        self.first = False
        # When the client's part of the exchange has to be done; None while it is the application's turn.
        self.deadline: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.whole = WholeAnswers(transport, self.loop)
        self.deadline = self.loop.time() + self.limits.head_seconds

    def data_received(self, data: bytes) -> None:
        if self.refused:
            return
        if self.deadline is None and self._is_idle():
            self.deadline = self.loop.time() + self.limits.head_seconds
        self._unset_keepalive_if_required()
        self.first = True
        self.brought_body = self.brought_end = False
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if self._should_upgrade():
                self._upgrade(data[upgrade.args[0] :])
            return
        except httptools.HttpParserError:
            self._refuse(400, "Bad Request")
            return
        if self.in_head and not self.brought_end:
            self.head_bytes += len(data)
        self.around_body = 0 if self.brought_body or not self.in_body else self.around_body + len(data)
        if not self.refused and max(self.head_bytes if self.in_head else 0, self.around_body) > self.limits.head_bytes:
            self._refuse(431, "Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.in_head = True
        self.head_bytes = self.received = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        # Trailers come while the application has the request, and nobody here reads them.
        if self.in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self.in_head, self.in_body = False, True
        if self.refused:
            # One that came in the same segment as the one that was refused.
            return
        self.deadline = self.loop.time() + self.limits.body_seconds
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > self.limits.head_bytes:
            self._refuse(431, "Request Header Fields Too Large")
        elif any(name == b"content-length" and int(value) > self.limits.body_bytes for name, value in self.headers):
            self._refuse(413, "Content Too Large")
        else:
            super().on_headers_complete()
            if self.cycle is not None:
                self.cycle.transport = cast("asyncio.Transport", self.whole)
                self.cycle.keep_alive = self.cycle.keep_alive and not self.live.draining

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        """What the application has at hand goes out here and now: no task, no turn of the loop, no messages."""
        answer, self.first = self._at_hand(cycle) if self.first else None, False
        if answer is None:
            # What was answered at hand before it in the same breath has set the clock for a connection that rests.
            self._unset_keepalive_if_required()
            super()._start_asgi_task(cycle, app)
            return
        status, headers, body = answer
        self.transport.write(in_one_piece(status, (*cycle.default_headers, *headers), body))
        cycle.response_started = cycle.response_complete = True
        self.on_response_complete()

    def _at_hand(self, cycle: Any) -> Answer | None:
        """Nothing for those who ask faster than they read, or for many things in one breath: they stand in line, as uvicorn has it."""
        if self.live.at_once is None or self.live.draining or not cycle.keep_alive or cycle.waiting_for_100_continue:
            return None
        self.whole.flush()
        if self.transport.get_write_buffer_size() or self.transport.is_closing():
            return None
        try:
            return self.live.at_once(cycle.scope)
        except Exception:
            log.exception("What is at hand could not be looked up.")
            return None

    def on_body(self, body: bytes) -> None:
        if self.refused:
            return
        self.received += len(body)
        self.brought_body = True
        if self.received > self.limits.body_bytes:
            self._refuse(413, "Content Too Large")
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self.in_body, self.brought_end = False, True
        if not self.refused:
            self.deadline = None
            super().on_message_complete()
            if (
                self.cycle is not None
                and self.cycle.response_complete
                and self.timeout_keep_alive_task is None
                and not self.transport.is_closing()
            ):
                # It was answered before its body had come, which has stopped that clock.
                self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def is_in_flight(self) -> bool:
        # An answer that the application has given may still be on its way out.
        leaving = self.whole.is_holding() or self.transport.get_write_buffer_size() > 0
        return not self.refused and (self.in_head or leaving or not self._is_idle())

    def _refuse(self, status: int, phrase: str, *headers: tuple[bytes, bytes]) -> None:
        """Answers now, reads on without keeping anything, and leaves it to the sweep to cut the connection if the client does not."""
        self.refused = True
        self.whole.flush()
        self.deadline = self.loop.time() + self.limits.linger_seconds
        busy = self.cycle is not None and not self.cycle.response_complete
        if busy and (self.cycle.response_started or self.pipeline):
            # Half an answer is out already; another one inside it would be a lie.
            self.transport.abort()
            return
        if busy:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.resume_reading()
        lines = [f"HTTP/1.1 {status} {phrase}".encode(), *(name + b": " + value for name, value in headers)]
        self.transport.write(b"\r\n".join([*lines, b"Connection: close", b"Content-Length: 0", b"", b""]))
        # The peer may be gone since.
        with contextlib.suppress(OSError):
            self.transport.write_eof()

    def _upgrade(self, rest: bytes) -> None:
        """Hands the connection to a websocket. Nothing of this object stays behind."""
        try:
            accept = check_handshake(method=self.parser.get_method(), http_version=self.parser.get_http_version(), headers=self.headers)
            url = httptools.parse_url(self.url)
        except Refusal as refusal:
            self._refuse(refusal.status, refusal.phrase, *refusal.headers)
            return
        except httptools.HttpParserError:
            self._refuse(400, "Bad Request")
            return
        if not self._is_idle():
            self.transport.abort()
            return
        self.whole.flush()
        self._unset_keepalive_if_required()
        self.connections.discard(self)
        scope = {
            "type": "websocket", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "scheme": "ws",
            "server": self.server, "client": self.client, "root_path": "", "path": unquote(url.path.decode("ascii")),
            "raw_path": url.path, "query_string": url.query or b"", "headers": self.live.crowd.share(self.headers),
            "subprotocols": [], "state": {},
        }  # fmt: skip
        reader = LeanWebSocket(self.live.crowd, self.transport)
        self.transport.set_protocol(reader)
        # The parser and this object hold each other.
        self.parser = None  # type: ignore[assignment]
        reader.begin(scope, accept, rest)

    def tick(self, now: float) -> None:
        if self.deadline is not None and now > self.deadline:
            if self.refused:
                self.transport.abort()
            else:
                self._refuse(408, "Request Timeout")


class LiveServer(uvicorn.Server):
    """`serve()` below is the way in."""

    def __init__(self, application: Any, *, limits: Limits, ready: Callable[[], None], farewell: Farewell, at_last: Farewell) -> None:
        config = uvicorn.Config(
            application, http=cast("Any", partial(Pages, self)), ws=LeanWebSocket, loop="asyncio", interface="asgi3", lifespan="off",
            log_config=None, access_log=False, proxy_headers=False, server_header=False, headers=[("Server", "liveblog")],
            backlog=limits.backlog, timeout_keep_alive=int(limits.keep_alive_seconds),
        )  # fmt: skip
        super().__init__(config)
        self.application = application
        # `Kiosk.at_once`, where the application has one.
        self.at_once: Callable[[dict[str, Any]], Answer | None] | None = getattr(application, "at_once", None)
        self.limits = limits
        self.ready = ready
        self.farewell = farewell
        self.at_last = at_last
        self.draining = False
        self.cut = 0
        self.crowd: Crowd

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        with signals_handled(asyncio.get_running_loop(), self._stop):
            yield

    def _stop(self) -> None:
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.crowd = Crowd(self.application, self.limits)
        await super().startup(sockets)
        self._sweeps = [
            asyncio.create_task(sweep(lambda: self.crowd.members, LeanWebSocket.tick)),
            asyncio.create_task(sweep(self._pages, Pages.tick)),
        ]
        self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.cut = await drain(self, limits=self.limits, farewell=self.farewell, at_last=self.at_last)
        for page in self._pages():
            page.transport.abort()
        for member in list(self.crowd.members):
            member.abort()
        for task in self._sweeps:
            task.cancel()

    def _pages(self) -> list[Pages]:
        return [each for each in self.server_state.connections if isinstance(each, Pages)]

    # Drainable

    def stop_listening(self) -> None:
        self.draining = True
        for server in self.servers:
            server.close()
        for each in self._pages():
            if each.cycle is not None:
                each.cycle.keep_alive = False

    def requests_in_flight(self) -> int:
        return sum(each.is_in_flight() for each in self._pages())

    def sockets(self) -> int:
        return len(self.crowd.members)

    def close_sockets(self, code: int) -> None:
        for each in list(self.crowd.members):
            each.close(code)


def serve(
    application: Any, listener: socket.socket, *, limits: Limits, ready: Callable[[], None], farewell: Farewell, at_last: Farewell = nothing
) -> int:
    """Serves until told to stop. Returns how many requests had to be cut off."""
    server = LiveServer(application, limits=limits, ready=ready, farewell=farewell, at_last=at_last)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(server.serve(sockets=[listener]))
    if server.cut:
        # The caller ends the process: to cancel what would not end is to wait for it.
        return server.cut
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    # Not `asyncio.run`: it would wait for threads that a request cut off may still be using.
    loop.close()
    return server.cut
