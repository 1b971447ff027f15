"""Where an entry stands in the feed."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from newsroom.actions.publication import already_done, attempt, commit_revision, load, need, order_key, put_and_board
from newsroom.errors import Fault, Invalid
from newsroom.models import Entry, Status
from newsroom.moments import impossible
from newsroom.permissions import require


def move_entry(*, actor: Any, entry: Entry, published_at: datetime, now: datetime, key: uuid.UUID | None = None) -> Entry:
    """Gives a published entry another time of publication: it moves to its place in the feed on every open page, board included.

    Its text and version stay, so nobody's open edit becomes stale.
    """
    blog = entry.blog
    require(actor, "move", blog, entry)
    done = already_done(key, blog=blog, actor=actor)
    if done:
        return done
    if faults := impossible("published_at", published_at):
        raise Invalid(faults)
    if published_at > now + timedelta(seconds=1):
        raise Invalid([Fault("published_at", "This time is yet to come. An entry cannot stand above what is published next.")])

    def move() -> Entry:
        fresh = load(entry)
        need(fresh, Status.PUBLISHED)
        if fresh.published_at == published_at:
            return fresh
        fresh.published_at = published_at
        fresh.order = order_key(published_at, fresh.ref)
        ops = put_and_board(fresh, board=False)
        return commit_revision(blog=blog, entry=fresh, actor=actor, base_version=fresh.version, reason="move", now=now, key=key, ops=ops)

    return attempt(move)
