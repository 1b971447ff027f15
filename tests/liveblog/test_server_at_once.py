"""What an application has at hand uvicorn writes without running it; whoever asks for much at once stands in line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from websockets.client import ClientProtocol
from websockets.protocol import State
from websockets.uri import parse_uri

from tests.serving import AT_HAND, HERE, Peer, Served, serving

RUN = b"ok"
LARGE = 25_000 * len(AT_HAND)


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving("uvicorn") as served:
        yield served


def asked(path: str, headers: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {HERE}\r\n{headers}\r\n".encode()


def bodies(peer: Peer, count: int) -> list[bytes]:
    """Of the next answers on one connection, however they were cut."""
    found: list[bytes] = []
    data = b""
    while len(found) < count:
        head, whole, rest = data.partition(b"\r\n\r\n")
        size = int(head.lower().rpartition(b"content-length: ")[2].partition(b"\r\n")[0]) if whole else 0
        if whole and len(rest) >= size:
            found.append(rest[:size])
            data = rest[size:]
            continue
        more = peer.socket.recv(1 << 20)
        assert more, "the server closed"
        data += more
    assert data == b""
    return found


def test_it_is_written_as_an_answer_of_the_server_and_the_connection_goes_on(server: Served) -> None:
    peer = server.peer()
    for _ in range(3):
        peer.ask("/at-hand")
        status, head, body = peer.answer()
        assert (status, body) == (200, AT_HAND)
        assert {line.partition(":")[0] for line in head.split("\n")[1:]} == {"date", "server", "content-length"}
    peer.ask("/body", method="POST", headers="Content-Length: 4\r\n", body=b"four")
    assert peer.answer()[2] == b"4"
    peer.ask("/at-hand")
    assert peer.answer()[2] == AT_HAND


def test_what_is_not_at_hand_is_the_application_s(server: Served) -> None:
    assert json.loads(server.get("/scope")[2])["path"] == "/scope"


@pytest.mark.parametrize("way", ["close", "1.0"])
def test_nor_is_it_for_a_connection_that_ends(server: Served, way: str) -> None:
    peer = server.peer()
    peer.send(asked("/at-hand", "Connection: close\r\n") if way == "close" else asked("/at-hand").replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert peer.answer()[2] == RUN
    assert peer.ended()


def test_a_fault_in_looking_it_up_leaves_it_to_the_application(server: Served) -> None:
    peer = server.peer()
    peer.ask("/at-hand-broken")
    assert peer.answer()[2] == RUN


def test_answers_come_in_the_order_of_the_questions_and_one_in_a_breath_is_at_hand(server: Served) -> None:
    peer = server.peer()
    peer.send(asked("/at-hand") + asked("/at-hand") + asked("/ready") + asked("/at-hand"))
    assert bodies(peer, 4) == [AT_HAND, RUN, RUN, RUN]
    peer.send(asked("/noted") + asked("/at-hand"))
    assert bodies(peer, 2) == [b"{}", RUN]


def test_what_comes_while_an_answer_is_awaited_waits_for_it(server: Served) -> None:
    peer = server.peer()
    peer.send(asked("/held"))
    peer.send(asked("/at-hand"))
    assert server.get("/release")[0] == 200
    assert bodies(peer, 2)[0] == RUN


def test_who_asks_and_does_not_read_is_held_for_no_more_than_an_answer_or_two(server: Served) -> None:
    peer, before = server.peer(), int(server.get("/cost")[2])
    # Each by itself, so that each could be at hand; the kernel takes the first few megabytes.
    for _ in range(300):
        peer.send(asked("/at-hand-large"))
        assert server.get("/ready")[0] == 200
    assert int(server.get("/cost")[2]) - before < 8 * 1024
    answers = bodies(peer, 300)
    assert [len(body) for body in answers if body != RUN] == [LARGE] * sum(body != RUN for body in answers)
    assert answers[0] != RUN
    assert RUN in answers


# The clock of a connection that rests


@pytest.fixture(scope="module")
def impatient() -> Iterator[Served]:
    with serving("uvicorn", keep_alive_seconds=1) as served:
        yield served


def rest(server: Served) -> None:
    """For as long as the server lets a connection rest: another one is let go."""
    idle = server.peer()
    idle.ask("/at-hand")
    assert idle.answer()[2] == AT_HAND
    assert idle.ended()


def test_a_connection_that_rests_is_let_go_though_a_body_came_after_its_answer(impatient: Served) -> None:
    peer = impatient.peer()
    peer.send(asked("/at-hand", "Content-Length: 1\r\n"))
    assert peer.answer()[2] == AT_HAND
    peer.send(b"x")
    assert peer.ended()


def test_one_that_waits_for_an_answer_is_not(impatient: Served) -> None:
    peer = impatient.peer()
    peer.send(asked("/at-hand") + asked("/held"))
    rest(impatient)
    assert impatient.get("/release")[0] == 200
    assert bodies(peer, 2) == [AT_HAND, RUN]


def test_nor_is_one_that_has_become_a_websocket(impatient: Served) -> None:
    peer = impatient.peer()
    peer.protocol = ClientProtocol(parse_uri(f"ws://{HERE}:{peer.port}/echo"))
    peer.protocol.send_request(peer.protocol.connect())
    peer.send(asked("/at-hand") + b"".join(peer.protocol.data_to_send()))
    data = b""
    while AT_HAND not in data:
        data += peer.socket.recv(65536)
    peer.protocol.receive_data(data.partition(AT_HAND)[2])
    while peer.protocol.state is State.CONNECTING:
        peer.protocol.receive_data(peer.socket.recv(65536))
    rest(impatient)
    peer.protocol.send_text(b"still here")
    peer.send(b"".join(peer.protocol.data_to_send()))
    assert peer.texts(1) == ["still here"]
