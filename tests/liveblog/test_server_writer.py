"""The extension: ready frames past `send()`, in order, bounded by what the hub is told of the socket."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from websockets.frames import Frame, Opcode

from tests.serving import FLOOD_BYTES, Served, serving
from tests.waiting import until

GO = Frame(Opcode.TEXT, b"go").serialize(mask=True)


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def server(request) -> Iterator[Served]:
    with serving(request.param) as served:
        yield served


def test_ready_frames_arrive_in_the_order_of_all_that_was_sent(server):
    assert server.socket("/ready-frames").texts(4) == ["first", "second", "third", "last"]


def noted(server: Served, key: str) -> dict:
    return until(lambda: (found := json.loads(server.get("/noted")[2])) and key in found and found, seconds=20, what=f"the {key}")


def test_what_a_slow_reader_has_not_taken_is_told_exactly_and_can_be_cut(server):
    peer = server.socket("/flood")
    peer.send(GO)
    # The peer reads nothing; the kernel takes some megabytes, and from then on every byte waits here.
    found = noted(server, "waiting")
    waiting = found["waiting"]
    assert waiting[0] == 0
    assert waiting == sorted(waiting)
    # Most of them went straight to the kernel.
    assert len(waiting) * 60_000 > 2 * FLOOD_BYTES
    assert FLOOD_BYTES <= waiting[-1] < FLOOD_BYTES + 70_000
    assert found["exact"]
    # Cut, not closed: no close frame was waited for, and the peer finds the connection gone.
    assert found["code"] == 1006
    assert peer.ended()


def test_a_frame_for_a_reader_who_is_gone_is_dropped_in_silence(server):
    server.socket("/flood").send(GO)
    assert noted(server, "after")["after"] <= FLOOD_BYTES + 70_000
    assert server.get("/ready")[0] == 200
