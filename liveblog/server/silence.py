"""What a server does about a websocket whose peer says nothing."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from liveblog.server.limits import Limits


class Due(Enum):
    NOTHING = "nothing"
    PING = "ping"
    CUT = "cut"


def due(limits: Limits, waited: float, *, pinged: bool, unsent: Callable[[], int]) -> Due:
    """`waited`: seconds since the peer was heard of, or from the ping where it was `pinged` since; `unsent()`: bytes it has not taken."""
    if pinged:
        return Due.CUT if waited > limits.pong_seconds else Due.NOTHING
    if waited <= limits.ping_seconds:
        return Due.NOTHING
    # A ping behind what the peer has not read yet would say nothing about it.
    if not unsent():
        return Due.PING
    return Due.CUT if waited > limits.unread_seconds else Due.NOTHING
