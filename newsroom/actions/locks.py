"""Soft locks: who has which entry open for writing. They tell colleagues; what keeps a text from being overwritten is its version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from newsroom.desk_news import tell_desks_on_commit
from newsroom.errors import NotFound
from newsroom.models import Entry, EntryLock
from newsroom.permissions import require

# A page that is open says so every 20 seconds; after three times in which nothing was heard, it is taken for closed.
HEARTBEAT_SECONDS = 20
LOCK_LASTS = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the entry open, since when. `mine` is told from the point of view of who asked."""

    entry_id: int
    user_id: int
    name: str
    since: datetime
    mine: bool


def hold(*, actor: Any, entry: Entry, now: datetime, take_over: bool = False) -> Holder:
    """Takes the lock where nobody has it, keeps it where the actor has, and answers who has it now.

    A colleague's lock stays theirs until it expires or the actor asks to `take_over`; either way everybody can go on saving.
    """
    require(actor, "lock", entry.blog, entry)
    with transaction.atomic():
        # The entry's row stands in for a lock that does not exist yet.
        if not Entry.objects.select_for_update().filter(pk=entry.pk).values_list("pk").first():
            raise NotFound
        lock = EntryLock.objects.select_related("user").filter(entry=entry).first()
        before = lock.user_id if lock and not _expired(lock, now) else None
        if lock is None:
            lock = EntryLock.objects.create(entry=entry, user=actor, since=now, seen_at=now)
        elif lock.user_id == actor.pk or take_over or _expired(lock, now):
            if lock.user_id != actor.pk or _expired(lock, now):
                lock.since = now
            lock.user, lock.seen_at = actor, now
            lock.save()
        if lock.user_id != before:
            tell_desks_on_commit(entry.blog_id, [entry.ref])
        return _holder(lock, actor)


def let_go(*, actor: Any, entry: Entry, now: datetime) -> None:
    """Gives the actor's own lock back; a colleague's, and one that was taken over, stays."""
    require(actor, "lock", entry.blog, entry)
    with transaction.atomic():
        if EntryLock.objects.filter(entry=entry, user_id=actor.pk).delete()[0]:
            tell_desks_on_commit(entry.blog_id, [entry.ref])


def holders(entries: Iterable[Entry], *, actor: Any, now: datetime) -> dict[int, Holder]:
    """Of each of these entries that is open somewhere, by primary key. One query; whoever may list an entry may ask."""
    rows = EntryLock.objects.filter(entry__in=list(entries), seen_at__gt=now - LOCK_LASTS).select_related("user")
    return {lock.entry_id: _holder(lock, actor) for lock in rows}


def _expired(lock: EntryLock, now: datetime) -> bool:
    return lock.seen_at <= now - LOCK_LASTS


def _holder(lock: EntryLock, actor: Any) -> Holder:
    return Holder(lock.entry_id, lock.user_id, str(lock.user), lock.since, lock.user_id == actor.pk)
