"""The lines of the audit as somebody may see them: filtered, in pages, and as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.db.models import QuerySet

from newsroom.models import AuditLine, LiveBlog
from newsroom.permissions import require

A_PAGE = 100
A_CHUNK = 500
COLUMNS = ("at", "who", "verb", "blog", "subject", "before", "after")
# A spreadsheet takes a cell that begins like this for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines_for(user: Any, blog: LiveBlog | None, *, who: str = "", verb: str = "", subject: str = "") -> QuerySet[AuditLine]:
    """Newest first. Of one blog for its chiefs, of everything for instance admins. Raises what `permissions.require` raises."""
    require(user, "read_audit" if blog else "read_whole_audit", blog)
    lines = AuditLine.objects.filter(blog=blog) if blog else AuditLine.objects.all()
    asked = {"who": who, "verb": verb, "subject": subject}
    return lines.filter(**{name: value for name, value in asked.items() if value}).order_by("-id")


async def as_csv(lines: QuerySet[AuditLine]) -> AsyncIterator[bytes]:
    """UTF-8, a chunk of rows at a time: a whole year of lines is never in memory at once."""
    yield row_of(COLUMNS)
    last: int | None = None
    while chunk := await sync_to_async(_next)(lines, last):
        yield b"".join(row_of(cells(line)) for line in chunk)
        last = chunk[-1].pk


def _next(lines: QuerySet[AuditLine], last: int | None) -> list[AuditLine]:
    return list((lines.filter(pk__lt=last) if last else lines)[:A_CHUNK])


def cells(line: AuditLine) -> tuple[str, ...]:
    facts = (json.dumps(facts, ensure_ascii=False, default=str) for facts in (line.before, line.after))
    return (line.at.isoformat(), line.who, line.verb, str(line.blog_id or ""), line.subject, *facts)


def row_of(values: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([f"'{value}" if value.startswith(FORMULA) else value for value in values])
    return text.getvalue().encode()
