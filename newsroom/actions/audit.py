"""The audit: a line for each thing done, written in the transaction that does it.

`commit_change` calls this for every action; what goes past it (a blog that is opened, a picture, a sign-in) calls `record` itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from newsroom.models import AuditLine, Entry, LiveBlog

# Texts are named by revision and version, never copied: a line cannot be taken back, and what was withdrawn must be able to go.
ENTRY_TEXTS = frozenset({"headline", "source", "withdrawn_reason"})
ENTRY_OWN = frozenset({"id", "blog", "ref", "order", "render_version", "last_seq", "created_at", "saved_at", "saved_by", "source_id"})
BLOG_OWN = frozenset({"id", "slug", "seq", "created_at", "source_id"})

Facts = Mapping[str, Any]


def _entry_columns() -> list[str]:
    """Every column but texts and bookkeeping, so that one added later is audited without anybody's thinking of it."""
    return [
        field.name
        for field in Entry._meta.concrete_fields
        if field.name not in ENTRY_TEXTS | ENTRY_OWN and not isinstance(field, models.TextField | models.JSONField)
    ]


def _blog_columns() -> list[str]:
    names = [field.name for field in LiveBlog._meta.concrete_fields if field.name not in BLOG_OWN]
    return ["pinned__ref" if name == "pinned" else name for name in names]


def facts_of(blog: LiveBlog, entry: Entry | None = None) -> dict[str, Any]:
    """What the database says now of the blog (names begin with `blog.`) and of the entry, if there is one. One query."""
    blogs = _blog_columns()
    if entry is not None and entry.pk is not None:
        columns = _entry_columns()
        row = Entry.objects.filter(pk=entry.pk).values(*columns, *(f"blog__{name}" for name in blogs)).first()
        if row is not None:
            return {name: row[name] for name in columns} | {_blog_fact(name): row[f"blog__{name}"] for name in blogs}
    row = LiveBlog.objects.filter(pk=blog.pk).values(*blogs).first() or {}
    return {_blog_fact(name): value for name, value in row.items()}


def _blog_fact(column: str) -> str:
    return f"blog.{column.removesuffix('__ref')}"


def difference(before: Facts, after: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """The facts that differ, as they were and as they are. What begins or ends is told by its facts that say anything."""

    def told(these: Facts, those: Facts) -> dict[str, Any]:
        return {name: value for name, value in these.items() if (those[name] != value if name in those else value)}

    return told(before, after), told(after, before)


def record(
    *,
    actor: Any,
    verb: str,
    now: datetime,
    blog: LiveBlog | None = None,
    subject: str = "",
    before: Facts | None = None,
    after: Facts | None = None,
) -> None:
    """Adds one line. Call it inside the transaction of what it tells of."""
    AuditLine.objects.create(**_line(actor, verb, now, blog, subject), before=dict(before or {}), after=dict(after or {}))


def record_opening(*, actor: Any, verb: str, blog: LiveBlog, now: datetime) -> None:
    """The line of a blog that was not there before."""
    record(actor=actor, verb=verb, now=now, blog=blog, subject=blog.slug, after=difference({}, facts_of(blog))[1])


def record_reads(*, actor: Any, entries: list[Entry], now: datetime) -> None:
    """A line for each entry and saved version that was read."""
    AuditLine.objects.bulk_create(
        AuditLine(**_line(actor, "read", now, entry.blog, entry.ref), after={"version": entry.version}) for entry in entries
    )


def _line(actor: Any, verb: str, now: datetime, blog: LiveBlog | None, subject: str) -> dict[str, Any]:
    return {"at": now, "verb": verb, "user_id": actor.pk, "who": str(actor)[:150], "blog": blog, "subject": subject[:150]}
