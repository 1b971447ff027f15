"""The snapshot: everything a fragment is made of, as plain JSON. A revision stores it, and rendering reads nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NotRequired, TypedDict

from newsroom.models import Entry, EntryRevision, Image, LiveBlog

# An entry that became public this long after the time it stands under was added later, and says so.
ADDED_LATER = timedelta(minutes=1)


class Picture(TypedDict):
    """An image as it stood when the entry was rendered. `renditions` as on `newsroom.models.Image`."""

    ref: str
    alt: str
    decorative: bool
    caption: str
    credit: str
    width: int
    height: int
    focal_x: float
    focal_y: float
    renditions: list[dict[str, Any]]
    remote_url: str


class Signature(TypedDict):
    name: str
    role: str
    place: str


class TagFacts(TypedDict):
    slug: str
    name: str


class CorrectionNote(TypedDict):
    at: str
    note: str


class Withdrawal(TypedDict):
    at: str
    reason: str


class BlogFacts(TypedDict):
    """What a fragment must know of its blog."""

    slug: str
    language: str
    zone: str
    standing_shown: str


class Snapshot(TypedDict):
    """Times are ISO 8601 in UTC. `blocks` as in docs/contracts/blocks.md; `pictures` maps an image's ref to its facts."""

    blog: BlogFacts
    ref: str
    rev: int
    order: str
    kind: str
    headline: str
    standing: str
    source: str
    blocks: list[dict[str, Any]]
    pictures: dict[str, Picture]
    bylines: list[Signature]
    key_event: bool
    published_at: str
    happened_at: str | None
    happened_precision: str
    edited_at: str | None
    corrections: list[CorrectionNote]
    tags: NotRequired[list[TagFacts]]
    added_at: NotRequired[str]
    withdrawn: NotRequired[Withdrawal]


def picture_of(image: Image) -> Picture:
    return {
        "ref": image.ref,
        "alt": image.alt,
        "decorative": image.decorative,
        "caption": image.caption,
        "credit": image.credit,
        "width": image.width,
        "height": image.height,
        "focal_x": image.focal_x,
        "focal_y": image.focal_y,
        "renditions": image.renditions,
        "remote_url": image.remote_url,
    }


def blog_facts(blog: LiveBlog) -> BlogFacts:
    return {"slug": blog.slug, "language": blog.language, "zone": blog.zone, "standing_shown": blog.standing_shown}


def image_refs(blocks: list[dict[str, Any]]) -> list[str]:
    """Every image that the blocks show, in reading order, each once."""
    refs: dict[str, None] = {}
    for block in blocks:
        if block["type"] == "image":
            refs[block["image"]] = None
        elif block["type"] == "gallery":
            refs.update(dict.fromkeys(block["images"]))
        elif block["type"] == "video" and block.get("poster"):
            refs[block["poster"]] = None
    return list(refs)


def take_snapshot(entry: Entry, *, rev: int, now: datetime | None = None) -> Snapshot:
    """The entry as it is in memory (not in the database), with its images, bylines and corrections read now.

    `now` is when this revision becomes public; without it nobody is told that an entry was added later.

    `entry.pending_bylines`, `pending_tags` and `pending_corrections`, where an action has set them, stand for rows it has yet to write.
    """
    if entry.published_at is None:
        raise ValueError("only a published entry has a snapshot")
    bylines = getattr(entry, "pending_bylines", None)
    if bylines is None:
        bylines = [row.byline for row in entry.entry_bylines.select_related("byline")] if entry.pk else []
    corrections = [*entry.corrections.all()] if entry.pk else []
    corrections += getattr(entry, "pending_corrections", [])
    images = Image.objects.filter(blog_id=entry.blog_id, ref__in=image_refs(entry.blocks))
    snapshot: Snapshot = {
        "blog": blog_facts(entry.blog),
        "ref": entry.ref,
        "rev": rev,
        "order": entry.order,
        "kind": entry.kind,
        "headline": entry.headline,
        "standing": entry.standing,
        "source": entry.source,
        "blocks": entry.blocks,
        "pictures": {image.ref: picture_of(image) for image in images},
        "bylines": [{"name": line.name, "role": line.role, "place": line.place} for line in bylines],
        "key_event": entry.key_event,
        "published_at": entry.published_at.isoformat(),
        "happened_at": entry.happened_at.isoformat() if entry.happened_at else None,
        "happened_precision": entry.happened_precision,
        "edited_at": entry.edited_at.isoformat() if entry.edited_at else None,
        "corrections": [{"at": row.at.isoformat(), "note": row.note} for row in corrections],
    }
    tags = getattr(entry, "pending_tags", None)
    if tags is None:
        tags = list(entry.tags.order_by("key")) if entry.pk else []
    if tags:
        snapshot["tags"] = [{"slug": tag.slug, "name": tag.name} for tag in tags]
    added = _added_at(entry, now)
    if added:
        snapshot["added_at"] = added.isoformat()
    if entry.withdrawn_at:
        snapshot["withdrawn"] = {"at": entry.withdrawn_at.isoformat(), "reason": entry.withdrawn_reason}
    return snapshot


def _added_at(entry: Entry, now: datetime | None) -> datetime | None:
    """When readers first saw an entry that stands at an earlier time. What came from elsewhere was published there, at its own time."""
    if now is None or entry.published_at is None or entry.source_id:
        return None
    first = EntryRevision.objects.filter(entry_id=entry.pk, rev=1).values_list("at", flat=True).first() if entry.pk else None
    added = first or now
    return added if added - entry.published_at >= ADDED_LATER else None
