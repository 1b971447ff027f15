"""The server extension that the hub writes through: ready bytes straight to a reader's transport.

ASGI's `send()` takes a message apart for every reader; here the bytes of a websocket frame are built once a process and the same buffer
goes to every transport. Our launcher offers it in `scope["extensions"][EXTENSION]`; on any other server the hub falls back to `send()`.
"""

from __future__ import annotations

from typing import Protocol

EXTENSION = "liveblog.frames"


class FrameWriter(Protocol):
    """One reader's socket, after its handshake. Called on the event loop's thread only."""

    def write(self, data: bytes) -> int:
        """Takes whole RFC 6455 frames, never waits, never raises; returns how many bytes the kernel has not taken yet (0: all gone)."""

    def unsent(self) -> int:
        """How many bytes wait here for the kernel."""

    def abort(self) -> None:
        """Cuts the connection without a word: the peer has stopped reading, so no close frame would reach it."""
