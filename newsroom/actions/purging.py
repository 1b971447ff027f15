"""Deleting for good what a withdrawn entry said, where the law asks for it. That it was there, when and by whom it was withdrawn, stays."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage, storages
from django.db import models
from django.db.models.functions import Cast

from newsroom.actions.audit import Facts
from newsroom.actions.changes import Touched, commit_change
from newsroom.actions.publication import already_done, answered, load, need
from newsroom.actions.turns import locked
from newsroom.errors import Fault, Invalid, WrongState
from newsroom.models import Entry, EntryRevision, Image, LiveBlog, Precision, Status
from newsroom.permissions import require
from newsroom.rendering.snapshot import image_refs

MAX_REASON = 500


def purge_entry(*, actor: Any, entry: Entry, reason: str, now: datetime, key: uuid.UUID | None = None) -> Entry:
    """Empties a withdrawn entry: its text, every revision, saved version, correction and note of it, and the pictures that nothing else
    of the blog refers to, files included. Readers see no difference: the notice stays, so no number is taken.

    `reason` stands in the audit. Raises `WrongState` where the entry is not withdrawn or a file could not be deleted; then nothing is gone
    from the database, and the same call may be made again.
    """
    blog = entry.blog
    require(actor, "purge", blog, entry)
    if already_done(key, blog=blog, actor=actor):
        return load(entry)
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid([Fault("reason", "Say who asked for it or on which ground: it is all that will be left to tell.")])
    if len(reason) > MAX_REASON:
        raise Invalid([Fault("reason", f"This has {len(reason)} characters; {MAX_REASON} is the most.")])
    fresh = entry
    purged: dict[str, Any] = {}

    def facts() -> Facts:
        return dict(purged)

    def write() -> Touched:
        nonlocal fresh
        fresh = locked(entry)
        need(fresh, Status.WITHDRAWN)
        pictures = _pictures_of(fresh)
        _empty(fresh)
        for image in pictures:
            _delete_picture(image)
        purged.update(purged_because=reason, pictures_deleted=[image.ref for image in pictures])
        return []

    committed = commit_change(
        blog=blog, actor=actor, now=now, verb="purge", key=key, entry=entry, write=write, respond=lambda: {"ref": entry.ref}, facts=facts
    )
    return answered(committed, fresh)


def _empty(entry: Entry) -> None:
    entry.headline = entry.source = entry.standing = ""
    entry.blocks = []
    entry.happened_at, entry.happened_precision = None, Precision.MINUTE
    entry.version += 1
    entry.save()
    entry.tags.clear()
    for rows in (entry.entry_bylines, entry.corrections, entry.notes, entry.versions):
        rows.all().delete()
    for revision in entry.revisions.all():
        revision.snapshot = _without_text(revision.snapshot)
        revision.save(update_fields=["snapshot"])


# What of a snapshot is a text, by what an empty one holds there.
TEXTS: Mapping[str, Any] = {
    "headline": "",
    "source": "",
    "standing": "",
    "blocks": [],
    "pictures": {},
    "bylines": [],
    "corrections": [],
    "happened_at": None,
}


def _without_text(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in snapshot.items() if name != "tags"} | dict(TEXTS)


def _pictures_of(entry: Entry) -> list[Image]:
    """What the entry shows or ever showed, and no other entry of the blog shows, showed or is to show."""
    shown = set(image_refs(entry.blocks))
    for snapshot in entry.revisions.values_list("snapshot", flat=True):
        shown |= {*snapshot["pictures"], *image_refs(snapshot["blocks"])}
    for version in entry.versions.values_list("text", flat=True):
        shown |= set(image_refs(version["blocks"]))
    images = Image.objects.select_for_update(of=("self",)).filter(blog=entry.blog, ref__in=shown).order_by("pk")
    return [image for image in images if not _needed(image, entry.blog, besides=entry)]


def _needed(image: Image, blog: LiveBlog, *, besides: Entry) -> bool:
    bodies = Entry.objects.filter(blog=blog).exclude(pk=besides.pk).annotate(said=Cast("blocks", models.TextField()))
    records = EntryRevision.objects.filter(entry__blog=blog).exclude(entry=besides).annotate(said=Cast("snapshot", models.TextField()))
    return any(rows.filter(said__contains=image.ref).exists() for rows in (bodies, records))


def _delete_picture(image: Image) -> None:
    # The files first: one that outlived its row would be found by nobody.
    try:
        for storage in (default_storage, storages["originals"]):
            for name in _names(image):
                storage.delete(name)
    except OSError as error:
        raise WrongState("The files of a picture could not be deleted, so nothing was purged. Try again in a moment.") from error
    image.delete()


def _names(image: Image) -> Iterable[str]:
    yield from (row["name"] for row in image.renditions)
    if image.original:
        yield str(image.original.name)
