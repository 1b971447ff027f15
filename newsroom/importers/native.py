"""The lossless export read back: checked against its schema, made safe, and turned into rows for `newsroom.actions.restore`."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from pydantic import ValidationError

from newsroom.actions.bylines import byline_for
from newsroom.actions.restore import Restoration, RestoredEntry
from newsroom.blocks import clean_blocks
from newsroom.errors import Invalid
from newsroom.exporters.native import ENTRY_PEOPLE, VERSION
from newsroom.importers.errors import NOTHING, ImportRefused
from newsroom.importers.native_schema import EntryRow, Export, ImageRow, SnapshotRow
from newsroom.importers.story import Loss
from newsroom.models import Byline, Correction, Entry, EntryNote, EntryRevision, Image, LiveBlog, Status, Tag
from newsroom.rendering.snapshot import image_refs
from newsroom.tagging import key_of

PUBLIC = (Status.PUBLISHED, Status.WITHDRAWN)


def parse_export(document: dict[str, Any]) -> Export:
    """The export, sound in itself: every ref known, every text cleaned. Raises `ImportRefused`."""
    version = document.get("version")
    if version != VERSION:
        raise ImportRefused(f"The export is of version {str(version)[:20]}; this software reads version {VERSION}. {NOTHING}")
    try:
        export = Export.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        more = f" {error.error_count()} places are wrong in all." if error.error_count() > 1 else ""
        raise ImportRefused(f"The export is not sound at {place[:200]}: {first['msg'][:200]}.{more} {NOTHING}") from error
    if not all(key_of(tag.name) for tag in export.tags):
        raise ImportRefused(f"A tag of the export has neither a letter nor a digit. {NOTHING}")
    _check_refs(export)
    for entry in export.entries:
        _check_entry(entry, export)
    return export


def _check_refs(export: Export) -> None:
    for name, refs in (
        ("entries", [row.ref for row in export.entries]),
        ("images", [row.ref for row in export.images]),
        ("folders of images", [row.folder for row in export.images]),
        ("addresses of tags", [tag.slug for tag in export.tags]),
        ("tags", [key_of(tag.name) for tag in export.tags]),
        ("source ids", [row.source_id for row in export.entries if row.source_id]),
    ):
        twice = next((ref for ref in refs if refs.count(ref) > 1), None) if len(set(refs)) < len(refs) else None
        if twice:
            raise ImportRefused(f"Two {name} of the export are called {twice}. {NOTHING}")
    numbers = [number for row in export.entries for number in row.bylines] + export.blog.edited_by
    if any(number >= len(export.bylines) for number in numbers):
        raise ImportRefused(f"The export names a byline that it does not hold. {NOTHING}")
    if export.blog.pinned and not any(row.ref == export.blog.pinned and row.status == Status.PUBLISHED for row in export.entries):
        raise ImportRefused(f"The pinned entry {export.blog.pinned} is not among the published ones. {NOTHING}")


def _check_entry(row: EntryRow, export: Export) -> None:
    """Statuses, revisions and times fit each other, and every block is what a desk would have accepted."""
    where = f"Entry {row.ref}"
    known = {image.ref for image in export.images}
    if not set(row.tags) <= {tag.slug for tag in export.tags}:
        raise ImportRefused(f"{where} has a tag that the export does not list. {NOTHING}")
    row.blocks = _clean(row.blocks, known, where)
    revs = [revision.rev for revision in row.revisions]
    public = row.status in PUBLIC
    if public != bool(revs) or sorted(set(revs)) != sorted(revs) or (revs and max(revs) != row.rev):
        raise ImportRefused(f"{where} is {row.status} at revision {row.rev}, which does not fit its list of revisions. {NOTHING}")
    if public and row.published_at is None:
        raise ImportRefused(f"{where} is {row.status} but has no time of publication. {NOTHING}")
    if (row.status == Status.WITHDRAWN) != (row.withdrawn_at is not None):
        raise ImportRefused(f"{where} is {row.status}, which does not fit its time of withdrawal. {NOTHING}")
    if row.status == Status.SCHEDULED and row.scheduled_for is None:
        raise ImportRefused(f"{where} is scheduled for no time. {NOTHING}")
    for revision in row.revisions:
        snapshot = revision.snapshot
        if snapshot.ref != row.ref or snapshot.rev != revision.rev:
            raise ImportRefused(f"{where}, revision {revision.rev}, is the text of another entry or revision. {NOTHING}")
        snapshot.blocks = _clean(snapshot.blocks, set(snapshot.pictures) | known, f"{where}, revision {revision.rev}")
    if public:
        last = max(row.revisions, key=lambda revision: revision.rev).snapshot
        if (last.withdrawn is not None) != (row.status == Status.WITHDRAWN):
            raise ImportRefused(f"{where} is {row.status}, but its last revision says otherwise. {NOTHING}")


def _clean(blocks: list[dict[str, Any]], known: set[str], where: str) -> list[dict[str, Any]]:
    try:
        cleaned = clean_blocks(blocks)
    except Invalid as error:
        raise ImportRefused(f"{where}, {error.faults[0].field}: {error.faults[0].message} {NOTHING}") from error
    missing = [ref for ref in image_refs(cleaned) if ref and ref not in known]
    if missing:
        raise ImportRefused(f"{where} shows the image {missing[0]}, which the export does not hold. {NOTHING}")
    return cleaned


def settle_overdue(export: Export, now: datetime) -> list[Loss]:
    """An entry whose planned time has passed becomes a draft: an import must not be what makes it public a moment later."""
    overdue = [row for row in export.entries if row.status == Status.SCHEDULED and row.scheduled_for and row.scheduled_for <= now]
    for row in overdue:
        row.status, row.scheduled_for = Status.DRAFT, None
    return [Loss(f"entry {row.ref}", "its planned time", "it has passed; the entry is a draft now") for row in overdue]


def original_of(row: ImageRow) -> bytes | None:
    """The image's file, whole. Raises `ImportRefused` where it is not the one that was exported."""
    if row.original is None:
        return None
    try:
        data = base64.b64decode(row.original.base64, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImportRefused(f"The file of image {row.ref} is not base64. {NOTHING}") from error
    if hashlib.sha256(data).hexdigest() != row.original.sha256:
        raise ImportRefused(f"The file of image {row.ref} is not the one that was exported: its checksum differs. {NOTHING}")
    return data


class Rows:
    """Unsaved rows of an export; what this site cannot know of it is collected in `losses`."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.losses: list[Loss] = []
        names = {revision.by for entry in export.entries for revision in entry.revisions}
        names |= {
            name
            for entry in export.entries
            for name in (*(getattr(entry, part) for part in ENTRY_PEOPLE), *(row.by for row in entry.corrections + entry.notes))
        }
        self.users = {user.get_username(): user for user in get_user_model()._default_manager.filter(username__in=names - {None})}
        for name in sorted(name for name in names if name and name not in self.users):
            self.losses.append(
                Loss("the blog", f"the user “{name}”", "nobody on this site signs in by that name; what they wrote is kept without it")
            )

    def restoration(self) -> Restoration:
        """Creates the bylines that this site lacks: call it inside the transaction."""
        bylines = [byline_for(name=row.name, role=row.role, place=row.place) for row in self.export.bylines]
        blog = self.export.blog
        originals = {row.ref: data for row in self.export.images if (data := original_of(row)) is not None}
        for row in self.export.images:
            if row.ref not in originals and not row.remote_url:
                self.losses.append(
                    Loss(f"image {row.ref}", "the picture itself", "the file was exported without its pictures; its words are kept")
                )
        return Restoration(
            blog=LiveBlog(**blog.model_dump(exclude={"edited_by", "pinned"})),
            editors=[bylines[number] for number in blog.edited_by],
            images=[Image(**row.model_dump(exclude={"original"})) for row in self.export.images],
            entries=[self._entry(row, bylines) for row in self.export.entries],
            tags=[Tag(name=tag.name, key=key_of(tag.name), slug=tag.slug) for tag in self.export.tags],
            originals=originals,
            pinned=blog.pinned,
        )

    def _entry(self, row: EntryRow, bylines: list[Byline]) -> RestoredEntry:
        facts = row.model_dump(exclude={"bylines", "tags", "revisions", "corrections", "notes", *ENTRY_PEOPLE})
        return RestoredEntry(
            entry=Entry(**facts, **{name: self._user(getattr(row, name)) for name in ENTRY_PEOPLE}),
            bylines=[bylines[number] for number in dict.fromkeys(row.bylines)],
            tags=row.tags,
            revisions=[
                EntryRevision(rev=part.rev, reason=part.reason, snapshot=plain(part.snapshot), by=self._user(part.by), at=part.at)
                for part in row.revisions
            ],
            corrections=[Correction(note=part.note, at=part.at, by=self._user(part.by)) for part in row.corrections],
            notes=[EntryNote(note=part.note, at=part.at, by=self._user(part.by)) for part in row.notes],
        )

    def _user(self, name: str | None) -> Any:
        return self.users.get(name) if name else None


def plain(snapshot: SnapshotRow) -> dict[str, Any]:
    """The snapshot as it was exported: a key that was absent stays absent."""
    return snapshot.model_dump(exclude_unset=True)
