"""One answer as bytes: its headers, its body, and the body compressed, all made once."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field

import brotli

Headers = list[tuple[bytes, bytes]]
Answer = tuple[int, Headers, bytes]

# Below this a compressed body saves less than a packet.
WORTH_COMPRESSING = 600
# Each runs once a change and is read by thousands: still, a change must not wait for the last percent.
BROTLI_QUALITY = 5
GZIP_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Ready:
    """What Django said, ready to send. `answer(…)` gives the two ASGI messages' contents for one request."""

    status: int
    headers: Headers
    body: bytes
    etag: bytes
    compressed: dict[bytes, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.body) + sum(map(len, self.compressed.values())) + 1024

    def answer(self, *, accepts: bytes, none_match: bytes, head: bool) -> Answer:
        """Status, headers and body for a request with these `Accept-Encoding` and `If-None-Match`."""
        if none_match and self.etag and matches(none_match, self.etag):
            return 304, [*self.headers, (b"etag", self.etag)], b""
        encoding = next((name for name in (b"br", b"gzip") if name in self.compressed and allows(accepts, name)), b"")
        body = self.compressed[encoding] if encoding else self.body
        headers = [*self.headers, (b"content-length", b"%d" % len(body))]
        if self.etag:
            headers.append((b"etag", b"W/" + self.etag if encoding else self.etag))
        if encoding:
            headers.append((b"content-encoding", encoding))
        return self.status, headers, b"" if head else body


def made_ready(status: int, headers: Headers, body: bytes) -> Ready:
    """Takes apart what the two messages say twice, and compresses. Slow: call it in a thread."""
    kept = [(name, value) for name, value in headers if name.lower() not in {b"content-length", b"etag", b"content-encoding"}]
    said = next((value for name, value in headers if name.lower() == b"etag"), b"")
    if not any(name.lower() == b"vary" for name, _ in kept):
        kept.append((b"Vary", b"Accept-Encoding"))
    # Only what is kept has a name.
    etag = (said or b'"' + hashlib.blake2b(body, digest_size=12).hexdigest().encode() + b'"') if status == 200 else b""
    ready = Ready(status, kept, body, etag)
    if len(body) >= WORTH_COMPRESSING:
        ready.compressed[b"br"] = brotli.compress(body, quality=BROTLI_QUALITY)
        ready.compressed[b"gzip"] = gzip.compress(body, GZIP_LEVEL, mtime=0)
    return ready


def matches(none_match: bytes, etag: bytes) -> bool:
    """Weak comparison, as `If-None-Match` asks."""
    return none_match.strip() == b"*" or etag in {item.strip().removeprefix(b"W/") for item in none_match.split(b",")}


def allows(accepts: bytes, encoding: bytes) -> bool:
    """Whether an `Accept-Encoding` names the encoding and does not weigh it nothing."""
    for item in accepts.split(b","):
        name, _, weight = item.partition(b";")
        if name.strip().lower() == encoding:
            return weight.replace(b" ", b"").rstrip(b"0").rstrip(b".") not in {b"q=", b"q=0"}
    return False
