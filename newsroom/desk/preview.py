"""The fragment of a text that is not saved: the same template as readers get, and nothing written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from newsroom.actions.publication import order_key, put_text
from newsroom.actions.texts import EntryText, clean_text
from newsroom.actions.words import Words, lay_over
from newsroom.desk.pictures import desk_addresses
from newsroom.models import Entry, Image, LiveBlog, Status
from newsroom.permissions import require
from newsroom.rendering.entry import render_entry
from newsroom.rendering.snapshot import take_snapshot


def preview(
    *,
    actor: Any,
    blog: LiveBlog,
    text: EntryText,
    said: dict[str, Words],
    now: datetime,
    entry: Entry | None = None,
    published_at: datetime | None = None,
    key_event: bool = False,
) -> str:
    """The entry as it would stand on the page if it were published now. Raises `Invalid` and what `permissions.require` raises.

    `said` are words of pictures that were typed and not saved. Neither the entry nor anything it refers to is saved.
    """
    require(actor, "preview", blog, entry)
    shown = Entry.objects.select_related("blog").get(pk=entry.pk) if entry else Entry(blog=blog)
    put_text(shown, clean_text(text, blog=blog, now=now, publishing=False))
    if shown.status != Status.PUBLISHED:
        shown.published_at = published_at or now
        shown.key_event = key_event
        shown.order = order_key(shown.published_at, shown.ref)
    snapshot = take_snapshot(shown, rev=shown.rev + 1, now=now)
    lay_over(snapshot, said)
    snapshot.pop("withdrawn", None)
    html = render_entry(snapshot)
    for image in Image.objects.filter(blog=blog, ref__in=list(snapshot["pictures"]), withheld=True).select_related("blog"):
        for public, own in desk_addresses(image).items():
            html = html.replace(public, own)
    return html
