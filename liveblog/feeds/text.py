"""What one entry says in a feed, as HTML. A feed reader knows no address of ours, so every link and picture is absolute; it shows an entry
by itself, far from the page that says which zone its times are of, so every time has its day and its zone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from liveblog.reader.metadata import absolute, card_picture
from newsroom.models import LiveBlog, Precision
from newsroom.rendering.entry import EntryView, Moment, squeeze
from newsroom.rendering.languages import direction
from newsroom.rendering.pictures import PictureView
from newsroom.rendering.snapshot import Snapshot
from newsroom.rendering.times import stamp, zone_name


def entry_text(blog: LiveBlog, snapshot: Snapshot, view: EntryView) -> str:
    """Bylines, how sure we are, the blocks, corrections and source. Call inside `translation.override(blog.language)`."""
    values = {
        "blog": blog,
        "dir": direction(blog.language),
        "entry": view,
        "blocks": [_with_files(block, snapshot) for block in view.blocks],
        "happened": _happened(blog, snapshot) if view.happened else None,
        "added": moment(blog, snapshot["added_at"]) if view.added else None,
        "edited": moment(blog, snapshot["edited_at"]) if snapshot["edited_at"] else None,
        "corrections": [{"at": moment(blog, note["at"]), "note": note["note"]} for note in snapshot["corrections"]],
    }
    return squeeze(render_to_string("feeds/entry.html", values))


def notice_text(blog: LiveBlog, *, withdrawn_at: datetime, reason: str) -> str:
    """What stands where an entry was withdrawn. Call inside `translation.override(blog.language)`."""
    values = {"blog": blog, "dir": direction(blog.language), "withdrawn": moment(blog, withdrawn_at), "reason": reason}
    return squeeze(render_to_string("feeds/withdrawn.html", values))


def moment(blog: LiveBlog, at: str | datetime) -> Moment:
    """`13:52, Friday 20 November 2026 (UK)`."""
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    said = stamp(when, blog.zone)
    return Moment(said.iso, f"{said.full} ({zone_name(blog.zone, blog.zone_label, when)})")


def _happened(blog: LiveBlog, snapshot: Snapshot) -> Moment | None:
    """As precisely as it is known."""
    at, precision = snapshot["happened_at"], snapshot["happened_precision"]
    if not at:
        return None
    if precision == Precision.DAY:
        day = stamp(at, blog.zone)
        return Moment(day.day, day.day_label)
    when = moment(blog, at)
    return when if precision == Precision.MINUTE else Moment(when.iso, _("about %(time)s") % {"time": when.text})


def _with_files(block: dict[str, Any], snapshot: Snapshot) -> dict[str, Any]:
    """The block with its pictures as one file each, whose size is told: a feed reader chooses among none."""
    if block.get("picture"):
        return {**block, "picture": _one_file(block["picture"], snapshot)}
    if block.get("pictures"):
        return {**block, "pictures": [_one_file(picture, snapshot) for picture in block["pictures"]]}
    return block


def _one_file(picture: PictureView, snapshot: Snapshot) -> PictureView:
    file = card_picture(snapshot["pictures"][picture.ref])
    if file:
        return replace(picture, src=file.url, width=file.width, height=file.height)
    return replace(picture, src=absolute(picture.src)) if picture.src else picture
