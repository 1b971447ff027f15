"""A websocket server that spreads what is posted to it, and does so wrongly on demand."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
from collections.abc import AsyncIterator

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(text: bytes) -> bytes:
    head = bytes([0x81, len(text)]) if len(text) < 126 else bytes([0x81, 126]) + len(text).to_bytes(2, "big")
    return head + text


class Spreader:
    """`manner` is how it misbehaves: well, loses, doubles, reverses, closes, refuses, joins or splits."""

    def __init__(self, manner: str) -> None:
        self.manner = manner
        self.readers: list[asyncio.StreamWriter] = []
        self._held: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.splitlines()[1:])}
                if "sec-websocket-key" in headers:
                    accept = base64.b64encode(hashlib.sha1((headers["sec-websocket-key"] + GUID).encode()).digest()).decode()
                    writer.write(f"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: {accept}\r\n\r\n".encode())
                    self.readers.append(writer)
                    await reader.read()
                    return
                self.spread(await reader.readexactly(int(headers["content-length"])))
                status = b"500 no room left\r\nContent-Length: 0" if self.manner == "refuses" else b"204 No Content"
                writer.write(b"HTTP/1.1 " + status + b"\r\n\r\n")

    def spread(self, entry: bytes) -> None:
        if self.manner in {"reverses", "joins"} and not self._held:
            self._held.append(entry)
            return
        entries, self._held = [*self._held, entry], []
        for number, reader in enumerate(self.readers):
            reader.write(self.as_bytes(entries, number))
            if self.manner == "closes" and number == 0:
                reader.close()
        if self.manner == "closes":
            self.readers = self.readers[1:] or self.readers

    def as_bytes(self, entries: list[bytes], number: int) -> bytes:
        match self.manner:
            case "loses" if number == 0:
                return b""
            case "doubles" if number == 0:
                return frame(entries[0]) * 2
            case "reverses":
                return b"".join(frame(entry) for entry in reversed(entries))
            case "joins":
                return frame(b"".join(entries))
            case "splits":
                # A message in two frames, cut inside the marker.
                cut = len(entries[0]) - 4
                first, second = frame(entries[0][:cut]), frame(entries[0][cut:])
                return bytes([first[0] & 0x7F]) + first[1:] + bytes([second[0] & 0xF0]) + second[1:]
        return b"".join(frame(entry) for entry in entries)


@contextlib.asynccontextmanager
async def spreading(manner: str) -> AsyncIterator[int]:
    """Yields the port on which readers connect and entries are posted."""
    spreader = Spreader(manner)
    server = await asyncio.start_server(spreader.serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for reader in spreader.readers:
            reader.close()
