"""The release: what makes a scheduled entry public. Time alone never does."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import connection, transaction

from newsroom.actions.publication import attempt, commit_revision, load, order_key, put_and_board
from newsroom.actions.texts import clean_text, text_of
from newsroom.errors import NewsroomError
from newsroom.models import Entry, Status
from newsroom.permissions import RELEASE_WORKER, require

log = logging.getLogger(__name__)


def release_due(*, now: datetime) -> list[Entry]:
    """Publishes every scheduled entry whose time has come, oldest first, and returns them.

    Several workers may call it at once: each entry is taken by one (`SKIP LOCKED`), and one that is no longer due is passed over.
    """
    released = []
    due = Entry.objects.filter(status=Status.SCHEDULED, scheduled_for__lte=now).order_by("scheduled_for", "pk")
    for pk in list(due.values_list("pk", flat=True)):
        try:
            entry = _release(pk, now)
        except NewsroomError as error:
            log.warning("Entry %s is due but was not released: %s", pk, error)
            continue
        if entry:
            released.append(entry)
    return released


def _release(pk: int, now: datetime) -> Entry | None:
    with transaction.atomic():
        rows = Entry.objects.filter(pk=pk, status=Status.SCHEDULED, scheduled_for__lte=now)
        taken = rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked).first()
        if taken is None:
            return None

        def publish() -> Entry:
            entry = load(taken)
            require(RELEASE_WORKER, "release", entry.blog)
            # Judged again: a picture or a byline may have gone since it was planned.
            clean_text(text_of(entry), blog=entry.blog, now=now, publishing=True)
            base = entry.version
            entry.version += 1
            entry.status = Status.PUBLISHED
            entry.published_at = now
            entry.scheduled_for = None
            entry.order = order_key(now, entry.ref)
            commit_revision(
                blog=entry.blog,
                entry=entry,
                actor=RELEASE_WORKER,
                base_version=base,
                reason="publish",
                now=now,
                key=None,
                ops=put_and_board(entry, board=False),
            )
            return entry

        return attempt(publish)
