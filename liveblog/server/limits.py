"""What one connection may cost this process."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes. The defaults are the product's; tests make them smaller."""

    body_bytes: int = 12 * 1024 * 1024
    head_bytes: int = 16 * 1024
    # From the connection, or the answer before, to the end of the request's head and of its body.
    head_seconds: float = 15.0
    body_seconds: float = 180.0
    # Longer than the proxy keeps one (60 s is usual), so that it never writes into a connection that is just being closed.
    keep_alive_seconds: float = 75.0
    # What a client may send as one websocket message, whole or in frames.
    message_bytes: int = 64 * 1024
    # Frames of any kind from one peer: pings, which ask for an answer each, and fragments that never make a message, among them.
    frames_a_second: int = 100
    ping_seconds: float = 15.0
    pong_seconds: float = 20.0
    # Silent for so long, and something unread: longer than a reader may lag (`liveblog.wire.feed`), who is told why.
    unread_seconds: float = 60.0
    # Pongs that a peer asks for and does not read, in bytes.
    unread_pongs: int = 64 * 1024
    # For the application to accept a websocket, and for a peer to answer a close frame.
    handshake_seconds: float = 10.0
    close_seconds: float = 5.0
    # A refused request may go on sending for this long, unread, so that it gets to read the refusal.
    linger_seconds: float = 5.0
    # The kernel cuts a connection whose peer has acknowledged nothing for this long.
    stuck_seconds: float = 15.0
    backlog: int = 2048
    # For requests in flight when the process is told to stop, and the least of it that is left to them once the readers are told:
    # telling a crowd takes 25 s, and a kept connection may ask until its answer ends it.
    drain_seconds: float = 20.0
    last_seconds: float = 5.0


DEFAULT = Limits()
