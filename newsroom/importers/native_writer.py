"""From a lossless export to the same blog: all of it or nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from newsroom.actions.restore import Restoration, discard_files, restore_blog
from newsroom.exporters.native import ENTRY_PEOPLE, export_blog
from newsroom.importers.errors import NOTHING, ImportRefused
from newsroom.importers.native import Rows, settle_overdue
from newsroom.importers.native_schema import Export
from newsroom.importers.report import Report
from newsroom.importers.writer import Undo, at
from newsroom.models import Entry, Image, LiveBlog


def write_export(export: Export, *, actor: Any, now: datetime, dry_run: bool = False) -> Report:
    """Brings a blog back from its export, or finds that it is here already. Raises `ImportRefused`; then nothing was written."""
    slug = export.blog.slug
    report = Report(slug=slug, source=f"liveblog:{slug}", dry_run=dry_run)
    report.losses = settle_overdue(export, now)
    here = LiveBlog.objects.filter(slug=slug).first()
    if here:
        _must_be_the_same(here, export)
        report.entries["unchanged"] = len(export.entries)
        return report
    _must_be_new(export)
    rows = Rows(export)
    content: Restoration | None = None
    try:
        with transaction.atomic(), at("The export"):
            content = rows.restoration()
            restore_blog(actor=actor, content=content, now=now)
            if dry_run:
                raise Undo
    except BaseException as error:
        if content:
            discard_files(content)
        if not isinstance(error, Undo):
            raise
    report.opened = True
    report.entries["new"] = len(export.entries)
    report.losses += rows.losses
    return report


def _must_be_new(export: Export) -> None:
    for taken, what in (
        (Entry.objects.filter(ref__in=[row.ref for row in export.entries]).select_related("blog").first(), "entry"),
        (Image.objects.filter(ref__in=[row.ref for row in export.images]).select_related("blog").first(), "image"),
    ):
        if taken:
            raise ImportRefused(
                f"This site holds the {what} {taken.ref} already, in /live/{taken.blog.slug}/: nothing can have two addresses. "
                f"To play the file into a new blog, use rehearse. {NOTHING}"
            )
    if Image.objects.filter(folder__in=[row.folder for row in export.images]).exists():
        raise ImportRefused(f"Another blog’s pictures lie where this export’s would go. {NOTHING}")


def _must_be_the_same(blog: LiveBlog, export: Export) -> None:
    """Raises `ImportRefused` where the blog at this address is another one, or is not what the file holds."""
    ours, theirs = comparable(Export.model_validate(export_blog(blog, with_pictures=False))), comparable(export)
    mine: dict[str, Any] = ours.pop("entries")
    yours: dict[str, Any] = theirs.pop("entries")
    if not mine.keys() & yours.keys() and (mine or yours):
        raise ImportRefused(f"There is another blog at /live/{blog.slug}/ already. Give one of them another address. {NOTHING}")
    differing = sorted(ref for ref in mine.keys() | yours.keys() if mine.get(ref) != yours.get(ref))
    if differing or ours != theirs:
        named = f"{len(differing)} of its entries differ ({', '.join(differing[:5])}{' …' if len(differing) > 5 else ''})"
        raise ImportRefused(
            f"The blog /live/{blog.slug}/ is here already and is not what the file holds: "
            f"{named if differing else 'its own facts or its pictures differ'}. It was left as it is. {NOTHING}"
        )


def comparable(export: Export) -> dict[str, Any]:
    """The export without what another site may have differently: who signed in, and which files were made of a picture."""
    document = export.model_dump(exclude_unset=True)
    people = document.pop("bylines")
    document["blog"]["edited_by"] = sorted((people[number] for number in document["blog"]["edited_by"]), key=str)
    for image in document["images"]:
        del image["renditions"]
        image.pop("original", None)
    document["images"].sort(key=lambda row: str(row["ref"]))
    for entry in document["entries"]:
        entry["bylines"] = [people[number] for number in entry["bylines"]]
        for row in [entry, *entry["revisions"], *entry["corrections"], *entry.get("notes", [])]:
            for name in ("by", *ENTRY_PEOPLE):
                row.pop(name, None)
        for revision in entry["revisions"]:
            for picture in revision["snapshot"]["pictures"].values():
                del picture["renditions"]
    document["entries"] = {row["ref"]: row for row in document["entries"]}
    return document
