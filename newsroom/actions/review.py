"""What an editor does with what was handed in: send it back with a note, approve it, or keep it from readers until an embargo is over."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from newsroom.actions.changes import Touched, commit_change
from newsroom.actions.drafts import schedule_entry
from newsroom.actions.entries import UNPUBLISHED, publish_entry
from newsroom.actions.publication import already_done, answered, check_version, load, need
from newsroom.actions.texts import text_of
from newsroom.actions.turns import locked, turn
from newsroom.errors import Fault, Invalid
from newsroom.models import Entry, EntryNote, Status
from newsroom.moments import impossible
from newsroom.permissions import require

MAX_NOTE = 1000


def send_back(
    *, actor: Any, entry: Entry, note: str, now: datetime, base_version: int | None = None, key: uuid.UUID | None = None
) -> Entry:
    """Makes a submitted entry its writer's draft again, with a note that the writer reads. The note is kept and never public."""
    require(actor, "send_back", entry.blog, entry)
    if already_done(key, blog=entry.blog, actor=actor):
        return load(entry)
    note = note.strip()
    if not note:
        raise Invalid([Fault("note", "Say what is missing: the writer reads this note, readers never do.")])
    if len(note) > MAX_NOTE:
        raise Invalid([Fault("note", f"This has {len(note)} characters; {MAX_NOTE} is the most.")])

    def say(fresh: Entry) -> None:
        EntryNote.objects.create(entry=fresh, note=note, at=now, by_id=actor.pk)

    return turn(entry, base_version, now, actor, key, verb="send_back", to=Status.DRAFT, expected=(Status.SUBMITTED,), also=say)


def approve_entry(*, actor: Any, entry: Entry, base_version: int, now: datetime, key: uuid.UUID | None = None) -> Entry:
    """Publishes a submitted entry as it was handed in; under embargo it is planned for the moment at which that ends.

    `base_version` is the version that was read. Nobody approves their own words where the blog wants a second pair of eyes.
    """
    require(actor, "approve", entry.blog, entry)
    done = already_done(key, blog=entry.blog, actor=actor)
    if done:
        return done
    fresh = load(entry)
    need(fresh, Status.SUBMITTED)
    check_version(fresh, base_version)
    if fresh.embargo_until and fresh.embargo_until > now:
        return schedule_entry(actor=actor, entry=fresh, base_version=base_version, at=fresh.embargo_until, now=now, key=key)
    return publish_entry(actor=actor, blog=fresh.blog, text=text_of(fresh), now=now, key=key, entry=fresh, base_version=base_version)


def set_embargo(*, actor: Any, entry: Entry, until: datetime | None, now: datetime, key: uuid.UUID | None = None) -> Entry:
    """Keeps an unpublished entry from being published or released before `until`; None lifts it.

    It counts as a save, so that who has the entry open is told before anything of it goes out. A plan that comes earlier stands: its
    release waits for the embargo.
    """
    require(actor, "embargo", entry.blog, entry)
    if already_done(key, blog=entry.blog, actor=actor):
        return load(entry)
    faults = impossible("embargo_until", until)
    if until and not faults and until <= now:
        faults.append(Fault("embargo_until", "This time has passed: it would keep nothing back. Choose a later one, or lift the embargo."))
    if until and not faults and until > now + timedelta(days=366):
        faults.append(Fault("embargo_until", "This is more than a year ahead."))
    if faults:
        raise Invalid(faults)
    fresh = entry

    def write() -> Touched:
        nonlocal fresh
        fresh = locked(entry)
        need(fresh, *UNPUBLISHED)
        if fresh.embargo_until != until:
            fresh.embargo_until = until
            fresh.version += 1
            fresh.saved_by_id = actor.pk
            fresh.save()
        return []

    committed = commit_change(
        blog=entry.blog, actor=actor, now=now, verb="embargo", key=key, entry=entry, write=write, respond=lambda: {"ref": fresh.ref}
    )
    return answered(committed, fresh)
