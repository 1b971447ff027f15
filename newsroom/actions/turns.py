"""The step that the verbs of the flow share: an unpublished entry's next status, which readers hear nothing of. Only actions call this."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from newsroom.actions.changes import Touched, commit_change
from newsroom.actions.publication import answered, check_version, load, need
from newsroom.models import Entry, Status


def turn(
    entry: Entry,
    base_version: int | None,
    now: datetime,
    actor: Any,
    key: uuid.UUID | None,
    *,
    verb: str,
    to: Status,
    expected: tuple[Status, ...],
    also: Callable[[Entry], None] = lambda fresh: None,
) -> Entry:
    """For the verbs of the flow: an unpublished entry's next status; with it what `also` sets. Without `base_version` any text will do."""
    fresh = entry

    def write() -> Touched:
        nonlocal fresh
        fresh = locked(entry)
        need(fresh, *expected)
        if base_version is not None:
            check_version(fresh, base_version)
        fresh.status, fresh.scheduled_for = to, None
        also(fresh)
        fresh.version += 1
        fresh.saved_by_id = actor.pk
        fresh.save()
        return []

    committed = commit_change(
        blog=entry.blog, actor=actor, now=now, verb=verb, key=key, entry=entry, write=write, respond=lambda: {"ref": fresh.ref}
    )
    return answered(committed, fresh)


def locked(entry: Entry) -> Entry:
    """The row as it is now, held until the transaction ends."""
    Entry.objects.select_for_update().filter(pk=entry.pk).values_list("pk").first()
    return load(entry)
