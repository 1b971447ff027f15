"""The hub: puts a blog's frames in order, fills gaps from the database once for all its readers, and fans them out.

Invariant: every reader of a feed has been offered exactly the numbers up to `feed.head` since its `hello`, in order. All methods run on
the process's one event loop, so nothing comes between reading `head` and adding a reader.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.db import Error as DatabaseError

from liveblog.wire.reader import TOO_SLOW, Reader
from newsroom import frames, selectors
from newsroom.frames import Numbered

log = logging.getLogger(__name__)

# A frame that came too early waits this long for the ones before it; then the database is asked.
PATIENCE_SECONDS = 0.06
MAX_PARKED = 2000

BLOG_GONE = 4404


@dataclass(eq=False)
class Feed:
    """One blog with readers in this process. `head` and `token` are of the last number fanned out."""

    blog_id: int
    slug: str
    epoch: str
    head: int
    token: int
    readers: set[Reader] = field(default_factory=set)
    parked: dict[int, Numbered] = field(default_factory=dict)
    filling: asyncio.Task[None] | None = None

    def hello(self) -> str:
        return frames.encode(frames.hello(epoch=self.epoch, head=self.head, token=self.token))

    def heartbeat(self) -> str:
        return frames.encode(frames.head(head=self.head, token=self.token))


class Hub:
    def __init__(self) -> None:
        self.feeds: dict[int, Feed] = {}
        self._by_slug: dict[str, Feed] = {}
        self._opening: dict[str, asyncio.Task[Feed | None]] = {}

    # Readers

    async def feed_of(self, slug: str) -> Feed | None:
        """The feed of a public blog, opened if this is its first reader here. None where there is no such blog. Raises `DatabaseError`."""
        feed = self._by_slug.get(slug)
        if feed is not None:
            return feed
        opening = self._opening.get(slug)
        if opening is None:
            opening = asyncio.create_task(self._open(slug))
            self._opening[slug] = opening
            opening.add_done_callback(lambda _: self._opening.pop(slug, None))
        return await asyncio.shield(opening)

    async def _open(self, slug: str) -> Feed | None:
        found = await database_sync_to_async(_blog_and_head, thread_sensitive=False)(slug)
        if found is None:
            return None
        blog_id, head = found
        feed = Feed(blog_id=blog_id, slug=slug, epoch=head.epoch, head=head.seq, token=head.token)
        self.feeds[blog_id] = feed
        self._by_slug[slug] = feed
        # What was committed between that look and this line, and pushed meanwhile, nobody here saw: look again.
        self._fill_soon(feed, patience=0.0)
        return feed

    def join(self, feed: Feed, reader: Reader) -> None:
        """From here on the reader is offered every number above the head that its hello names."""
        reader.offer(feed.hello())
        feed.readers.add(reader)
        if self.feeds.get(feed.blog_id) is not feed:
            # It was given up while the reader's socket was opening, and heard nothing since.
            self.feeds[feed.blog_id] = feed
            self._by_slug[feed.slug] = feed
            self._fill_soon(feed, patience=0.0)

    def leave(self, feed: Feed, reader: Reader) -> None:
        feed.readers.discard(reader)
        if not feed.readers:
            self._forget(feed)

    def _forget(self, feed: Feed) -> None:
        if feed.filling:
            feed.filling.cancel()
        if self.feeds.get(feed.blog_id) is feed:
            del self.feeds[feed.blog_id]
        if self._by_slug.get(feed.slug) is feed:
            del self._by_slug[feed.slug]

    # Frames

    def receive(self, *, blog_id: int, epoch: str, frame: Numbered) -> None:
        """A push from the channel layer: it may come twice, late, early or not at all."""
        feed = self.feeds.get(blog_id)
        if feed is None or epoch != feed.epoch or frame.seq <= feed.head:
            return
        if frame.seq == feed.head + 1:
            self._fan_out(feed, frame)
            self._drain(feed)
        elif len(feed.parked) < MAX_PARKED:
            feed.parked[frame.seq] = frame
        if feed.parked:
            self._fill_soon(feed, patience=PATIENCE_SECONDS)

    def _fan_out(self, feed: Feed, frame: Numbered) -> None:
        feed.head, feed.token = frame.seq, frame.token
        for reader in feed.readers:
            reader.offer(frame.text)

    def _drain(self, feed: Feed) -> None:
        while (frame := feed.parked.pop(feed.head + 1, None)) is not None:
            self._fan_out(feed, frame)

    def _fill_soon(self, feed: Feed, *, patience: float) -> None:
        if feed.filling is None or feed.filling.done():
            feed.filling = asyncio.create_task(self._fill(feed, patience))

    async def _fill(self, feed: Feed, patience: float) -> None:
        """Asks the database, once for all readers of the feed, for every number after its head."""
        await asyncio.sleep(patience)
        if patience and not feed.parked:
            return
        try:
            while True:
                known = (feed.epoch, feed.head, feed.token)
                answer = await database_sync_to_async(selectors.numbers_after, thread_sensitive=False)(feed.blog_id, *known)
                if answer is None:
                    await self.rewind(feed)
                    return
                for frame in answer:
                    if frame.seq == feed.head + 1:
                        self._fan_out(feed, frame)
                feed.parked = {seq: frame for seq, frame in feed.parked.items() if seq > feed.head}
                self._drain(feed)
                if len(answer) < selectors.MAX_CHANGES:
                    return
        except DatabaseError as error:
            log.warning("Could not fill the gap after %s/%s: %s. The sync loop tries again.", feed.slug, feed.head, error)

    # What the sync loop found

    def compare(self, feed: Feed, state: selectors.Head | None) -> None:
        """Judges a feed by its blog's head in the database; None means that readers may not see the blog any more."""
        if not feed.readers:
            self._forget(feed)
        elif state is None:
            for reader in feed.readers:
                reader.close(BLOG_GONE)
        elif state.epoch != feed.epoch or state.seq < feed.head or (state.seq == feed.head and state.token != feed.token):
            feed.filling = asyncio.create_task(self.rewind(feed))
        elif state.seq > feed.head:
            self._fill_soon(feed, patience=0.0)

    async def rewind(self, feed: Feed) -> None:
        """The history is another one (a restored database, a new epoch): every reader starts from the page again."""
        found = await database_sync_to_async(_blog_and_head, thread_sensitive=False)(feed.slug)
        if found is None:
            self.compare(feed, None)
            return
        _, head = found
        feed.epoch, feed.head, feed.token = head.epoch, head.seq, head.token
        feed.parked.clear()
        text = frames.encode(frames.reset())
        for reader in feed.readers:
            reader.offer(text)

    def beat(self, feed: Feed) -> None:
        """The heartbeat: the newest number, and the moment to let go of readers who stopped reading."""
        now = asyncio.get_running_loop().time()
        text = feed.heartbeat()
        for reader in feed.readers:
            if reader.is_stuck(now):
                reader.close(TOO_SLOW)
            else:
                reader.offer(text)


def _blog_and_head(slug: str) -> tuple[int, selectors.Head] | None:
    blog = selectors.public_blog(slug)
    return (blog.pk, selectors.head_of(blog)) if blog else None


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def current_hub() -> Hub:
    """The hub of the running event loop: one a server process."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
    return hub
