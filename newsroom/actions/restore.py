"""A whole blog brought back from its lossless export, rows as they were. The only writer that does not go verb by verb.

It makes a new history: a blog that nobody could have open takes no numbers. Fragments are rendered here and never taken from outside.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage, storages
from django.db import transaction

from newsroom.actions import pictures
from newsroom.actions.audit import record_opening
from newsroom.actions.blogs import validated
from newsroom.actions.bylines import hold_bylines
from newsroom.actions.publication import order_key, save_search
from newsroom.errors import Fault, Invalid
from newsroom.media.intake import take_in
from newsroom.media.renditions import AT_ONCE, AVIF, encode
from newsroom.models import Byline, Correction, Entry, EntryByline, EntryNote, EntryRevision, Image, LiveBlog, Membership, Role, Tag
from newsroom.permissions import require
from newsroom.rendering.entry import RENDER_VERSION, render_entry


@dataclass(frozen=True, slots=True)
class RestoredEntry:
    """Unsaved rows of one entry; `bylines` in the order of signing, `tags` are slugs."""

    entry: Entry
    bylines: list[Byline]
    tags: list[str]
    revisions: list[EntryRevision]
    corrections: list[Correction]
    notes: list[EntryNote]


@dataclass(frozen=True, slots=True)
class Restoration:
    """Unsaved rows of a blog, their texts already cleaned. `originals` maps an image's ref to its file; `pinned` is an entry's ref."""

    blog: LiveBlog
    editors: list[Byline]
    images: list[Image]
    entries: list[RestoredEntry]
    tags: list[Tag]
    originals: Mapping[str, bytes] = field(default_factory=dict)
    pinned: str | None = None


def restore_blog(*, actor: Any, content: Restoration, now: datetime) -> LiveBlog:
    """Writes the blog with all that belongs to it, or nothing; the actor becomes its chief.

    Raises `Invalid` (a field of the blog, or an image's ref for a file that is no picture) and what `permissions.require` raises.
    """
    require(actor, "open_blog", None)
    validated(content.blog)
    written: list[tuple[Storage, str]] = []
    try:
        for image in content.images:
            _restore_files(image, content.originals.get(image.ref), written)
        with transaction.atomic():
            hold_bylines(content.editors)
            _restore_rows(content, actor)
            record_opening(actor=actor, verb="restore_blog", blog=content.blog, now=now)
    except BaseException:
        for storage, name in written:
            storage.delete(name)
        raise
    return content.blog


def discard_files(content: Restoration) -> None:
    """Deletes the files of a restored blog whose rows were rolled back afterwards."""
    for image in content.images:
        storage = storages["originals"] if image.withheld else default_storage
        for row in image.renditions:
            storage.delete(row["name"])
        if image.original:
            image.original.delete(save=False)


def _restore_files(image: Image, original: bytes | None, written: list[tuple[Storage, str]]) -> None:
    """Renditions made anew under their old names, withheld ones in the private storage; what cannot be made is not promised."""
    wanted = {row["name"] for row in image.renditions}
    formats = (*AT_ONCE, AVIF) if any(row["type"] == AVIF.type for row in image.renditions) else AT_ONCE
    image.renditions = []
    if original is None:
        return
    try:
        incoming = take_in(io.BytesIO(original))
    except Invalid as error:
        raise Invalid([Fault(image.ref, str(error))]) from error
    storage = storages["originals"] if image.withheld else default_storage
    made = []
    for encoded in encode(incoming.pixels, image.folder, formats):
        written.append((storage, encoded.facts["name"]))
        pictures.put(storage, encoded.facts["name"], encoded.data)
        made.append(dict(encoded.facts))
    # As they were listed first, so that the same blog has the same fragments; then what this version makes besides.
    image.renditions = sorted(made, key=lambda row: (row["type"] == AVIF.type, row["name"] not in wanted))
    image.original.save(f"{image.folder}.{incoming.extension}", ContentFile(incoming.data), save=False)
    written.append((image.original.storage, str(image.original.name)))


def _restore_rows(content: Restoration, actor: Any) -> None:
    blog = content.blog
    _save_with_times(blog)
    blog.edited_by.set(content.editors)
    Membership.objects.create(blog=blog, user=actor, role=Role.CHIEF)
    for image in content.images:
        image.blog = blog
        _save_with_times(image)
    for tag in content.tags:
        tag.blog = blog
        tag.save()
    kept = {row["name"] for image in content.images for row in image.renditions}
    for row in content.entries:
        _restore_entry(blog, row, kept)
        row.entry.tags.set([tag for tag in content.tags if tag.slug in row.tags])
        if row.revisions:
            save_search(row.entry, max(row.revisions, key=lambda revision: revision.rev).snapshot)
    if content.pinned:
        blog.pinned = Entry.objects.get(blog=blog, ref=content.pinned)
        blog.save(update_fields=["pinned"])


def _restore_entry(blog: LiveBlog, row: RestoredEntry, kept: set[str]) -> None:
    entry = row.entry
    entry.blog = blog
    if entry.published_at:
        entry.order = order_key(entry.published_at, entry.ref)
    for revision in row.revisions:
        snapshot = revision.snapshot
        snapshot["order"] = order_key(datetime.fromisoformat(snapshot["published_at"]), entry.ref)
        for picture in snapshot["pictures"].values():
            picture["renditions"] = [rendition for rendition in picture["renditions"] if rendition["name"] in kept]
    if row.revisions:
        entry.fragment = render_entry(max(row.revisions, key=lambda revision: revision.rev).snapshot)
        entry.render_version = RENDER_VERSION
    _save_with_times(entry)
    EntryByline.objects.bulk_create(EntryByline(entry=entry, byline=byline, position=place) for place, byline in enumerate(row.bylines))
    parts: list[EntryRevision | Correction | EntryNote] = [*row.revisions, *row.corrections, *row.notes]
    for part in parts:
        part.entry = entry
        part.save()


def _save_with_times(row: LiveBlog | Image | Entry) -> None:
    """A save stamps the row with the present; these were made when the file says."""
    times = {name: getattr(row, name) for name in ("created_at", "saved_at") if hasattr(row, name)}
    row.save()
    type(row)._default_manager.filter(pk=row.pk).update(**times)
    for name, value in times.items():
        setattr(row, name, value)
