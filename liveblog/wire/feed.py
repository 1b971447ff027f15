"""One blog's readers in this process, and how a frame gets to all of them.

A frame is encoded once a process and framed once a process; the same buffer goes to every transport. Frames that arrive within one turn
of the event loop, or shortly after a fan-out that took its time, leave in one write.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

from liveblog.wire.framing import text_frame
from liveblog.wire.reader import MAX_UNSENT_BYTES, Reader
from newsroom import frames
from newsroom.frames import Frame, Numbered
from newsroom.selectors import Head

TOO_SLOW = 4008
# A reader who lags that long has stopped reading.
LAGGING_SECONDS = 45.0
# After a fan-out the next one waits as long as it took, at most so long. The relay hears one message in a few turns of the loop: without
# the pause a burst would go out frame by frame, at six times the cost a delivery and with the last reader served last by far.
MOST_REST_SECONDS = 0.02


class Feed:
    """`head` and `token` are of the last number fanned out.

    Invariant: each reader in `readers` has been pushed, or is about to be by the next `flush`, exactly the numbers between its
    `hello` (or its last `head`) and `head`, in order. A reader in `lagging` is pushed nothing.
    """

    def __init__(self, *, blog_id: int, slug: str, epoch: str, head: int, token: int) -> None:
        self.blog_id = blog_id
        self.slug = slug
        self.epoch = epoch
        self.head = head
        self.token = token
        self.readers_shown = False
        self.readers: set[Reader] = set()
        self.lagging: dict[Reader, float] = {}
        self.parked: dict[int, Numbered] = {}
        self.filling: asyncio.Task[None] | None = None
        self._outbox: list[str] = []
        self._rested_at = 0.0
        self._count_shown: int | None = None

    @property
    def position(self) -> Head:
        return Head(self.epoch, self.head, self.token)

    @property
    def count(self) -> int:
        """How many pages are open here."""
        return len(self.readers) + len(self.lagging)

    def everyone(self) -> list[Reader]:
        return [*self.readers, *self.lagging]

    # Coming and going

    def join(self, reader: Reader) -> None:
        """From here on the reader is pushed every number above the head that its hello names."""
        self.flush()
        self._push_to(reader, frames.hello(epoch=self.epoch, head=self.head, token=self.token))
        if self._count_shown is not None:
            self._push_to(reader, frames.readers(self._count_shown))
        self.readers.add(reader)

    def leave(self, reader: Reader) -> None:
        self.readers.discard(reader)
        self.lagging.pop(reader, None)

    # Frames

    def fan_out(self, frame: Numbered) -> None:
        """The next number, to everyone who keeps up, by the next `flush`."""
        self.head, self.token = frame.seq, frame.token
        self._queue(frame.text)

    def tell(self, frame: Frame) -> None:
        """A frame without a number, to everyone who keeps up."""
        self._queue(frames.encode(frame))

    def show_count(self, count: int | None) -> None:
        """How many read now, to everyone, where it is not what they were told last; None: it is not shown (any more)."""
        if count != self._count_shown:
            self._count_shown = count
            self.tell(frames.readers(count))

    def _queue(self, text: str) -> None:
        if not self._outbox:
            loop = asyncio.get_running_loop()
            loop.call_at(max(self._rested_at, loop.time()), self.flush)
        self._outbox.append(text)

    def flush(self) -> None:
        """Writes what has come since the last time; a large burst in pieces, so that no reader is ever owed much more than may be."""
        texts, self._outbox = self._outbox, []
        if not texts:
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        for piece, data in _pieces(texts):
            behind = [reader for reader in self.readers if not reader.push(data, piece)]
            if behind:
                self.readers.difference_update(behind)
                self.lagging.update(dict.fromkeys(behind, loop.time()))
        ended = loop.time()
        self._rested_at = ended + min(ended - began, MOST_REST_SECONDS)

    def tend(self) -> None:
        """Looks after those who lag: who has drained gets the newest number and fetches the rest; who reads no more is let go."""
        now = asyncio.get_running_loop().time()
        self.flush()
        for reader, since in list(self.lagging.items()):
            if reader.drained():
                del self.lagging[reader]
                self._push_to(reader, self._head_frame())
                self.readers.add(reader)
            elif now - since > LAGGING_SECONDS:
                reader.close(TOO_SLOW)

    def beat(self) -> None:
        """The heartbeat names the newest number, so a page that lost a frame without noticing asks for it."""
        self.tell(self._head_frame())

    def _head_frame(self) -> Frame:
        return frames.head(head=self.head, token=self.token)

    def _push_to(self, reader: Reader, frame: Frame) -> None:
        text = frames.encode(frame)
        reader.push(text_frame(text), (text,))


def _pieces(texts: Iterable[str]) -> Iterator[tuple[list[str], bytes]]:
    """The texts in runs of at most MAX_UNSENT_BYTES, each with its ready bytes. A single larger frame is a run of its own."""
    piece: list[str] = []
    ready: list[bytes] = []
    size = 0
    for text in texts:
        data = text_frame(text)
        if piece and size + len(data) > MAX_UNSENT_BYTES:
            yield piece, b"".join(ready)
            piece, ready, size = [], [], 0
        piece.append(text)
        ready.append(data)
        size += len(data)
    if piece:
        yield piece, b"".join(ready)
