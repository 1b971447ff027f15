"""The lean websocket against RFC 6455: what a client may send, and what becomes of what it may not. daphne's is held to the same."""

from __future__ import annotations

import contextlib
import json
import struct
from collections.abc import Iterator

import pytest
from websockets.frames import Frame, Opcode

from tests.serving import Peer, Served, serving
from tests.waiting import until

UPGRADE = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}  # fmt: skip
LIMIT = 64 * 1024


@pytest.fixture(scope="module", params=["uvicorn", "daphne"])
def server(request) -> Iterator[Served]:
    with serving(request.param, close_seconds=1) as served:
        yield served


@pytest.fixture(scope="module")
def uvicorn_alone() -> Iterator[Served]:
    """For what the standard leaves open and the two answer differently."""
    with serving("uvicorn", close_seconds=1) as served:
        yield served


def frame(opcode: int, data: bytes, *, fin: bool = True, bits: int = 0, key: bytes = b"mask") -> bytes:
    """A client's frame, right or wrong; the reference would not write a wrong one."""
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack("!H", len(data)) if len(data) < 1 << 16 else None
    size = size or b"\xff" + struct.pack("!Q", len(data))
    return bytes([fin << 7 | bits | opcode]) + size + key + bytes(byte ^ key[index % 4] for index, byte in enumerate(data))


def text(words: str, *, fin: bool = True) -> bytes:
    return frame(0x1, words.encode(), fin=fin)


def close(code: int, reason: bytes = b"") -> bytes:
    return frame(0x8, struct.pack("!H", code) + reason)


def upgrade(server: Served, *, method: str = "GET", **changes: str | None) -> tuple[int, str, bytes]:
    headers = {**UPGRADE, **{name.replace("_", "-"): value for name, value in changes.items()}}
    peer = server.peer()
    peer.ask("/echo", method=method, headers="".join(f"{name}: {value}\r\n" for name, value in headers.items() if value is not None))
    return peer.answer()


# The opening handshake (§4)


def test_the_handshake_proves_that_the_key_was_read(server):
    status, head, _ = upgrade(server)
    assert status == 101
    # The example of §1.3.
    assert "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=" in head


def test_neither_extensions_nor_subprotocols_are_agreed(server):
    status, head, _ = upgrade(server, Sec_WebSocket_Extensions="permessage-deflate", Sec_WebSocket_Protocol="chat")
    assert status == 101
    assert "extensions" not in head
    assert "sec-websocket-protocol" not in head


@pytest.mark.parametrize("version", ["12", "x", None])
def test_another_version_is_refused(server, version):
    assert upgrade(server, Sec_WebSocket_Version=version)[0] in {400, 426}


def test_another_version_is_told_which_one_is_spoken(uvicorn_alone):
    status, head, _ = upgrade(uvicorn_alone, Sec_WebSocket_Version="14")
    assert status == 426
    assert "sec-websocket-version: 13" in head


@pytest.mark.parametrize("key", [None, "", "short", "dGhlIHNhbXBsZSBub25jZQ=", "*" * 24])
def test_a_key_that_is_not_sixteen_bytes_is_refused(server, key):
    assert upgrade(server, Sec_WebSocket_Key=key)[0] == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD"])
def test_only_a_get_becomes_a_websocket(server, method):
    assert upgrade(server, method=method, Content_Length="0")[0] in {400, 405}


def test_a_handshake_with_a_body_is_refused(uvicorn_alone):
    peer = uvicorn_alone.peer()
    peer.ask("/echo", headers="".join(f"{name}: {value}\r\n" for name, value in UPGRADE.items()) + "Content-Length: 4\r\n", body=b"body")
    assert peer.answer()[0] == 400


def test_without_the_connection_header_it_is_a_page_like_any_other(uvicorn_alone):
    assert upgrade(uvicorn_alone, Connection="keep-alive")[0] == 200


def test_the_application_may_refuse(server):
    peer = server.peer()
    peer.ask("/refused", headers="".join(f"{name}: {value}\r\n" for name, value in UPGRADE.items()))
    assert peer.answer()[0] == 403
    assert peer.ended()


def test_an_application_that_breaks_closes_with_1011(server):
    assert server.socket("/broken").close_code() == 1011


def test_frames_sent_with_the_handshake_are_not_lost(uvicorn_alone):
    peer = uvicorn_alone.socket("/echo", behind=text("one") + text("two"))
    assert peer.texts(2) == ["one", "two"]


# Data (§5)


@pytest.mark.parametrize("size", [1, 125, 126, 127, 4096, 65_535, LIMIT])
def test_a_binary_message_comes_back_whole(server, size):
    peer = server.socket("/echo")
    peer.send(frame(0x2, bytes(index % 251 for index in range(size))))
    [back] = peer.frames(1)
    assert back.opcode is Opcode.BINARY
    assert back.data == bytes(index % 251 for index in range(size))


