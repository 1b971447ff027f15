"""A reader's socket in a test: the ASGI application is called as a server calls it.

Channels' own communicator keeps database connections open while it waits (it replaces `close_old_connections`), which starves a pool.
"""

from __future__ import annotations

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

from liveblog.asgi import application


class Socket:
    def __init__(self, path: str, headers: list[tuple[bytes, bytes]] | None = None) -> None:
        scope = {
            "type": "websocket", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "ws", "path": path, "raw_path": path.encode(),
            "query_string": b"", "headers": headers or [], "subprotocols": [], "client": ["127.0.0.1", 50000], "extensions": {},
        }  # fmt: skip
        self._peer = ApplicationCommunicator(application, scope)

    async def open(self) -> None:
        await self._peer.send_input({"type": "websocket.connect"})
        assert (await self.message())["type"] == "websocket.accept"

    async def message(self, within: float = 5) -> dict[str, Any]:
        """The next ASGI message of the server."""
        return await self._peer.receive_output(within)

    async def frame(self, within: float = 5) -> dict[str, Any]:
        """The next frame."""
        message = await self.message(within)
        assert message["type"] == "websocket.send", message
        return json.loads(message["text"])

    async def close_code(self) -> int:
        message = await self.message()
        assert message["type"] == "websocket.close", message
        return int(message["code"])

    async def is_quiet(self) -> bool:
        return await self._peer.receive_nothing(timeout=0.1)

    async def say(self, *, text: str | None = None, data: bytes | None = None) -> None:
        await self._peer.send_input({"type": "websocket.receive", "text": text, "bytes": data})

    async def leave(self) -> None:
        await self._peer.send_input({"type": "websocket.disconnect", "code": 1001})
        await self._peer.wait(timeout=5)
