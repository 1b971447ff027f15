"""When a websocket's peer is asked whether it is there, and when it is let go."""

from __future__ import annotations

import pytest

from liveblog.server.limits import DEFAULT
from liveblog.server.silence import Due, due

PING, PONG, UNREAD = DEFAULT.ping_seconds, DEFAULT.pong_seconds, DEFAULT.unread_seconds


@pytest.mark.parametrize(
    ("waited", "pinged", "unsent", "expected"),
    [
        (PING - 1, False, 0, Due.NOTHING),
        (PING + 1, False, 0, Due.PING),
        # However late the ping was, the answer has all of its time.
        (PING + PONG + 100, False, 0, Due.PING),
        (PONG - 1, True, 0, Due.NOTHING),
        (PONG + 1, True, 0, Due.CUT),
        # What it has not read comes first: a ping behind it is not asked about it.
        (PING + 1, False, 7, Due.NOTHING),
        (UNREAD - 1, False, 7, Due.NOTHING),
        (UNREAD + 1, False, 7, Due.CUT),
        # An entry that was pushed behind the ping takes nothing away from its time.
        (PONG - 1, True, 7, Due.NOTHING),
        (PONG + 1, True, 7, Due.CUT),
    ],
)
def test_what_is_due(waited: float, pinged: bool, unsent: int, expected: Due):
    assert due(DEFAULT, waited, pinged=pinged, unsent=lambda: unsent) is expected
