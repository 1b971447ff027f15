"""RFC 6455 as seen by a server, as pure functions: bytes in, facts out. Section numbers are the standard's."""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterable
from typing import NamedTuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
OPCODES = frozenset({CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG})
MAX_CONTROL_BYTES = 125

NORMAL = 1000
PROTOCOL_ERROR = 1002
NO_CODE = 1005
ABNORMAL = 1006
BAD_DATA = 1007
TOO_BIG = 1009
SERVER_ERROR = 1011
# The product's own, as for messages (docs/contracts/frames.md).
TOO_MANY = 4029

# §1.3
ACCEPT_SALT = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
VERSION = b"13"


class Fault(Exception):
    """The peer broke the protocol. `code` is the close code that tells it so, `reason` the sentence."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Refusal(Exception):
    """A handshake that gets an HTTP answer instead of a websocket."""

    def __init__(self, status: int, phrase: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(f"{status} {phrase}")
        self.status = status
        self.phrase = phrase
        self.headers = headers


class Frame(NamedTuple):
    """One frame, unmasked. `end` is where the next one begins."""

    final: bool
    opcode: int
    payload: bytes
    end: int


def read_frame(data: bytes | bytearray, start: int, *, limit: int) -> Frame | None:
    """The frame of a client that begins at `start`, or None while it is not all there. Raises `Fault` as early as it can be told (§5.2)."""
    have = len(data) - start
    if have < 2:
        return None
    first, second = data[start], data[start + 1]
    opcode, final, size = first & 0x0F, first >= 0x80, second & 0x7F
    if first & 0x70:
        raise Fault(PROTOCOL_ERROR, "a reserved bit is set and no extension was agreed")
    if opcode not in OPCODES:
        raise Fault(PROTOCOL_ERROR, "unknown opcode")
    if second < 0x80:
        raise Fault(PROTOCOL_ERROR, "a client's frame is masked")
    if opcode >= CLOSE and (size > MAX_CONTROL_BYTES or not final):
        raise Fault(PROTOCOL_ERROR, "a control frame is short and whole")
    head = 2
    if size == 126:
        head = 4
        if have < head:
            return None
        (size,) = struct.unpack_from("!H", data, start + 2)
        if size < 126:
            raise Fault(PROTOCOL_ERROR, "the length is written the shortest way")
    elif size == 127:
        head = 10
        if have < head:
            return None
        (size,) = struct.unpack_from("!Q", data, start + 2)
        if size < 1 << 16 or size >= 1 << 63:
            raise Fault(PROTOCOL_ERROR, "the length is written the shortest way and has 63 bits")
    if size > limit:
        raise Fault(TOO_BIG, "the message is too long")
    payload = start + head + 4
    end = payload + size
    if len(data) < end:
        return None
    return Frame(final, opcode, masked(data[payload:end], data[payload - 4 : payload]), end)


def masked(payload: bytes | bytearray, key: bytes | bytearray) -> bytes:
    """§5.3: every byte with its byte of the key. Its own inverse. One operation on long numbers, not one a byte."""
    size = len(payload)
    pad = (bytes(key) * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(pad, "little")).to_bytes(size, "little")


def frame(opcode: int, payload: bytes) -> bytes:
    """A server's frame: whole, unmasked."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", 0x80 | opcode, 126, size) + payload
    return struct.pack("!BBQ", 0x80 | opcode, 127, size) + payload


EMPTY_PING = frame(PING, b"")


def close_frame(code: int, reason: str = "") -> bytes:
    text = reason.encode()[: MAX_CONTROL_BYTES - 2]
    # A character that was cut in half would make the frame itself a fault.
    whole = text.decode(errors="ignore").encode()
    return frame(CLOSE, struct.pack("!H", code) + whole)


def read_close(payload: bytes) -> tuple[int, str]:
    """The code and reason of a close frame (§5.5.1, §7.4). Raises `Fault`."""
    if not payload:
        return NO_CODE, ""
    if len(payload) == 1:
        raise Fault(PROTOCOL_ERROR, "half a close code")
    (code,) = struct.unpack_from("!H", payload)
    if not (3000 <= code <= 4999 or 1000 <= code <= 1014) or code in {1004, NO_CODE, ABNORMAL}:
        raise Fault(PROTOCOL_ERROR, "not a close code that may be sent")
    try:
        return code, payload[2:].decode()
    except UnicodeDecodeError as error:
        raise Fault(BAD_DATA, "the reason is not UTF-8") from error


def accept_key(key: bytes) -> bytes:
    """§4.2.2: what proves to the client that a websocket server has read its key."""
    return base64.b64encode(hashlib.sha1(key + ACCEPT_SALT, usedforsecurity=False).digest())


def check_handshake(*, method: bytes, http_version: str, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Judges a request that asks for a websocket (§4.2.1); header names in lower case. Returns the accept key. Raises `Refusal`."""
    values: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    if method != b"GET":
        raise Refusal(405, "Method Not Allowed", (b"Allow", b"GET"))
    if http_version != "1.1" or len(values.get(b"host", ())) != 1:
        raise Refusal(400, "Bad Request")
    if values.get(b"transfer-encoding") or values.get(b"content-length", [b"0"]) != [b"0"]:
        raise Refusal(400, "Bad Request")
    if not (_has(values, b"upgrade", b"websocket") and _has(values, b"connection", b"upgrade")):
        raise Refusal(400, "Bad Request")
    if values.get(b"sec-websocket-version") != [VERSION]:
        raise Refusal(426, "Upgrade Required", (b"Sec-WebSocket-Version", VERSION), (b"Upgrade", b"websocket"))
    keys = values.get(b"sec-websocket-key", [])
    try:
        right = len(keys) == 1 and len(base64.b64decode(keys[0], validate=True)) == 16
    except binascii.Error:
        right = False
    if not right:
        raise Refusal(400, "Bad Request")
    return accept_key(keys[0])


def _has(values: dict[bytes, list[bytes]], name: bytes, token: bytes) -> bool:
    return any(part.strip().lower() == token for value in values.get(name, ()) for part in value.split(b","))
