"""New revisions of unchanged texts: a picture, the blog's zone or the template changed, and every stored fragment must say so.

The version of an entry stays, so nobody's open edit becomes stale.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from newsroom.actions.pictures import entries_out_of_date
from newsroom.actions.publication import attempt, commit_revision, load, put_and_board
from newsroom.errors import WrongState
from newsroom.models import Entry, Image, LiveBlog, Op, Status
from newsroom.rendering.entry import RENDER_VERSION
from newsroom.rendering.snapshot import image_refs
from newsroom.tasks import add_avif

log = logging.getLogger(__name__)


def rerender_entries(*, blog: LiveBlog, image_ref: str, now: datetime, actor: Any) -> int:
    """After a picture's facts changed: the published entries that show it become new revisions of the same text. Returns how many."""
    showing = [
        entry
        for entry in Entry.objects.filter(blog=blog, status=Status.PUBLISHED).only("pk", "blocks")
        if image_ref in image_refs(entry.blocks)
    ]
    for entry in showing:
        rerender_entry(entry=entry, now=now, actor=actor, reason="pictures")
    return len(showing)


def follow_words(*, blog: LiveBlog, refs: Iterable[str], now: datetime, actor: Any) -> None:
    """After words of pictures were stored with one entry: the others that show them follow, each as one ordinary change.

    What the caller has stored stands, so nothing is refused here: an entry that is busy is left to a task.
    """
    for image in Image.objects.filter(blog=blog, ref__in=list(refs)):
        try:
            for entry in entries_out_of_date(image):
                rerender_entry(entry=entry, now=now, actor=actor, reason="pictures")
        except WrongState as busy:
            log.warning("an entry will show the new words of %s later: %s", image.ref, busy)
            # It ends by bringing the picture's entries up to date, however light the picture is already.
            add_avif.enqueue(image.pk)


def rerender_entry(*, entry: Entry, now: datetime, actor: Any, reason: str) -> Entry:
    """The entry, if it is public, as its next revision. Withdrawn ones keep their notice's words."""

    def render() -> Entry:
        fresh = load(entry)
        if fresh.status not in {Status.PUBLISHED, Status.WITHDRAWN}:
            return fresh
        return commit_revision(
            blog=fresh.blog,
            entry=fresh,
            actor=actor,
            base_version=fresh.version,
            reason=reason,
            now=now,
            key=None,
            ops=put_and_board(fresh, board=False) if fresh.status == Status.PUBLISHED else lambda: [(Op.DROP, fresh)],
        )

    return attempt(render)


def rerender_blog(*, blog: LiveBlog, now: datetime, actor: Any, outdated_only: bool = False) -> int:
    """Every public entry of the blog, oldest first; with `outdated_only` those that an older template rendered. Returns how many."""
    entries = Entry.objects.filter(blog=blog, status__in=[Status.PUBLISHED, Status.WITHDRAWN]).order_by("order")
    if outdated_only:
        entries = entries.filter(render_version__lt=RENDER_VERSION)
    count = 0
    for entry in entries.only("pk"):
        rerender_entry(entry=entry, now=now, actor=actor, reason="render")
        count += 1
    return count
