"""The end of a server process: nothing begun is lost, everyone connected is told, the exit code is 0."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator

import pytest

from tests.serving import LARGE_BYTES, Served, serving
from tests.waiting import until

Start = Callable[..., Served]


@pytest.fixture(params=["daphne", "uvicorn"])
def start(request) -> Iterator[Start]:
    import contextlib

    with contextlib.ExitStack() as stack:
        yield lambda **limits: stack.enter_context(serving(request.param, **limits))


def has_stopped_listening(server: Served) -> bool:
    return until(server.refuses_connections, seconds=10, what="the end of listening")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_server_ends_with_0(start, number):
    server = start()
    server.stop(number)
    assert server.exit_code() == 0


def test_a_request_in_flight_is_answered_and_no_other_is_taken(start):
    server = start()
    held = [server.peer() for _ in range(20)]
    for peer in held:
        peer.ask("/held")
    kept = server.peer()
    kept.ask("/ready")
    assert kept.answer()[0] == 200
    server.stop()
    assert has_stopped_listening(server)
    kept.ask("/release")
    status, head, _ = kept.answer()
    assert (status, "connection: close" in head) == (200, True)
    assert [peer.answer()[0] for peer in held] == [200] * 20
    assert server.exit_code() == 0


def test_a_request_that_is_still_arriving_is_in_flight_too(start):
    server = start()
    peer = server.peer()
    peer.ask("/body", method="POST", headers="Content-Length: 10\r\n", body=b"12345")
    # One that is answered after it shows that the first half has been read.
    assert server.get("/ready")[0] == 200
    server.stop()
    assert has_stopped_listening(server)
    peer.send(b"67890")
    assert peer.answer()[2] == b"10"
    assert server.exit_code() == 0


def test_an_answer_that_is_still_leaving_leaves_whole(start):
    server = start()
    peer = server.peer()
    peer.ask("/large")
    # The application has given all of it; the kernel holds a part, the server the rest.
    assert server.get("/ready")[0] == 200
    server.stop()
    assert has_stopped_listening(server)
    assert len(peer.answer()[2]) == LARGE_BYTES
    assert server.exit_code() == 0


def test_while_it_drains_it_says_that_it_is_not_ready(start):
    server = start()
    held, kept = server.peer(), server.peer()
    held.ask("/held")
    kept.ask("/ready")
    assert kept.answer()[0] == 200
    server.stop()
    assert has_stopped_listening(server)
    kept.ask("/ready")
    assert kept.answer()[0] == 503


def test_sockets_are_closed_with_4012_and_the_process_ends_with_0(start):
    server = start()
    peers = [server.socket("/echo") for _ in range(10)]
    server.stop()
    assert [peer.close_code() for peer in peers] == [4012] * 10
    assert server.exit_code() == 0


def test_a_socket_opened_at_the_last_moment_does_no_harm(start):
    # CPython 3.11.7 crashed here, at exit.
    server = start()
    peer = server.socket("/echo")
    server.stop()
    assert peer.close_code() == 4012
    assert server.exit_code() == 0


def test_a_peer_that_answers_no_close_holds_nothing_up(start):
    server = start(close_seconds=1)
    server.socket("/echo")
    server.stop()
    assert server.exit_code() == 0


def test_a_request_that_never_ends_is_cut_when_the_time_is_over(start):
    server = start(drain_seconds=1, last_seconds=0)
    peer = server.peer()
    peer.ask("/held")
    assert server.get("/ready")[0] == 200
    server.stop()
    # The number of requests that were cut.
    assert server.exit_code() == 1
    assert peer.answer()[0] == 0


def test_a_second_signal_ends_it_at_once(start):
    server = start()
    peer = server.peer()
    peer.ask("/held")
    assert server.get("/ready")[0] == 200
    server.stop()
    assert has_stopped_listening(server)
    server.stop()
    assert server.exit_code() == 1
