"""A blog as a feed, in no format yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _

from liveblog.feeds.text import entry_text, notice_text
from liveblog.reader.metadata import CardPicture, absolute, name_of, picture_of
from newsroom.models import LiveBlog, Standing
from newsroom.rendering.entry import EntryView, view_entry
from newsroom.rendering.snapshot import Signature, Snapshot
from newsroom.rendering.times import stamp
from newsroom.selectors import Latest, Told

# How sure we are stands in the title too, where that is not sure.
DOUBTED = frozenset({Standing.UNVERIFIED, Standing.DISPUTED})
# What XML has no way to write; a text that was pasted may hold it.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Category:
    """`term` for machines, `label` as readers see it."""

    term: str
    label: str


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. `url` is its own page and its name for ever; `facts` is what only JSON has room for."""

    url: str
    title: str
    html: str
    published: datetime
    updated: datetime
    authors: list[Signature] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)
    picture: CardPicture | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Channel:
    """The blog. `url` is its page."""

    title: str
    description: str
    url: str
    language: str
    updated: datetime
    publisher: str
    publisher_url: str
    icon: str
    items: list[Item]


def channel_of(latest: Latest) -> Channel:
    blog = latest.blog
    with translation.override(blog.language):
        items = [_item(blog, told) for told in latest.entries]
    opened = latest.changed or blog.started_at or blog.created_at
    return Channel(
        title=written(f"{blog.title} – {settings.SITE_NAME}"),
        description=written(blog.standfirst or blog.title),
        url=absolute(blog.get_absolute_url()),
        language=blog.language,
        updated=max([opened.replace(microsecond=0), *(item.updated for item in items)]),
        publisher=settings.SITE_NAME,
        publisher_url=f"{settings.SITE_URL}/",
        icon=absolute(static("icons/rail.svg")),
        items=items,
    )


def written(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _item(blog: LiveBlog, told: Told) -> Item:
    return _published(blog, told, told.snapshot) if told.snapshot else _withdrawn(blog, told)


def _published(blog: LiveBlog, told: Told, snapshot: Snapshot) -> Item:
    view = view_entry(snapshot)
    tags = snapshot.get("tags", [])
    return Item(
        url=absolute(view.url),
        title=written(_title(snapshot, view)),
        html=written(entry_text(blog, snapshot, view)),
        published=told.published.replace(microsecond=0),
        updated=told.changed.replace(microsecond=0),
        authors=[{"name": written(line["name"]), "role": line["role"], "place": line["place"]} for line in snapshot["bylines"]],
        categories=[Category(view.kind, view.kind_label), *(Category(tag["slug"], written(tag["name"])) for tag in tags)],
        picture=picture_of(snapshot),
        facts={
            "ref": view.ref,
            "kind": view.kind,
            "standing": view.standing,
            "source": view.source,
            "key_event": view.key_event,
            "corrections": [{"at": stamp(note["at"], "UTC").iso, "note": note["note"]} for note in snapshot["corrections"]],
        },
    )


def _title(snapshot: Snapshot, view: EntryView) -> str:
    """A program that lists titles alone would make news of a rumour."""
    name = name_of(snapshot)
    return f"[{view.standing_label}] {name}" if view.standing in DOUBTED else name


def _withdrawn(blog: LiveBlog, told: Told) -> Item:
    """The public notice under the entry's name: whoever has kept the text is told to put this in its place."""
    entry = told.entry
    clock = stamp(told.published, blog.zone).phrase
    return Item(
        url=absolute(f"{blog.get_absolute_url()}{entry.ref}/"),
        title=_("Withdrawn entry, %(clock)s") % {"clock": clock},
        html=written(notice_text(blog, withdrawn_at=entry.withdrawn_at or told.changed, reason=entry.withdrawn_reason)),
        published=told.published.replace(microsecond=0),
        updated=told.changed.replace(microsecond=0),
        facts={"ref": entry.ref, "withdrawn": True},
    )
