"""What is remembered for a while only, and forgotten once nobody can need it any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from newsroom.models import Change, EntryVersion, LiveBlog, ReaderCount, Write

# How long an idempotency key is remembered, and a number of the ledger.
WRITES_KEPT = timedelta(hours=24)
CHANGES_KEPT = timedelta(days=30)
# And what a saved text said, for merging it with another hand's.
VERSIONS_KEPT = timedelta(days=30)
# And how many read.
READERS_KEPT = timedelta(hours=6)


def prune(*, now: datetime) -> None:
    """Forgets idempotency keys, saved versions, counts of readers and ledger numbers past their time.

    A reader further behind than that gets a `reset`.
    """
    Write.objects.filter(at__lt=now - WRITES_KEPT).delete()
    EntryVersion.objects.filter(at__lt=now - VERSIONS_KEPT).delete()
    ReaderCount.objects.filter(minute__lt=now - READERS_KEPT).delete()
    # The newest number of a blog stays whatever its age: it proves that a cursor at the head belongs to this history.
    Change.objects.filter(at__lt=now - CHANGES_KEPT).exclude(pk__in=_newest_numbers()).delete()


def _newest_numbers() -> list[tuple[int, int]]:
    return list(LiveBlog.objects.values_list("pk", "seq"))
