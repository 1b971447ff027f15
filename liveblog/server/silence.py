"""What a server does about a websocket whose peer says nothing."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from liveblog.server.limits import Limits


class Due(Enum):
    NOTHING = "nothing"
    PING = "ping"
    CUT = "cut"


# Readers who came together are pinged in so many groups, spread over half of `ping_seconds` again.
GROUPS = 7


def due(limits: Limits, waited: float, *, peer: object, pinged: bool, unsent: Callable[[], int]) -> Due:
    """`waited`: seconds since the peer was heard of, or from the ping where it was `pinged` since; `unsent()`: bytes it has not taken."""
    if pinged:
        return Due.CUT if waited > limits.pong_seconds else Due.NOTHING
    if waited <= limits.ping_seconds:
        return Due.NOTHING
    # Mixed: where objects of one size lie is a multiple of it.
    group = hash((id(peer),)) % GROUPS
    if waited <= limits.ping_seconds * (1 + group / (2 * GROUPS)):
        return Due.NOTHING
    # A ping behind what the peer has not read yet would say nothing about it.
    if not unsent():
        return Due.PING
    return Due.CUT if waited > limits.unread_seconds else Due.NOTHING
