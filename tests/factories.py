"""People, blogs and entries for tests, made through the actions that the desk uses."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from newsroom.actions.blogs import open_blog
from newsroom.actions.drafts import save_draft
from newsroom.actions.entries import publish_entry
from newsroom.actions.texts import EntryText
from newsroom.models import Entry, LiveBlog, Membership, Role

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)

_count = itertools.count(1)


def at(minutes: float) -> datetime:
    """NOON and some minutes."""
    return NOON + timedelta(minutes=minutes)


def user(name: str = "", **fields: Any) -> User:
    name = name or f"user{next(_count)}"
    return User.objects.create_user(username=name, password="correct horse battery", is_staff=fields.pop("is_staff", True), **fields)


def admin(name: str = "ada") -> User:
    return user(name, is_superuser=True)


def member(blog: LiveBlog, role: str, name: str = "") -> User:
    who = user(name or f"{role}{next(_count)}")
    Membership.objects.create(blog=blog, user=who, role=role)
    return who


def blog(*, chief: User | None = None, slug: str = "", **fields: Any) -> LiveBlog:
    """A live blog; its chief is `chief`, or a new superuser."""
    chief = chief or admin(f"chief{next(_count)}")
    fields = {"title": "Harbour bridge closed", "state": "live", "zone": "Europe/London"} | fields
    return open_blog(actor=chief, now=fields.pop("now", NOON), slug=slug or f"story-{next(_count)}", **fields)


def chief_of(blog: LiveBlog) -> User:
    return User.objects.get(memberships__blog=blog, memberships__role=Role.CHIEF)


def paragraph(words: str = "Engineers are inspecting the span.") -> dict[str, Any]:
    return {"type": "text", "html": f"<p>{words}</p>"}


def text(headline: str = "Bridge closed", **fields: Any) -> EntryText:
    fields.setdefault("blocks", [paragraph()])
    return EntryText(headline=headline, **fields)


def published(blog: LiveBlog, headline: str = "Bridge closed", *, minute: float = 0, **fields: Any) -> Entry:
    names = {"tags", "kind", "standing", "source", "blocks", "bylines", "happened_at", "happened_precision"}
    typed = {name: fields.pop(name) for name in list(fields) if name in names}
    actor = fields.pop("actor", None) or chief_of(blog)
    return publish_entry(actor=actor, blog=blog, text=text(headline, **typed), now=at(minute), **fields)


def draft(blog: LiveBlog, headline: str = "Not yet", *, actor: User | None = None, minute: float = 0, **fields: Any) -> Entry:
    return save_draft(actor=actor or chief_of(blog), blog=blog, text=text(headline, **fields), now=at(minute))
