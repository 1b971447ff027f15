"""The lossless export (docs/contracts/export-format.md): one blog as one JSON document, the same bytes for the same blog."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from newsroom.models import Byline, Correction, Entry, EntryNote, EntryRevision, Image, LiveBlog

FORMAT = "liveblog"
VERSION = 1

BLOG_TEXTS = ("slug", "title", "standfirst", "kicker", "language", "zone", "zone_label", "state", "standing_shown", "source_id")
BLOG_RULES = ("readers_shown", "standing_required", "second_pair", "quiet_minutes")
BLOG_TIMES = ("planned_start", "planned_end", "started_at", "ended_at", "created_at")
IMAGE_FACTS = ("ref", "folder", "width", "height", "alt", "decorative", "caption", "credit", "focal_x", "focal_y", "renditions",
               "remote_url", "withheld", "source_id")  # fmt: skip
ENTRY_FACTS = ("ref", "kind", "status", "headline", "standing", "source", "blocks", "key_event", "happened_precision",
               "withdrawn_reason", "notice_shown", "rev", "version", "source_id")  # fmt: skip
ENTRY_PEOPLE = ("created_by", "written_by", "saved_by", "approved_by")
ENTRY_TIMES = ("published_at", "happened_at", "scheduled_for", "embargo_until", "edited_at", "withdrawn_at", "created_at", "saved_at")

Document = dict[str, Any]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _user(user: Any) -> str | None:
    return user.get_username() if user else None


def export_blog(blog: LiveBlog, *, with_pictures: bool = True) -> Document:
    """The whole blog, drafts and withdrawn entries included: keep it as private as the desk.

    Holds the blog's row while it reads, so that no public change falls between two of its tables.
    """
    with transaction.atomic():
        blog = LiveBlog.objects.select_for_update(of=("self",)).get(pk=blog.pk)
        images = list(blog.images.order_by("ref"))
        entries = list(
            blog.entries.order_by("created_at", "ref")
            .select_related(*ENTRY_PEOPLE)
            .prefetch_related("entry_bylines__byline", "tags", "revisions__by", "corrections__by", "notes__by")
        )
        editors = list(blog.edited_by.order_by("name", "role", "place", "pk"))
        pinned = blog.pinned.ref if blog.pinned else None
    people = _People()
    document: Document = {
        "format": FORMAT,
        "version": VERSION,
        "blog": {
            **{name: getattr(blog, name) for name in BLOG_TEXTS + BLOG_RULES},
            **{name: _iso(getattr(blog, name)) for name in BLOG_TIMES},
            "edited_by": [people.number(byline) for byline in editors],
            "pinned": pinned,
        },
        "images": [_image(image, with_pictures=with_pictures) for image in images],
        "entries": [_entry(entry, people) for entry in entries],
    }
    document["bylines"] = people.rows
    document["tags"] = [{"name": tag.name, "slug": tag.slug} for tag in blog.tags.order_by("slug")]
    return document


def encode(document: Document) -> str:
    """The document as text: sorted keys and one way to write it, so that two exports of the same blog are the same file."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


class _People:
    """The bylines in the order they are first met; the document refers to them by their place in the list."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []

    def number(self, byline: Byline) -> int:
        row = {"name": byline.name, "role": byline.role, "place": byline.place}
        if row not in self.rows:
            self.rows.append(row)
        return self.rows.index(row)


def _image(image: Image, *, with_pictures: bool) -> dict[str, Any]:
    row = {**{name: getattr(image, name) for name in IMAGE_FACTS}, "created_at": _iso(image.created_at), "original": None}
    if with_pictures and image.original:
        with image.original.open("rb") as file:
            data = file.read()
        row["original"] = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "base64": base64.b64encode(data).decode("ascii"),
        }
    return row


def _entry(entry: Entry, people: _People) -> dict[str, Any]:
    return {
        **{name: getattr(entry, name) for name in ENTRY_FACTS},
        **{name: _iso(getattr(entry, name)) for name in ENTRY_TIMES},
        "bylines": [people.number(row.byline) for row in entry.entry_bylines.all()],
        "tags": sorted(tag.slug for tag in entry.tags.all()),
        **{name: _user(getattr(entry, name)) for name in ENTRY_PEOPLE},
        "revisions": [_revision(row) for row in sorted(entry.revisions.all(), key=lambda row: row.rev)],
        "corrections": [_note(row) for row in entry.corrections.all()],
        "notes": [_note(row) for row in entry.notes.all()],
    }


def _revision(row: EntryRevision) -> dict[str, Any]:
    return {"rev": row.rev, "reason": row.reason, "snapshot": row.snapshot, "by": _user(row.by), "at": _iso(row.at)}


def _note(row: Correction | EntryNote) -> dict[str, Any]:
    return {"note": row.note, "at": _iso(row.at), "by": _user(row.by)}
