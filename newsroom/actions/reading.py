"""Reading what somebody else is preparing leaves a line too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from newsroom.actions.audit import record, record_reads
from newsroom.models import AuditLine, Entry, LiveBlog, Status
from newsroom.permissions import OPERATOR

UNPUBLISHED = frozenset({Status.DRAFT, Status.SUBMITTED, Status.SCHEDULED})


def note_reads(*, actor: Any, entries: Iterable[Entry], now: datetime) -> None:
    """Call it wherever the text of entries is shown: those of others that are not public are noted, each saved version once a reader.

    Permission is the caller's to ask; entries that are public or the reader's own are passed over. Two queries, or none.
    """
    foreign = [entry for entry in entries if entry.status in UNPUBLISHED and entry.created_by_id != actor.pk]
    if not foreign:
        return
    noted = AuditLine.objects.filter(verb="read", user_id=actor.pk, subject__in=[entry.ref for entry in foreign])
    known = set(noted.values_list("subject", "after__version"))
    record_reads(actor=actor, entries=[entry for entry in foreign if (entry.ref, entry.version) not in known], now=now)


def note_export(*, blog: LiveBlog, now: datetime) -> None:
    """The whole blog was written into a file, with what is not public: whoever runs commands on the server has read it all."""
    record(actor=OPERATOR, verb="export_blog", now=now, blog=blog, subject=blog.slug, after={"entries": blog.entries.count()})
