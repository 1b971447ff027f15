"""How many read, minute by minute, for as long as a desk is open. Nobody's doing: it changes nothing and is not audited."""

from __future__ import annotations

from datetime import datetime, timedelta

from newsroom.models import ReaderCount

KEPT = timedelta(hours=6)


def note_readers(*, blog_id: int, count: int, now: datetime) -> None:
    """Of the minute that `now` is in. Several processes may say it: they count the same pages, and the last one stands."""
    minute = now.replace(second=0, microsecond=0)
    ReaderCount.objects.update_or_create(blog_id=blog_id, minute=minute, defaults={"count": count})
    ReaderCount.objects.filter(blog_id=blog_id, minute__lt=now - KEPT).delete()
