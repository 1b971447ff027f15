"""`render_entry`: one snapshot, one string, the same for every reader, page, socket, embed and feed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from newsroom.models import Kind, Precision, Standing
from newsroom.rendering.blocks import fold_of, is_long, view_blocks
from newsroom.rendering.snapshot import Signature, Snapshot
from newsroom.rendering.times import Stamp, stamp

# Raise it when the template changes what a fragment looks like; `manage.py rerender_entries` brings the stored ones up to it.
RENDER_VERSION = 6

# The other kinds speak for themselves.
NAMED = frozenset({Kind.BREAKING, Kind.ANALYSIS, Kind.SUMMARY})

# An entry counts as back-dated, and says when it happened, from this distance on.
WORTH_SAYING = 60.0


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in a sentence: `text` is the clock as the language says it, with the day where that is not the entry's own."""

    iso: str
    text: str


@dataclass(frozen=True, slots=True)
class CorrectionView:
    at: Moment
    note: str


@dataclass(frozen=True, slots=True)
class TagLink:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """What `templates/entry/entry.html` sees."""

    ref: str
    rev: int
    order: str
    kind: str
    kind_label: str
    headline: str
    heading: str
    standing: str
    standing_label: str
    standing_title: str
    source: str
    key_event: bool
    url: str
    language: str
    stamp: Stamp
    happened: Moment | None
    added: Moment | None
    edited: Moment | None
    corrections: tuple[CorrectionView, ...]
    bylines: list[Signature]
    tags: tuple[TagLink, ...]
    blocks: list[dict[str, Any]]
    fold: str
    long: bool
    withdrawn: Moment | None
    withdrawn_reason: str

    @property
    def tag(self) -> str:
        """The kind's name, where readers should notice it and the headline does not already consist of it."""
        repeated = self.headline.strip(" .:").casefold() == self.kind_label.casefold()
        return self.kind_label if self.kind in NAMED and not repeated else ""


def standing_title(standing: str) -> str:
    return (
        {
            Standing.CONFIRMED: _("We have checked this or heard it from those who decide it."),
            Standing.REPORTED: _("Others report this; we name them and have not checked it ourselves."),
            Standing.UNVERIFIED: _("We have not been able to check this."),
            Standing.DISPUTED: _("Those who should know contradict each other."),
        }.get(Standing(standing), "")
        if standing
        else ""
    )


def moment(at: str, zone: str, published: Stamp) -> Moment:
    """`13:52`, or `13:52, Friday 20 November 2026` where the entry was published on another day."""
    when = stamp(at, zone)
    return Moment(when.iso, when.phrase if when.day == published.day else when.full)


def happened_view(snapshot: Snapshot, published: Stamp) -> Moment | None:
    """When it happened, as precisely as is known, where that is not when it was published."""
    if not snapshot["happened_at"]:
        return None
    zone = snapshot["blog"]["zone"]
    happened = stamp(snapshot["happened_at"], zone)
    apart = abs((datetime.fromisoformat(snapshot["published_at"]) - datetime.fromisoformat(snapshot["happened_at"])).total_seconds())
    precision = snapshot["happened_precision"]
    if precision == Precision.MINUTE and apart < WORTH_SAYING:
        return None
    if precision == Precision.DAY:
        return Moment(happened.day, happened.day_label)
    text = happened.phrase if happened.day == published.day else happened.full
    # Translators: a time that is not known to the minute: “about 14:00”.
    return Moment(happened.iso, text if precision == Precision.MINUTE else _("about %(time)s") % {"time": text})


def heading_of(snapshot: Snapshot, clock: str) -> str:
    """The entry's name in a list of headings: its headline, or one made of its kind and time."""
    if snapshot["headline"]:
        return snapshot["headline"]
    if snapshot["kind"] == Kind.QUOTE:
        speaker = next((b["speaker"] for b in snapshot["blocks"] if b["type"] == "quote"), "")
        if speaker:
            return _("Quote from %(speaker)s, %(time)s") % {"speaker": speaker, "time": clock}
    return _("%(kind)s, %(time)s") % {"kind": Kind(snapshot["kind"]).label, "time": clock}


def view_entry(snapshot: Snapshot) -> EntryView:
    """Call inside `translation.override(blog.language)`."""
    blog = snapshot["blog"]
    zone = blog["zone"]
    published = stamp(snapshot["published_at"], zone)
    standing = snapshot["standing"]
    shown = bool(standing) and not (blog["standing_shown"] == "doubt" and standing == Standing.CONFIRMED)
    withdrawn = snapshot.get("withdrawn")
    blocks = view_blocks(snapshot)
    return EntryView(
        ref=snapshot["ref"],
        rev=snapshot["rev"],
        order=snapshot["order"],
        kind=snapshot["kind"],
        kind_label=str(Kind(snapshot["kind"]).label),
        headline=snapshot["headline"],
        heading=heading_of(snapshot, published.phrase),
        standing=standing if shown else "",
        standing_label=str(Standing(standing).label) if shown else "",
        standing_title=standing_title(standing) if shown else "",
        source=snapshot["source"],
        key_event=snapshot["key_event"],
        url=f"/live/{blog['slug']}/{snapshot['ref']}/",
        language=blog["language"],
        stamp=published,
        happened=happened_view(snapshot, published),
        added=moment(snapshot["added_at"], zone, published) if snapshot.get("added_at") else None,
        edited=moment(snapshot["edited_at"], zone, published) if snapshot["edited_at"] else None,
        corrections=tuple(CorrectionView(moment(c["at"], zone, published), c["note"]) for c in snapshot["corrections"]),
        bylines=snapshot["bylines"],
        tags=tuple(TagLink(tag["name"], f"/live/{blog['slug']}/?{urlencode({'tag': tag['slug']})}") for tag in snapshot.get("tags", [])),
        blocks=blocks,
        fold=fold_of(blocks),
        long=is_long(blocks),
        withdrawn=moment(withdrawn["at"], zone, published) if withdrawn else None,
        withdrawn_reason=withdrawn["reason"] if withdrawn else "",
    )


# Between tags, and only where a line ended: the space inside a line of text is the author's.
_INDENT = re.compile(r">\s*\n\s*<")
_LINES = re.compile(r"\s*\n\s*")


def squeeze(html: str) -> str:
    """One line without the template's indentation, so that a fragment is the same string wherever it travels."""
    return _LINES.sub(" ", _INDENT.sub("><", html)).strip()


def render_entry(snapshot: Snapshot, *, pinned: bool = False) -> str:
    """The fragment (docs/contracts/entry-html.md). Pure: the snapshot and RENDER_VERSION decide every byte.

    `pinned` renders the copy that stands on the board: the same entry without an id.
    """
    template = "entry/withdrawn.html" if "withdrawn" in snapshot else "board/pinned.html" if pinned else "entry/entry.html"
    with translation.override(snapshot["blog"]["language"]):
        return squeeze(render_to_string(template, {"entry": view_entry(snapshot), "pinned": pinned}))
