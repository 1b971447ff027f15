"""Seeded bugs: the mistakes that this kind of system is known for, planted in a server so that the judge can show that it finds them."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from liveblog.wire import feed, relay
from liveblog.wire.feed import Feed
from liveblog.wire.reader import DirectReader
from newsroom import announce, catching_up, selectors
from newsroom.actions import changes, drafts, entries, releases
from newsroom.actions.publication import order_key, put_text
from newsroom.actions.texts import EntryText, clean_text
from newsroom.models import Change, Entry, LiveBlog, Status
from newsroom.rendering.entry import render_entry
from newsroom.rendering.snapshot import take_snapshot
from tests.faults.site.points import everywhere

# Long enough for a few changes to fall between two reads of one answer.
WINDOW_SECONDS = 0.4


def publish_before_commit() -> None:
    """Readers hear of a write while it may still be undone."""

    def announce_at_once(blog: LiveBlog, touched: list[Change]) -> None:
        announce.sender.send_soon(announce.messages_for(blog, touched, announce.tokens_before(blog, touched)))

    everywhere("announce_on_commit", announce.announce_on_commit, announce_at_once)


def no_sync_loop() -> None:
    """Nobody looks for what the push has lost."""

    async def sync(hub: Any) -> None:
        await asyncio.Event().wait()

    everywhere("sync", relay.sync, sync)


def head_read_after_rows() -> None:
    """A page names a number that is newer than what it shows. The pages that readers begin with are few, so the window is wide."""
    really = selectors.blog_page

    def blog_page(slug: str, *wanted: Any, **options: Any) -> selectors.BlogPage | None:
        page = really(slug, *wanted, **options)
        time.sleep(3 * WINDOW_SECONDS)
        return replace(page, head=selectors.head_of(LiveBlog.objects.get(slug=slug))) if page else None

    everywhere("blog_page", really, blog_page)


def group_never_reasserted() -> None:
    """A process joins the layer's group once, and the layer forgets it."""
    relay.REASSERT_SECONDS = 1e9


def no_tombstone() -> None:
    """Who catches up is not told of what was withdrawn."""
    really = catching_up.read_stretch

    def read_stretch(blog: LiveBlog, **cursor: Any) -> catching_up.Stretch:
        found = really(blog, **cursor)
        return replace(found, touched=[frame for frame in found.touched if frame["op"] != "drop"])

    everywhere("read_stretch", really, read_stretch)


def number_of_its_own() -> None:
    """Each process takes numbers by a rule of its own, so the ledger has holes."""

    def take(blog: LiveBlog, count: int) -> int:
        seq = LiveBlog.objects.select_for_update().values_list("seq", flat=True).get(pk=blog.pk) + 1 + count
        LiveBlog.objects.filter(pk=blog.pk).update(seq=seq)
        return seq

    everywhere("_number", changes._number, take)


def bypass_of_commit_change() -> None:
    """An edit goes straight to the table."""

    def edit_entry(*, actor: Any, entry: Entry, text: EntryText, base_version: int, now: datetime, key: Any = None) -> Entry:
        put_text(entry, clean_text(text, blog=entry.blog, now=now, publishing=True))
        entry.rev += 1
        fragment = render_entry(take_snapshot(entry, rev=entry.rev))
        Entry.objects.filter(pk=entry.pk).update(headline=entry.headline, blocks=entry.blocks, fragment=fragment, rev=entry.rev)
        return entry

    everywhere("edit_entry", entries.edit_entry, edit_entry)


def time_filter_instead_of_release() -> None:
    """A read compares a time with the clock, and nothing is released."""
    really_visible, really_schedule = selectors.visible_entries, drafts.schedule_entry

    def visible_entries(blog: LiveBlog) -> QuerySet[Entry]:
        return really_visible(blog) | Entry.objects.filter(blog_id=blog.pk, status=Status.SCHEDULED, scheduled_for__lte=timezone.now())

    def schedule_entry(*, entry: Entry, at: datetime, **rest: Any) -> Entry:
        planned = really_schedule(entry=entry, at=at, **rest)
        with transaction.atomic():
            planned.published_at, planned.rev = at, 1
            planned.order = order_key(at, planned.ref)
            planned.fragment = render_entry(take_snapshot(planned, rev=1))
            planned.save()
        return planned

    everywhere("visible_entries", really_visible, visible_entries)
    everywhere("schedule_entry", really_schedule, schedule_entry)
    everywhere("release_due", releases.release_due, lambda *, now: [])


def waits_for_those_before() -> None:
    """A fan-out waits until those before have taken what they were sent, as a loop of awaits does."""
    really = Feed._write_sealed

    def write_sealed(feed: Feed) -> Iterator[None]:
        for _ in really(feed):
            while any(not reader.drained() for reader in feed.readers):
                yield
            yield

    Feed._write_sealed = write_sealed  # type: ignore[method-assign]


def crowd_in_one_go() -> None:
    """Each reader's frame is built and compressed anew, and the loop turns when all have theirs."""
    really = DirectReader.push

    def push(reader: DirectReader, data: bytes, texts: Sequence[str]) -> bool:
        for text in texts:
            zlib.compress(json.dumps(json.loads(text)).encode(), 9)
        return really(reader, data, texts)

    DirectReader.push = push  # type: ignore[method-assign]
    feed.SLICE_SECONDS = 60.0


BUGS: dict[str, Callable[[], None]] = {
    bug.__name__: bug
    for bug in (
        publish_before_commit,
        no_sync_loop,
        head_read_after_rows,
        group_never_reasserted,
        no_tombstone,
        number_of_its_own,
        bypass_of_commit_change,
        time_filter_instead_of_release,
        waits_for_those_before,
        crowd_in_one_go,
    )
}


def plant(name: str) -> None:
    if name:
        BUGS[name]()
