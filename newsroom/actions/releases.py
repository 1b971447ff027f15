"""The release: what makes a scheduled entry public. Time alone never does."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet

from newsroom.actions.changes import Touched, commit_change
from newsroom.actions.publication import attempt, commit_revision, load, order_key, put_and_board
from newsroom.actions.review import MAX_NOTE
from newsroom.actions.rules import is_approved
from newsroom.actions.texts import clean_text, text_of
from newsroom.errors import Fault, Invalid, WrongState
from newsroom.models import Entry, EntryNote, Status
from newsroom.permissions import RELEASE_WORKER, require

log = logging.getLogger(__name__)


def release_due(*, now: datetime) -> list[Entry]:
    """Publishes every scheduled entry whose time has come and whose embargo is over, oldest first, and returns them.

    Several workers may call it at once: each entry is taken by one (`SKIP LOCKED`), and one that is no longer due is passed over.
    What can no longer be published goes back to the editors as submitted, with a note that says why. An entry that the database refuses for
    now waits for the next call, and where its blog is locked by a long write, what else is due there with it: another blog's entries wait
    no longer than that lock is waited for. Raises a database error only where nothing can be asked any more.
    """
    released = []
    busy = set()
    for pk, blog_id in list(_due(now).order_by("scheduled_for", "pk").values_list("pk", "blog_id")):
        if blog_id in busy:
            continue
        try:
            entry = _release(pk, now)
        except WrongState as error:
            log.warning("Entry %s is due but busy: %s", pk, error)
            continue
        except Invalid as refusal:
            log.warning("Entry %s cannot be released and goes back to the editors: %s", pk, refusal)
            _give_back(pk, now, str(refusal))
            continue
        except (DatabaseError, InterfaceError) as error:
            # It stays scheduled: what the database refuses, a table of another version among it, is no fault of the entry's.
            if not connection.is_usable():
                raise
            log.warning("Entry %s is due, and its blog cannot be written to at the moment: %s", pk, error)
            if isinstance(error, OperationalError):
                busy.add(blog_id)
            continue
        except Exception as error:
            # One entry that cannot be shown must not hold up the next, today or at any later tick.
            log.exception("Entry %s could not be released and goes back to the editors.", pk, exc_info=error)
            _give_back(pk, now, "It could not be published when its time came. The server's log says why.")
            continue
        if entry:
            released.append(entry)
    return released


def _due(now: datetime) -> QuerySet[Entry]:
    free = Q(embargo_until__isnull=True) | Q(embargo_until__lte=now)
    return Entry.objects.filter(free, status=Status.SCHEDULED, scheduled_for__lte=now)


def _release(pk: int, now: datetime) -> Entry | None:
    with transaction.atomic():
        taken = _due(now).filter(pk=pk).select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked).first()
        if taken is None:
            return None

        def publish() -> Entry:
            entry = load(taken)
            require(RELEASE_WORKER, "release", entry.blog)
            if not is_approved(entry):
                raise Invalid([Fault("kind", "Nobody but its writer has read this text since it was planned: it needs approval again.")])
            # Judged again: a picture or a byline may have gone since it was planned.
            clean_text(text_of(entry), blog=entry.blog, now=now, publishing=True, again=True)
            base = entry.version
            entry.version += 1
            entry.status = Status.PUBLISHED
            entry.published_at = now
            entry.scheduled_for = None
            entry.order = order_key(now, entry.ref)
            return commit_revision(
                blog=entry.blog,
                entry=entry,
                actor=RELEASE_WORKER,
                base_version=base,
                reason="publish",
                now=now,
                key=None,
                ops=put_and_board(entry, board=False),
            )

        return attempt(publish)


def _give_back(pk: int, now: datetime, why: str) -> None:
    with transaction.atomic():
        entry = Entry.objects.select_for_update(of=("self",)).select_related("blog").filter(pk=pk, status=Status.SCHEDULED).first()
        if entry is None:
            return

        def write() -> Touched:
            entry.status = Status.SUBMITTED
            entry.scheduled_for = None
            entry.version += 1
            entry.save(update_fields=["status", "scheduled_for", "version"])
            EntryNote.objects.create(entry=entry, note=why[:MAX_NOTE], at=now)
            return []

        commit_change(blog=entry.blog, actor=RELEASE_WORKER, now=now, verb="give_back", entry=entry, write=write)
