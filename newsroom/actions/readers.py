"""How many read, minute by minute. Nobody's doing: it changes nothing that is published, and is not audited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from newsroom.models import ReaderCount


def note_readers(*, counts: Mapping[int, int], now: datetime) -> None:
    """Of the minute that `now` is in, by the blog's primary key: one statement for all of them. What is said again later in it stands.

    A minute that is not noted is one in which nobody read. Old ones are forgotten with `prune`.
    """
    minute = now.replace(second=0, microsecond=0)
    rows = [ReaderCount(blog_id=blog_id, minute=minute, count=count) for blog_id, count in counts.items()]
    ReaderCount.objects.bulk_create(rows, update_conflicts=True, unique_fields=["blog", "minute"], update_fields=["count"])
