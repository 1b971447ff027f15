"""What a request may cost either server, and who says where the site is mounted."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from liveblog.server.limits import DEFAULT
from liveblog.server.listening import listen
from tests.serving import HERE, Served, serving
from tests.waiting import until

LARGE = 40 * 1024 * 1024


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def server(request) -> Iterator[Served]:
    with serving(request.param, head_seconds=1, body_seconds=2, handshake_seconds=1, linger_seconds=1) as served:
        yield served


def peak(server: Served) -> int:
    return int(server.get("/cost")[2])


def test_a_body_within_the_limit_arrives_whole(server):
    peer = server.peer()
    peer.ask("/body", method="POST", headers="Content-Length: 3000000\r\n", body=b"x" * 3_000_000)
    assert peer.answer()[2] == b"3000000"


def test_a_chunked_body_within_the_limit_arrives_whole(server):
    peer = server.peer()
    peer.ask("/body", method="POST", headers="Transfer-Encoding: chunked\r\n", body=b"5\r\nabcde\r\n4\r\nfghi\r\n0\r\n\r\n")
    assert peer.answer()[2] == b"9"


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(server):
    peer = server.peer()
    peer.ask("/body", method="POST", headers=f"Content-Length: {LARGE}\r\n")
    status, head, _ = peer.answer()
    assert status == 413
    assert "connection: close" in head
    assert peer.ended()


def test_a_client_that_asks_first_is_not_invited_to_send_too_much(server):
    peer = server.peer()
    peer.ask("/body", method="POST", headers=f"Expect: 100-continue\r\nContent-Length: {LARGE}\r\n")
    assert peer.answer()[0] == 413


def test_a_client_that_asks_first_is_invited_to_send_what_fits(server):
    peer = server.peer()
    peer.ask("/body", method="POST", headers="Expect: 100-continue\r\nContent-Length: 4\r\n")
    assert peer.answer()[0] == 100
    peer.send(b"four")
    assert peer.answer()[2] == b"4"


def pour(peer, head: str, piece: bytes, times: int) -> int:
    """Sends on and on, whatever the server says meanwhile; the status it answered with."""
    peer.ask("/body", method="POST", headers=head)
    try:
        for _ in range(times):
            peer.send(piece)
    except OSError:
        pass
    return peer.answer()[0]


@pytest.mark.parametrize("way", ["declared", "chunked"])
def test_what_is_too_large_is_never_held(server, way):
    before = peak(server)
    if way == "declared":
        status = pour(server.peer(), f"Content-Length: {LARGE}\r\n", b"x" * 65536, LARGE // 65536)
    else:
        status = pour(server.peer(), "Transfer-Encoding: chunked\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n", LARGE // 65536)
    # A client that sends on for longer than the server lingers is cut, and may lose the answer with the connection.
    assert status in {413, 0}
    assert peak(server) - before < (DEFAULT.body_bytes * 2) // 1024
    assert server.get("/body")[0] == 200


def test_a_head_that_is_too_long_is_refused(server):
    peer = server.peer()
    peer.ask("/", headers="".join(f"X-{number}: {'y' * 2000}\r\n" for number in range(10)))
    assert peer.answer()[0] in {400, 431}


def test_what_follows_a_refused_request_is_not_done(server):
    """In the same segment, so that the server has it before it can close."""
    long = "".join(f"X-{number}: {'y' * 2000}\r\n" for number in range(10))
    peer = server.peer()
    peer.send(f"GET / HTTP/1.1\r\nHost: {HERE}\r\n{long}\r\nGET /release HTTP/1.1\r\nHost: {HERE}\r\n\r\n".encode())
    assert peer.ended()
    held = server.peer()
    held.ask("/held")
    held.socket.settimeout(0.3)
    with pytest.raises(TimeoutError):
        held.answer()
    assert server.get("/release")[0] == 200
    assert held.answer()[0] == 200


def test_a_long_head_within_the_limit_is_read(server):
    assert server.get("/", headers="".join(f"X-{number}: {'y' * 2000}\r\n" for number in range(5)))[0] == 200


@pytest.mark.parametrize("header", ["Daphne-Root-Path: /evil", "Daphne-Root-Path: %2Fevil", "X-Script-Name: /evil"])
def test_a_client_does_not_choose_where_the_site_is_mounted(server, header):
    assert json.loads(server.get("/scope", headers=f"{header}\r\n")[2]) == {"root_path": "", "path": "/scope"}


def test_nor_does_a_websocket(server):
    peer = server.peer()
    peer.ask("/echo", headers=UPGRADE + "Daphne-Root-Path: /evil\r\n")
    assert peer.answer()[0] == 101
    assert json.loads(server.get("/noted")[2])["root_path"] == ""


UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: here\r\n", b"GET /echo HTTP/1.1\r\nHost: here\r\n" + UPGRADE.encode()],
    ids=["silence", "half a line", "half a head", "half a websocket handshake"],
)
def test_a_request_that_does_not_get_on_is_cut(server, begun):
    peer = server.peer()
    peer.send(begun)
    assert peer.ended()


def test_a_head_that_drips_is_cut_all_the_same(server):
    peer = server.peer()
    peer.send(b"GET / HTTP/1.1\r\n")

    def cut() -> bool:
        try:
            peer.send(b"X-Drip: 1\r\n")
        except OSError:
            return True
        return False

    assert until(cut, seconds=15, what="the end of a head that drips")


def test_a_body_that_does_not_arrive_is_cut(server):
    peer = server.peer()
    peer.ask("/body", method="POST", headers="Content-Length: 10\r\n", body=b"12345")
    assert peer.ended()


def test_a_websocket_that_is_never_accepted_ends(server):
    peer = server.peer()
    peer.ask("/never", headers=UPGRADE)
    assert peer.answer()[0] != 101
    assert peer.ended()


def test_a_kept_connection_serves_one_request_after_another(server):
    peer = server.peer()
    for _ in range(3):
        peer.ask("/ready")
        assert peer.answer()[0] == 200


def test_every_connection_is_cut_by_the_kernel_when_its_peer_is_gone():
    with listen(host=HERE, port=0, fd=None, limits=DEFAULT) as listener:
        listener.setblocking(True)
        with socket.create_connection(listener.getsockname()):
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 15_000


def test_a_port_that_is_taken_is_an_error_and_not_a_second_listener():
    with listen(host=HERE, port=0, fd=None, limits=DEFAULT) as first, pytest.raises(OSError, match="in use"):
        listen(host=HERE, port=first.getsockname()[1], fd=None, limits=DEFAULT)


def test_trailers_without_end_are_refused_and_not_kept():
    """Many of them, and one that never ends. (Twisted, under daphne, has a limit of its own.)"""
    with serving("uvicorn") as served:
        for trailers in (b"a: b\r\n" * 10_000, b"a: " + b"b" * 60_000):
            peer = served.peer()
            peer.ask("/body", method="POST", headers="Transfer-Encoding: chunked\r\n", body=b"5\r\nabcde\r\n0\r\n")
            before = peak(served)
            peer.send(trailers)
            peer.send(trailers)
            assert peer.answer()[0] == 431
            assert peak(served) - before < 5_000


def test_a_few_trailers_are_passed_over():
    with serving("uvicorn") as served:
        peer = served.peer()
        peer.ask("/body", method="POST", headers="Transfer-Encoding: chunked\r\n", body=b"5\r\nabcde\r\n0\r\nExpires: never\r\n\r\n")
        assert peer.answer()[2] == b"5"


def test_a_head_behind_a_body_is_not_charged_for_it():
    with serving("uvicorn") as served:
        peer = served.peer()
        peer.send(b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 40000\r\n\r\n")
        peer.send(b"x" * 40_000 + b"GET /scope HTTP/1.1\r\nHos")
        assert peer.answer()[::2] == (200, b"40000")
        peer.send(b"t: x\r\n\r\n")
        assert peer.answer()[0] == 200