def test_an_empty_message_comes_back_empty(uvicorn_alone):
    # daphne's send() leaves an empty message out.
    peer = uvicorn_alone.socket("/echo")
    peer.send(frame(0x2, b"") + text(""))
    assert [back.data for back in peer.frames(2)] == [b"", b""]


def test_a_text_comes_back_in_any_script(server):
    peer = server.socket("/echo")
    peer.send(text("über 平壌 🕊 \ufffd"))
    assert peer.texts(1) == ["über 平壌 🕊 \ufffd"]


def test_a_text_split_over_frames_and_inside_a_character_is_one_message(server):
    peer = server.socket("/echo")
    first, second, third = "Großes 🕊 Wort".encode()[:5], "Großes 🕊 Wort".encode()[5:11], "Großes 🕊 Wort".encode()[11:]
    peer.send(frame(0x1, first, fin=False) + frame(0x0, second, fin=False) + frame(0x0, third))
    assert peer.texts(1) == ["Großes 🕊 Wort"]


def test_empty_pieces_are_pieces(server):
    peer = server.socket("/echo")
    peer.send(text("", fin=False) + frame(0x0, b"", fin=False) + frame(0x0, b"end"))
    assert peer.texts(1) == ["end"]


def test_a_ping_between_the_frames_of_a_message_is_answered_at_once(server):
    peer = server.socket("/echo")
    peer.send(text("one ", fin=False) + frame(0x9, b"are you there"))
    [pong] = peer.frames(1)
    assert (pong.opcode, pong.data) == (Opcode.PONG, b"are you there")
    peer.send(frame(0x0, b"message"))
    assert peer.texts(1) == ["one message"]


def test_a_frame_that_comes_byte_by_byte_is_one_frame(server):
    peer = server.socket("/echo")
    for byte in text("slowly"):
        peer.send(bytes([byte]))
    assert peer.texts(1) == ["slowly"]


def test_a_pong_that_nobody_asked_for_is_let_be(server):
    peer = server.socket("/echo")
    peer.send(frame(0xA, b"unasked") + text("and on"))
    assert peer.texts(1) == ["and on"]


def test_more_messages_than_the_application_has_taken_wait_their_turn(server):
    peer = server.socket("/echo")
    peer.send(b"".join(text(f"number {number}") for number in range(90)))
    assert peer.texts(90) == [f"number {number}" for number in range(90)]


FLOODS = {
    "pings": frame(0x9, b"") * 5000,
    "pongs": frame(0xA, b"") * 5000,
    "fragments that never make a message": text("", fin=False) + frame(0x0, b"", fin=False) * 5000,
    "messages": text("x") * 5000,
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_more_frames_than_a_page_has_reason_to_send_end_the_connection(server, flood):
    peer = server.socket("/echo")
    peer.send(flood)
    # daphne closes at once, and the kernel may take the reason back while more comes.
    assert peer.close_code() in {4029, None}
    assert peer.ended()
    until(lambda: json.loads(server.get("/noted")[2]).get("code") in {4029, 1006}, seconds=5, what="the application hears of it")


def test_a_piece_of_a_message_that_looks_like_a_pong_is_a_piece_of_a_message(server):
    peer = server.socket("/echo")
    like_a_pong = b"\x8a\x80abcd"
    # A key of zeros leaves the payload as it is.
    peer.send(b"\x82\x86" + bytes(4))
    # So that the head has been read when the rest comes.
    assert server.get("/ready")[0] == 200
    peer.send(like_a_pong)
    [echo] = peer.frames(1)
    assert echo.data == like_a_pong


# Breaches (§5, §7)


def breach(server: Served, data: bytes) -> int | None:
    peer = server.socket("/echo")
    peer.send(data)
    return peer.close_code()


BREACHES = {
    "a frame without a mask": (Frame(Opcode.TEXT, b"bare").serialize(mask=False), 1002),
    "a reserved bit": (frame(0x1, b"x", bits=0x40), 1002),
    "an unknown data opcode": (b"\x83\x80\x00\x00\x00\x00", 1002),
    "an unknown control opcode": (b"\x8b\x80\x00\x00\x00\x00", 1002),
    "a control frame in pieces": (frame(0x9, b"x", fin=False), 1002),
    "a long control frame": (frame(0x9, b"x" * 126), 1002),
    "a continuation of nothing": (frame(0x0, b"x"), 1002),
    "a message inside a message": (text("one", fin=False) + text("two"), 1002),
    "text that is not UTF-8": (frame(0x1, b"\xff\xfe"), 1007),
    "a surrogate": (frame(0x1, b"\xed\xa0\x80"), 1007),
    "text that ends inside a character": (frame(0x1, "ü".encode()[:1]), 1007),
    "a frame that is too long": (b"\x82\xff" + struct.pack("!Q", LIMIT + 1) + bytes(4), 1009),
    "pieces that are too long together": (frame(0x2, b"x" * LIMIT, fin=False) + frame(0x0, b"x"), 1009),
}
BAD_CLOSES = {
    "half a code": (frame(0x8, b"\x03"), 1002),
    "a reason that is not UTF-8": (close(1000, b"\xff"), 1007),
    **{f"the code {code}": (close(code), 1002) for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535)},
}


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_answered_with_its_code(server, name):
    data, code = BREACHES[name]
    assert breach(server, data) == code


