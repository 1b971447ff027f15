"""When a websocket's peer is asked whether it is there, and when it is let go."""

from __future__ import annotations

import pytest

from liveblog.server.lean_websocket import LeanWebSocket
from liveblog.server.limits import DEFAULT
from liveblog.server.silence import Due, due

PING, PONG, UNREAD = DEFAULT.ping_seconds, DEFAULT.pong_seconds, DEFAULT.unread_seconds


@pytest.mark.parametrize(
    ("waited", "pinged", "unsent", "expected"),
    [
        (PING - 1, False, 0, Due.NOTHING),
        (1.5 * PING, False, 0, Due.PING),
        # However late the ping was, the answer has all of its time.
        (PING + PONG + 100, False, 0, Due.PING),
        (PONG - 1, True, 0, Due.NOTHING),
        (PONG + 1, True, 0, Due.CUT),
        # What it has not read comes first: a ping behind it is not asked about it.
        (1.5 * PING, False, 7, Due.NOTHING),
        (UNREAD - 1, False, 7, Due.NOTHING),
        (UNREAD + 1, False, 7, Due.CUT),
        # An entry that was pushed behind the ping takes nothing away from its time.
        (PONG - 1, True, 7, Due.NOTHING),
        (PONG + 1, True, 7, Due.CUT),
    ],
)
def test_what_is_due(waited: float, pinged: bool, unsent: int, expected: Due):
    assert due(DEFAULT, waited, peer=object(), pinged=pinged, unsent=lambda: unsent) is expected


def test_readers_who_came_together_are_not_asked_together():
    readers = [LeanWebSocket.__new__(LeanWebSocket) for _ in range(1000)]

    def asked_after(waited: float) -> int:
        return sum(due(DEFAULT, waited, peer=reader, pinged=False, unsent=lambda: 0) is Due.PING for reader in readers)

    each_second = [asked_after(second + 1) - asked_after(second) for second in range(int(PING), int(1.5 * PING))]
    assert sum(each_second) == len(readers)
    assert max(each_second) <= len(readers) / 4
