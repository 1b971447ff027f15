"""What a lean websocket writes goes straight to the kernel, and through asyncio's transport where that takes no more: in one order."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from liveblog.server import rfc6455
from liveblog.server.lean_websocket import Crowd, LeanWebSocket
from liveblog.server.limits import Limits
from liveblog.wire.framing import text_frame
from liveblog.wire.writer import EXTENSION
from tests.waiting import until_async


class Peer:
    """The other end of one open websocket, and the application's `scope` on this one."""

    def __init__(self, end: socket.socket, scope: dict[str, Any]) -> None:
        self.end = end
        self.scope = scope

    @property
    def writer(self) -> LeanWebSocket:
        writer: LeanWebSocket = self.scope["extensions"][EXTENSION]
        return writer

    async def reads(self, count: int) -> bytes:
        loop, found = asyncio.get_running_loop(), b""
        async with asyncio.timeout(10):
            while len(found) < count:
                found += await loop.sock_recv(self.end, count - len(found))
        return found


@contextlib.asynccontextmanager
async def opened() -> AsyncIterator[Peer]:
    loop = asyncio.get_running_loop()
    scope: dict[str, Any] = {}
    accepted = asyncio.Event()

    async def application(_: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        accepted.set()
        while (await receive())["type"] != "websocket.disconnect":
            pass

    crowd = Crowd(application, Limits())
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 * 1024)
    transport, _ = await loop.create_connection(asyncio.Protocol, sock=ours)
    websocket = LeanWebSocket(crowd, transport)
    transport.set_protocol(websocket)
    websocket.begin(scope, b"key", b"")
    await accepted.wait()
    peer = Peer(theirs, scope)
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += await peer.reads(1)
    try:
        yield peer
    finally:
        transport.abort()
        theirs.close()


async def test_what_the_kernel_takes_at_once_waits_nowhere() -> None:
    async with opened() as peer:
        frame = text_frame("at once")
        assert peer.writer.write(frame) == 0
        assert peer.writer.unsent() == 0
        assert await peer.reads(len(frame)) == frame


async def test_what_it_does_not_take_comes_in_order_with_all_that_follows() -> None:
    async with opened() as peer:
        frames = [text_frame(f"{number} " + "x" * 3000) for number in range(40)]
        waiting = [peer.writer.write(frame) for frame in frames]
        assert waiting[0] == 0
        assert waiting[-1] > 64 * 1024
        assert waiting == sorted(waiting)
        assert peer.writer.unsent() == waiting[-1]
        # Room is there again before the event loop has turned: what is written now may not go past what waits.
        found = peer.end.recv(1 << 20)
        frames.append(text_frame("last"))
        peer.writer.write(frames[-1])
        # Of the websocket itself: it stands in the same line.
        peer.writer.close(1000)
        whole = b"".join(frames) + rfc6455.close_frame(1000, "")
        assert found + await peer.reads(len(whole) - len(found)) == whole


async def test_it_goes_past_the_transport_but_for_what_waits_there(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as peer:
        frames = [text_frame("y" * 3000) for _ in range(40)]
        for frame in frames:
            peer.writer.write(frame)
        await peer.reads(sum(map(len, frames)))

        async def gone() -> bool:
            return peer.writer.unsent() == 0

        await until_async(gone)
        frame = text_frame("after it")
        # The first finds out that nothing waits there any more.
        assert peer.writer.write(frame) == 0
        monkeypatch.setattr(peer.writer._transport, "write", lambda data: pytest.fail("by the transport"))
        assert peer.writer.write(frame) == 0
        assert await peer.reads(2 * len(frame)) == 2 * frame


async def test_a_peer_that_is_gone_is_no_error_of_the_writer() -> None:
    async with opened() as peer:
        peer.end.close()
        for _ in range(3):
            peer.writer.write(text_frame("nobody hears it"))

        async def closed() -> bool:
            return peer.writer not in peer.writer._crowd.members

        await until_async(closed)
        assert peer.writer.write(text_frame("nor this")) == 0
