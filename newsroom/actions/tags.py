"""Tags: made as entries name them, and renamed without breaking a link."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from django.db import transaction

from newsroom.actions.audit import record
from newsroom.actions.rerendering import rerender_entry
from newsroom.errors import Fault, Invalid
from newsroom.models import Entry, LiveBlog, Status, Tag
from newsroom.permissions import require
from newsroom.tagging import faults, key_of
from newsroom.tasks import rerender_tagged


def rename_tag(*, actor: Any, tag: Tag, name: str, now: datetime) -> Tag:
    """Gives a tag another name. Its address stays; the published entries that carry it follow, one ordinary change each, by a task."""
    require(actor, "edit", tag.blog)
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    found = faults([name]) if name else [Fault("name", "Write the new name.")]
    if found:
        raise Invalid([Fault("name", fault.message) for fault in found])
    with transaction.atomic():
        # One renaming at a time in a blog, so that two cannot take the same name.
        LiveBlog.objects.select_for_update(of=("self",)).filter(pk=tag.blog_id).values_list("pk").first()
        fresh = Tag.objects.select_related("blog").get(pk=tag.pk)
        if Tag.objects.filter(blog_id=tag.blog_id, key=key_of(name)).exclude(pk=tag.pk).exists():
            raise Invalid([Fault("name", "This blog has a tag of that name already.")])
        before, changed = fresh.name, name != fresh.name
        fresh.name, fresh.key = name, key_of(name)
        fresh.save(update_fields=["name", "key"])
        if changed:
            facts = {"before": {"name": before}, "after": {"name": name}}
            record(actor=actor, verb="rename_tag", now=now, blog=fresh.blog, subject=fresh.slug, **facts)
            transaction.on_commit(lambda: rerender_tagged.enqueue(fresh.pk), robust=True)
    return fresh


def rerender_tagged_entries(*, tag: Tag, now: datetime, actor: Any) -> int:
    """The published entries with the tag as new revisions of the same text. Returns how many."""
    entries = list(Entry.objects.filter(tags=tag, status=Status.PUBLISHED).order_by("order").only("pk"))
    for entry in entries:
        rerender_entry(entry=entry, now=now, actor=actor, reason="tags")
    return len(entries)