@pytest.mark.parametrize("name", BAD_CLOSES)
def test_a_close_frame_that_is_wrong_itself_is_answered_with_its_fault(uvicorn_alone, name):
    data, code = BAD_CLOSES[name]
    assert breach(uvicorn_alone, data) == code


@pytest.mark.parametrize("name", BAD_CLOSES)
def test_a_close_frame_that_is_wrong_itself_ends_the_connection(server, name):
    peer = server.socket("/echo")
    peer.send(BAD_CLOSES[name][0])
    assert peer.ended()


@pytest.mark.parametrize("data", [b"\x82\xfe\x00\x01" + bytes(4) + b"x", b"\x82\xff" + struct.pack("!Q", 200) + bytes(4) + b"x" * 200])
def test_a_length_that_is_not_the_shortest_is_a_breach(server, data):
    assert breach(server, data) == 1002


def test_after_a_breach_nothing_more_reaches_the_application(uvicorn_alone):
    peer = uvicorn_alone.socket("/echo")
    peer.send(frame(0x0, b"breach") + text("never"))
    assert peer.frames(1)[0].opcode is Opcode.CLOSE


# The closing handshake (§5.5.1, §7)


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1011, 3000, 4012, 4999])
def test_a_close_is_answered_with_its_own_code_and_the_connection_ends(server, code):
    peer = server.socket("/echo")
    peer.send(close(code, b"Auf Wiedersehen"))
    assert peer.close_code() == code


def test_a_close_without_a_code_is_answered(server):
    peer = server.socket("/echo")
    peer.send(frame(0x8, b""))
    [back] = peer.frames(1)
    assert back.opcode is Opcode.CLOSE
    assert peer.ended()


def noted_code(server: Served, code: int) -> bool:
    return until(lambda: json.loads(server.get("/noted")[2]).get("code") == code, seconds=10, what=f"the code {code}")


@pytest.mark.parametrize(("said", "heard"), [(close(4321), 4321), (frame(0x8, b""), 1005)])
def test_the_application_hears_the_code(uvicorn_alone, said, heard):
    peer = uvicorn_alone.socket("/echo")
    peer.send(said)
    peer.close_code()
    assert noted_code(uvicorn_alone, heard)


def test_the_application_hears_of_a_peer_that_just_went(server):
    peer = server.socket("/echo")
    peer.close()
    assert noted_code(server, 1006)


def test_the_application_may_close_and_say_why(server):
    peer = server.socket("/echo")
    peer.send(text("close, please"))
    assert peer.close_code() == 4007


def test_a_peer_that_does_not_answer_a_close_is_cut(server):
    peer = server.socket("/echo")
    peer.send(text("close, please"))
    # Reads the raw bytes and answers nothing.
    assert peer.ended()


def test_what_comes_behind_a_close_frame_is_not_read(server):
    peer = server.socket("/echo")
    peer.send(close(1000) + text("too late"))
    assert [back.opcode for back in peer.frames(2)] == [Opcode.CLOSE]


# Keep-alive


@pytest.fixture(scope="module", params=["uvicorn", "daphne"])
def impatient(request) -> Iterator[Served]:
    with serving(request.param, ping_seconds=1, pong_seconds=1, frames_a_second=10) as served:
        yield served


def pings(peer: Peer, count: int) -> bool:
    """Whether the server asks so often, and is answered each time."""
    seen = 0
    while seen < count and peer._take():
        seen += sum(isinstance(event, Frame) and event.opcode is Opcode.PING for event in peer.protocol.events_received())
    return seen >= count


def test_a_reader_that_answers_pings_stays(impatient):
    peer = impatient.socket("/echo")
    assert pings(peer, 2)
    peer.send(text("still here"))
    assert peer.texts(1) == ["still here"]


def test_a_reader_that_answers_no_ping_is_cut(impatient):
    assert impatient.socket("/echo").ended()


def test_pongs_that_come_one_by_one_are_counted_too(impatient):
    peer = impatient.socket("/echo")
    # It may be over before the last is sent.
    with contextlib.suppress(OSError):
        for _ in range(40):
            peer.send(frame(0xA, b""))
            # So that each is read alone.
            assert impatient.get("/ready")[0] == 200
    assert peer.close_code() in {4029, None}
    assert peer.ended()
