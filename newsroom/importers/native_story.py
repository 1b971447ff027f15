"""An export as a story that can be played: each entry's first text, and what happened to it afterwards."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from newsroom.importers.native import PUBLIC, original_of
from newsroom.importers.native_schema import EntryRow, Export, RevisionRow, SnapshotRow
from newsroom.importers.story import Item, Person, Photo, Step, Story, Wording


def story_of(export: Export) -> Story:
    """Only what readers saw: drafts stay out. Raises `ImportRefused` for a picture whose file is damaged."""
    blog = export.blog
    story = Story(
        source_id=f"liveblog:{blog.slug}",
        slug=blog.slug,
        title=blog.title,
        standfirst=blog.standfirst,
        kicker=blog.kicker,
        language=blog.language,
        zone=blog.zone,
        zone_label=blog.zone_label,
        editors=tuple(Person(**export.bylines[number].model_dump()) for number in blog.edited_by),
    )
    for image in export.images:
        data = original_of(image)
        if data is None and not image.remote_url:
            story.lose(f"image {image.ref}", "the picture", "the file was exported without its pictures")
            continue
        story.photos[image.ref] = Photo(
            key=image.ref,
            alt=image.alt,
            decorative=image.decorative,
            caption=image.caption,
            credit=image.credit,
            width=image.width,
            height=image.height,
            focal_x=image.focal_x,
            focal_y=image.focal_y,
            url=image.remote_url,
            data=data or b"",
        )
    for row in export.entries:
        if row.status in PUBLIC:
            story.items.append(_item(row, pinned=row.ref == blog.pinned))
        else:
            story.lose(f"entry {row.ref}", f"a {row.status} entry", "only what readers saw is played")
    story.items.sort(key=lambda item: (item.published_at, item.source_id))
    return story


def _item(row: EntryRow, *, pinned: bool) -> Item:
    revisions = sorted(row.revisions, key=lambda revision: revision.rev)
    first = revisions[0].snapshot
    published = datetime.fromisoformat(first.published_at)
    steps = []
    for before, after in pairwise(revisions):
        step = _step(before, after, row, published)
        if step:
            steps.append(step)
    return Item(
        source_id=row.ref, published_at=published, first=_wording(first), key_event=first.key_event, pinned=pinned, steps=tuple(steps)
    )


def _step(before: RevisionRow, after: RevisionRow, row: EntryRow, published: datetime) -> Step | None:
    """What made the later revision; None where readers saw no other words (a picture's new file)."""
    moment = max(after.at, published)
    now = after.snapshot
    if now.withdrawn:
        return Step(moment, "withdraw", note=now.withdrawn.reason, notice=row.notice_shown)
    if now.key_event != before.snapshot.key_event:
        return Step(moment, "mark" if now.key_event else "unmark")
    if len(now.corrections) > len(before.snapshot.corrections):
        return Step(moment, "correct", wording=_wording(now), note=now.corrections[-1].note)
    return Step(moment, "edit", wording=_wording(now)) if _wording(now) != _wording(before.snapshot) else None


def _wording(snapshot: SnapshotRow) -> Wording:
    return Wording(
        kind=snapshot.kind,
        headline=snapshot.headline,
        standing=snapshot.standing,
        source=snapshot.source,
        blocks=snapshot.blocks,
        people=tuple(Person(**person.model_dump()) for person in snapshot.bylines),
        happened_at=datetime.fromisoformat(snapshot.happened_at) if snapshot.happened_at else None,
        happened_precision=snapshot.happened_precision,
        tags=tuple(tag.name for tag in snapshot.tags),
    )
