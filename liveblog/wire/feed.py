"""One blog's readers in this process, and how a frame gets to all of them.

A frame is encoded once a process and framed once a process; the same buffer goes to every transport. Frames that arrive within one turn
of the event loop, while a fan-out is under way, or shortly after one that took its time, leave in one write. A fan-out to many is done
in slices, so that no blog's crowd keeps the process from the others.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Iterator

from liveblog.wire.framing import text_frame
from liveblog.wire.reader import MAX_UNSENT_BYTES, Reader
from newsroom import frames
from newsroom.frames import Frame, Numbered
from newsroom.selectors import Head

log = logging.getLogger(__name__)

TOO_SLOW = 4008
# A reader who lags that long has stopped reading.
LAGGING_SECONDS = 45.0
# After a fan-out the next one waits as long as it took, at most so long. The relay hears one message in a few turns of the loop: without
# the pause a burst would go out frame by frame, at six times the cost a delivery and with the last reader served last by far.
MOST_REST_SECONDS = 0.05
# After so long a fan-out lets the event loop turn. Another blog's frame needs some five turns from Redis to its readers.
SLICE_SECONDS = 0.001
# After so many readers it looks at the clock.
LOOK_EVERY = 8
# Of so many numbers a feed knows that nothing was withdrawn since, some 100 kilobytes at most; a page that is older is not shown as it was.
MOST_REMEMBERED = 3000

# How often history was wound back here, its epoch, the last number fanned out and its token, and the highest number heard of.
Heard = tuple[int, str, int, int, int]

_DONE = object()


class Feed:
    """`head` and `token` are of the last number fanned out.

    What waits to be written is a row of numbered batches. `readers` holds for each reader the first batch that it is owed: those before
    it hold numbers that its `hello` (or its last `head`) has named already.

    Invariant: each reader in `readers` has been pushed, or is going to be, exactly the numbers between its `hello` (or its last `head`)
    and `head`, in order. A reader in `lagging` is pushed nothing.
    """

    def __init__(self, *, blog_id: int, slug: str, epoch: str, head: int, token: int) -> None:
        self.blog_id = blog_id
        self.slug = slug
        self.epoch = epoch
        self.head = head
        self.token = token
        self.readers_shown = False
        self.readers: dict[Reader, int] = {}
        self.lagging: dict[Reader, float] = {}
        self.parked: dict[int, Numbered] = {}
        # The one task that asks the database for this feed, to fill it or to wind it back.
        self.filling: asyncio.Task[None] | None = None
        # Something was pushed that does not belong to the history that this feed has fanned out; the database has not been asked since.
        self.doubted = False
        # How often it was wound back: an answer from before the last time is of another history.
        self.rewinds = 0
        # The tokens of the numbers up to the head, from the last rewind or opening on; and the last number that withdrew something.
        self._tokens = deque([token], maxlen=MOST_REMEMBERED)
        self._withdrew = head
        # The batch that still grows and its number; those that nothing is added to any more; the writing of those.
        self._outbox: list[str] = []
        self._batch = 0
        self._sealed: deque[tuple[int, list[str]]] = deque()
        self._writing: Iterator[None] | None = None
        self._due: asyncio.Handle | None = None
        self._began = self._rested_at = self._slice_ends = 0.0
        self._count_shown: int | None = None

    @property
    def position(self) -> Head:
        return Head(self.epoch, self.head, self.token)

    @property
    def heard(self) -> Heard:
        """All that is known here of what the database holds: a number that came too early is committed, and so are those before it."""
        return self.rewinds, self.epoch, self.head, self.token, max(self.parked, default=self.head)

    @property
    def count(self) -> int:
        """How many pages are open here."""
        return len(self.readers) + len(self.lagging)

    def withdrew_nothing_since(self, heard: Heard) -> bool:
        """Whether a page for which this was known may still be shown: nothing was withdrawn after it, as far as is known here.

        False where that cannot be known: another history, a number from before this feed was opened, one too long ago.
        """
        rewinds, epoch, seq, token, highest = heard
        if (rewinds, epoch) != (self.rewinds, self.epoch):
            return False
        if any(frame.withdraws for number, frame in self.parked.items() if number > highest):
            return False
        return self._withdrew <= seq and self.token_of(seq) == token

    def token_of(self, seq: int) -> int | None:
        """Of a number that was fanned out here, or the head was opened at; None where that is too long ago, or was never."""
        back = self.head - seq
        return self._tokens[-1 - back] if 0 <= back < len(self._tokens) else None

    def everyone(self) -> list[Reader]:
        return [*self.readers, *self.lagging]

    # Coming and going

    def join(self, reader: Reader) -> None:
        """From here on the reader is pushed every number above the head that its hello names."""
        self._push_to(reader, frames.hello(epoch=self.epoch, head=self.head, token=self.token))
        if self._count_shown is not None:
            self._push_to(reader, frames.readers(self._count_shown))
        self._owe_from_here(reader)

    def _owe_from_here(self, reader: Reader) -> None:
        self._seal()
        self.readers[reader] = self._batch

    def leave(self, reader: Reader) -> None:
        self.readers.pop(reader, None)
        self.lagging.pop(reader, None)

    # Frames

    def fan_out(self, frame: Numbered) -> None:
        """The next number, to everyone who keeps up, soon."""
        self.head, self.token = frame.seq, frame.token
        if frame.withdraws:
            self._withdrew = frame.seq
        self._tokens.append(frame.token)
        self._queue(frame.text)

    def rewind(self, head: Head) -> None:
        """From here on it is another history, which stands at `head`; everyone who keeps up is told to start anew."""
        self.epoch, self.head, self.token = head.epoch, head.seq, head.token
        self.rewinds += 1
        self._tokens.clear()
        self._tokens.append(head.token)
        self._withdrew = head.seq
        self.parked.clear()
        self.tell(frames.reset(head=head.seq, token=head.token))

    def tell(self, frame: Frame) -> None:
        """A frame without a number, to everyone who keeps up."""
        self._queue(frames.encode(frame))

    def show_count(self, count: int | None) -> None:
        """How many read now, to everyone, where it is not what they were told last; None: it is not shown (any more)."""
        if count != self._count_shown:
            self._count_shown = count
            self.tell(frames.readers(count))

    def _queue(self, text: str) -> None:
        self._outbox.append(text)
        if self._due is None:
            loop = asyncio.get_running_loop()
            self._due = loop.call_at(max(self._rested_at, loop.time()), self._write_on)

    def _seal(self) -> None:
        if self._outbox:
            self._sealed.append((self._batch, self._outbox))
            self._outbox = []
            self._batch += 1

    def _write_on(self) -> None:
        """One slice of what waits, or the beginning of it."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._slice_ends = now + SLICE_SECONDS
        if self._writing is None:
            self._seal()
            self._began = now
            self._writing = self._write_sealed()
        try:
            more = next(self._writing, _DONE) is not _DONE
        except Exception:
            # Who was left out finds a gap, and asks.
            log.exception("Frames of %s could not be written to everyone.", self.slug)
            more = False
        if more:
            self._due = loop.call_soon(self._write_on)
            return
        self._writing = None
        ended = loop.time()
        self._rested_at = ended + min(ended - self._began, MOST_REST_SECONDS)
        self._due = loop.call_at(self._rested_at, self._write_on) if self._outbox or self._sealed else None

    def flush(self) -> None:
        """Writes everything now, however long that takes."""
        if self._due is not None:
            self._due.cancel()
        self._seal()
        for _ in self._writing or self._write_sealed():
            pass
        self._writing = self._due = None

    def _write_sealed(self) -> Iterator[None]:
        """Writes every sealed batch; a large burst in pieces, so that no reader is ever owed much more than may be.

        Stops where the slice ends, and after each piece: a queue is only emptied while the loop turns.
        """
        loop = asyncio.get_running_loop()
        while self._sealed:
            batch, texts = self._sealed.popleft()
            for piece, data in _pieces(texts):
                for number, reader in enumerate(list(self.readers), 1):
                    # They come and go between two slices.
                    if self.readers.get(reader, batch + 1) > batch:
                        continue
                    try:
                        keeps_up = reader.push(data, piece)
                    except Exception:
                        # A fault in one reader's connection is that reader's alone.
                        log.exception("A reader could not be written to.")
                        keeps_up = False
                    if not keeps_up:
                        del self.readers[reader]
                        self.lagging[reader] = loop.time()
                    if number % LOOK_EVERY == 0 and loop.time() >= self._slice_ends:
                        yield
                yield

    def tend(self) -> None:
        """Looks after those who lag: who has drained gets the newest number and fetches the rest; who reads no more is let go."""
        now = asyncio.get_running_loop().time()
        for reader, since in list(self.lagging.items()):
            if reader.drained():
                del self.lagging[reader]
                self._push_to(reader, self._head_frame())
                self._owe_from_here(reader)
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
