"""The hub: puts a blog's frames in order and fills gaps from the database, once for all its readers in this process.

All methods run on the process's one event loop, so nothing comes between reading a feed's head and adding a reader to it.
"""

from __future__ import annotations

import asyncio
import logging
from weakref import WeakKeyDictionary

from django.db import Error as DatabaseError

from liveblog.wire.asking import ask_database
from liveblog.wire.capacity import Capacity
from liveblog.wire.feed import Feed
from liveblog.wire.presence import Presence
from liveblog.wire.reader import Reader
from newsroom import selectors
from newsroom.frames import Numbered

log = logging.getLogger(__name__)

# A frame that came too early waits this long for the ones before it; then the database is asked.
PATIENCE_SECONDS = 0.06
MAX_PARKED = 2000
# A feed that was asked for its head stays open so long without a reader: pages are served by what it knows.
WATCHED_SECONDS = 60.0

NOT_HERE = 4404


class Hub:
    def __init__(self) -> None:
        self.feeds: dict[int, Feed] = {}
        self._by_slug: dict[str, Feed] = {}
        self._opening: dict[str, asyncio.Task[Feed | None]] = {}
        self._watched: dict[Feed, float] = {}
        self._rewinding: set[Feed] = set()
        # As the sync loop found it last.
        self.database_away = False
        self.presence = Presence()
        self.capacity = Capacity()

    # Feeds

    def known(self, slug: str) -> Feed | None:
        """The open feed of a blog, kept open for a while yet."""
        feed = self._by_slug.get(slug)
        if feed is not None:
            self._watched[feed] = asyncio.get_running_loop().time() + WATCHED_SECONDS
        return feed

    async def feed_of(self, slug: str) -> Feed | None:
        """The feed of a public blog, opened if need be; None where there is no such blog. Raises `DatabaseError`."""
        feed = self.known(slug)
        if feed is not None:
            return feed
        opening = self._opening.get(slug)
        if opening is None:
            opening = asyncio.create_task(self._open(slug))
            self._opening[slug] = opening
            opening.add_done_callback(lambda _: self._opening.pop(slug, None))
        return await asyncio.shield(opening)

    async def _open(self, slug: str) -> Feed | None:
        state = await ask_database(selectors.feed_state, slug)
        if state is None:
            return None
        head = state.head
        feed = Feed(blog_id=state.blog_id, slug=slug, epoch=head.epoch, head=head.seq, token=head.token)
        feed.readers_shown = state.readers_shown
        self._keep(feed)
        # What was committed between that look and this line, and pushed meanwhile, nobody here saw: look again.
        self._fill_soon(feed, patience=0.0)
        return feed

    def _keep(self, feed: Feed) -> None:
        self.feeds[feed.blog_id] = self._by_slug[feed.slug] = feed
        self.known(feed.slug)

    def join(self, feed: Feed, reader: Reader) -> None:
        """From here on the reader is pushed every number above the head that its hello names."""
        feed.join(reader)
        if self.feeds.get(feed.blog_id) is not feed:
            # It was given up while the reader's socket was opening, and heard nothing since.
            self._keep(feed)
            self._fill_soon(feed, patience=0.0)

    def leave(self, feed: Feed, reader: Reader) -> None:
        feed.leave(reader)

    def forget_idle(self) -> None:
        """Gives up the feeds that nobody reads and no page was asked of lately: from then on they cost nothing."""
        now = asyncio.get_running_loop().time()
        for feed in list(self.feeds.values()):
            if not feed.count and self._watched.get(feed, 0.0) < now:
                self._forget(feed)

    def _forget(self, feed: Feed) -> None:
        if feed.filling:
            feed.filling.cancel()
        self._watched.pop(feed, None)
        self.presence.forget(feed)
        if self.feeds.get(feed.blog_id) is feed:
            del self.feeds[feed.blog_id]
        if self._by_slug.get(feed.slug) is feed:
            del self._by_slug[feed.slug]

    # Frames

    def receive(self, *, blog_id: int, epoch: str, frame: Numbered) -> None:
        """A push from the channel layer: it may come twice, late, early or not at all."""
        feed = self.feeds.get(blog_id)
        if feed is None:
            return
        if epoch != feed.epoch:
            self._doubt(feed)
            return
        if frame.seq <= feed.head:
            if feed.token_of(frame.seq) not in {None, frame.token}:
                # Not what was fanned out under that number: a restored database has begun to grow again.
                self._doubt(feed)
            return
        if frame.seq == feed.head + 1:
            feed.parked[frame.seq] = frame
            if not self._drain(feed):
                self._doubt(feed)
        elif len(feed.parked) < MAX_PARKED:
            feed.parked[frame.seq] = frame
        if feed.parked:
            self._fill_soon(feed, patience=PATIENCE_SECONDS)

    def _drain(self, feed: Feed) -> bool:
        """Fans out what is next in line; False where that belongs to another history than this feed, and is dropped."""
        while (frame := feed.parked.pop(feed.head + 1, None)) is not None:
            if frame.follows not in {None, feed.token}:
                # It follows another number than the one fanned out here: a restored database has already grown past it.
                return False
            feed.fan_out(frame)
        return True

    def _fill_soon(self, feed: Feed, *, patience: float) -> None:
        if feed.filling is None or feed.filling.done():
            feed.filling = asyncio.create_task(self._fill(feed, patience))

    def _doubt(self, feed: Feed) -> None:
        """History was wound back, or that push was a late one of a history that was lost before: the database knows."""
        feed.doubted = True
        self._fill_soon(feed, patience=0.0)

    def _rewind_soon(self, feed: Feed) -> None:
        """In place of what fills the feed, which may hold rows of the history that is gone. A rewind under way is let be."""
        if feed in self._rewinding:
            return
        if feed.filling:
            feed.filling.cancel()
        feed.filling = asyncio.create_task(self._start_anew(feed))

    async def _start_anew(self, feed: Feed) -> None:
        if await self.rewind(feed):
            await self._fill(feed, 0.0)

    async def _fill(self, feed: Feed, patience: float) -> None:
        """Asks the database, once for all readers of the feed, for every number after its head."""
        await asyncio.sleep(patience)
        if patience and not feed.parked and not feed.doubted:
            return
        try:
            while True:
                feed.doubted = False
                known, rewinds = (feed.epoch, feed.head, feed.token), feed.rewinds
                answer = await ask_database(selectors.numbers_after, feed.blog_id, *known)
                if feed.rewinds != rewinds:
                    # It was wound back in the meantime: the answer is of the history before.
                    continue
                if answer is None or any(frame.seq == feed.head and frame.token != feed.token for frame in answer):
                    # That position is of another history, or what was pushed while the database was asked.
                    if not await self.rewind(feed):
                        return
                    if feed.rewinds == rewinds:
                        # It stands where it stood. Without a further doubt the sync loop judges.
                        if not feed.doubted:
                            return
                        await asyncio.sleep(PATIENCE_SECONDS)
                    # The first numbers of the new history may have come meanwhile, and been dropped.
                    continue
                for frame in answer:
                    if frame.seq == feed.head + 1:
                        feed.fan_out(frame)
                feed.parked = {seq: frame for seq, frame in feed.parked.items() if seq > feed.head}
                if not self._drain(feed):
                    feed.doubted = True
                if len(answer) == selectors.MAX_CHANGES:
                    continue
                if feed.doubted:
                    # What brings doubts may go on doing so: a site of the same name on the same bus, a process of another history.
                    await asyncio.sleep(PATIENCE_SECONDS)
                    continue
                if not feed.parked or feed.head == known[1]:
                    return
                # A gap that opened while the database was asked for the one before. Where no answer moves the head, the sync loop judges.
                await asyncio.sleep(PATIENCE_SECONDS)
                if not feed.parked and not feed.doubted:
                    return
        except DatabaseError as error:
            log.warning("Could not fill the gap after %s/%s: %s. The sync loop tries again.", feed.slug, feed.head, error)

    # What the sync loop found

    def compare(self, feed: Feed, state: selectors.FeedState | None, *, since: selectors.Head | None = None) -> None:
        """Judges a feed by its blog's state in the database; None means that readers may not see the blog any more.

        `since` is the feed's position from before the database was asked. What it fanned out while the answer was on its way is no
        sign of a history that was wound back.
        """
        since = since or feed.position
        if state is None:
            for reader in feed.everyone():
                reader.close(NOT_HERE)
            self._forget(feed)
            return
        feed.readers_shown = state.readers_shown
        if since.epoch != feed.epoch or feed.head < since.seq:
            # It was wound back in the meantime, and stands right.
            return
        head = state.head
        if head.epoch != since.epoch or head.seq < since.seq or (head.seq == since.seq and head.token != since.token):
            self._rewind_soon(feed)
        elif head.seq > feed.head:
            self._fill_soon(feed, patience=0.0)

    async def rewind(self, feed: Feed) -> bool:
        """The history is another one (a restored database, a new epoch): every reader starts from the page again.

        False where the database does not say where it stands now.
        """
        self._rewinding.add(feed)
        try:
            state = await ask_database(selectors.feed_state, feed.slug)
        except DatabaseError as error:
            log.warning("Could not wind %s back: %s. The sync loop tries again.", feed.slug, error)
            return False
        finally:
            self._rewinding.discard(feed)
        if state is None:
            self.compare(feed, None)
            return False
        if state.head != feed.position:
            # Else it was wound back already, by whoever noticed first.
            feed.rewind(state.head)
        return True


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def current_hub() -> Hub:
    """The hub of the running event loop: one a server process."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
    return hub
