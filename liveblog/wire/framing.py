"""RFC 6455 §5.2: the bytes of a server's text frame, unmasked and whole."""

from __future__ import annotations

import struct

FIN_TEXT = 0x81


def text_frame(text: str) -> bytes:
    """One text message as one frame."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return bytes((FIN_TEXT, size)) + payload
    if size < 1 << 16:
        return bytes((FIN_TEXT, 126)) + struct.pack("!H", size) + payload
    return bytes((FIN_TEXT, 127)) + struct.pack("!Q", size) + payload
