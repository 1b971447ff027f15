"""RFC 6455's frames against another implementation, over whatever hypothesis thinks of."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ProtocolError
from websockets.frames import Close, Frame, Opcode
from websockets.protocol import Protocol, Side

from liveblog.server import rfc6455
from liveblog.server.rfc6455 import Fault, read_frame
from tests.serving import Served, serving

LIMIT = 64 * 1024

opcodes = st.sampled_from([Opcode.TEXT, Opcode.BINARY, Opcode.CONT])
payloads = st.one_of(st.binary(max_size=200), st.integers(126, 70_000).map(lambda size: b"a" * size))


@given(opcode=opcodes, payload=payloads.filter(lambda data: len(data) <= LIMIT), final=st.booleans())
def test_a_frame_is_read_as_it_was_written(opcode, payload, final):
    data = Frame(opcode, payload, final).serialize(mask=True)
    found = read_frame(b"before" + data + b"behind", 6, limit=LIMIT)
    assert found == (final, opcode, payload, 6 + len(data))


@given(payload=st.binary(max_size=300), cut=st.integers(0, 400))
def test_a_frame_that_is_not_all_there_is_waited_for(payload, cut):
    data = Frame(Opcode.BINARY, payload).serialize(mask=True)
    found = read_frame(data[:cut], 0, limit=LIMIT)
    assert (found is None) == (cut < len(data))


@given(opcode=st.sampled_from([Opcode.TEXT, Opcode.BINARY, Opcode.PONG]), payload=payloads)
def test_a_frame_of_ours_is_read_by_the_reference(opcode, payload):
    if opcode is Opcode.PONG:
        payload = payload[:125]
    assert read_back(rfc6455.frame(opcode, payload)) == Frame(opcode, payload)


def read_back(data: bytes) -> Frame:
    client = Protocol(Side.CLIENT, max_size=None)
    client.receive_data(data)
    [found] = client.events_received()
    assert isinstance(found, Frame)
    return found


@given(code=st.integers(3000, 4999), reason=st.text(max_size=200))
def test_a_close_frame_is_always_one_that_may_be_sent(code, reason):
    found = Close.parse(read_back(rfc6455.close_frame(code, reason)).data)
    assert found.code == code
    assert reason.startswith(found.reason)


@given(payload=st.binary(max_size=125))
def test_a_close_is_judged_as_the_reference_judges_it(payload):
    def ours() -> object:
        try:
            return rfc6455.read_close(payload)
        except Fault:
            return None

    def theirs() -> object:
        try:
            close = Close.parse(payload)
        except (ProtocolError, UnicodeDecodeError):
            return None
        return int(close.code), close.reason

    assert ours() == theirs()


@given(payload=st.binary(max_size=2000), key=st.binary(min_size=4, max_size=4))
def test_a_mask_is_its_own_inverse_and_goes_byte_by_byte(payload, key):
    hidden = rfc6455.masked(payload, key)
    assert hidden == bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))
    assert rfc6455.masked(hidden, key) == payload


@given(data=st.binary(min_size=2, max_size=40))
def test_no_input_is_too_strange(data):
    """Either a frame, or more is needed, or one of two faults: never anything else."""
    found: object = None
    with contextlib.suppress(Fault):
        found = read_frame(data, 0, limit=LIMIT)
    assert found is None or found.end <= len(data)


# The whole of it: a conversation in any cut


@pytest.fixture(scope="module", params=["uvicorn", "daphne"])
def server(request):
    with serving(request.param) as served:
        yield served


messages = st.lists(
    st.tuples(st.one_of(st.text(min_size=1, max_size=300), st.binary(min_size=1, max_size=3000)), st.integers(1, 4), st.booleans()),
    min_size=1,
    max_size=8,
)


def pieces(data: bytes, count: int) -> list[bytes]:
    size = max(1, -(-len(data) // count))
    return [data[start : start + size] for start in range(0, len(data), size)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=messages, cuts=st.lists(st.integers(1, 500), min_size=1, max_size=5))
def test_a_conversation_survives_any_fragmentation(server: Served, said, cuts):
    """Messages in several frames, pings between them, the bytes cut anywhere: every message and every ping is answered, in order."""
    out, expected = b"", []
    for number, (message, parts, ping) in enumerate(said):
        kind = Opcode.TEXT if isinstance(message, str) else Opcode.BINARY
        data = message.encode() if isinstance(message, str) else message
        frames = pieces(data, parts)
        for index, piece in enumerate(frames):
            out += Frame(Opcode.CONT if index else kind, piece, index == len(frames) - 1).serialize(mask=True)
            if ping:
                out += Frame(Opcode.PING, b"%d.%d" % (number, index)).serialize(mask=True)
                expected.append((Opcode.PONG, b"%d.%d" % (number, index)))
        expected.append((kind, data))
    peer = server.socket("/echo")
    position, turn = 0, 0
    while position < len(out):
        size = cuts[turn % len(cuts)]
        peer.send(out[position : position + size])
        position, turn = position + size, turn + 1
    back = [(frame.opcode, bytes(frame.data)) for frame in peer.frames(len(expected))]
    # A pong may overtake the answer to a message that the application still has; each kind keeps its own order.
    for pongs in (True, False):
        assert [it for it in back if (it[0] is Opcode.PONG) == pongs] == [it for it in expected if (it[0] is Opcode.PONG) == pongs]
    peer.close()


def refuses(data: bytes) -> bool:
    """Whether the reference, as a server, takes these bytes for a breach."""
    judge = Protocol(Side.SERVER, max_size=LIMIT)
    judge.receive_data(data)
    return judge.parser_exc is not None


# Masked and four bytes long, whatever the first byte says.
small_frames = st.builds(lambda first, rest: bytes([first, 0x84]) + rest, st.integers(0, 255), st.binary(min_size=8, max_size=8))


@settings(max_examples=150, deadline=None)
@given(data=st.one_of(st.binary(min_size=1, max_size=60), small_frames))
def test_what_the_reference_refuses_is_refused(uvicorn_alone: Served, data):
    assume(refuses(data))
    peer = uvicorn_alone.socket("/echo")
    peer.send(data)
    assert peer.close_code() in {1002, 1007, 1009}
    peer.close()


@pytest.fixture(scope="module")
def uvicorn_alone():
    with serving("uvicorn") as served:
        yield served
