"""`python -m bench.blogs SLUG…`: opens a live blog for each slug, with a chief of its own.

`SLUG=LENGTH` gives it that many entries: the first through the action, the rest as copies of its rows, in the database itself.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 – Django is set up first
from django.db import connection, transaction  # noqa: E402

from newsroom.actions.blogs import open_blog  # noqa: E402
from newsroom.actions.entries import EntryText, publish_entry  # noqa: E402
from newsroom.actions.publication import order_key  # noqa: E402
from newsroom.models import Change, Entry, EntryRevision, LiveBlog  # noqa: E402
from newsroom.refs import new_entry_ref, new_token  # noqa: E402

WORDS = "Engineers are inspecting the span before it opens to traffic again, and the harbour authority expects a first report by noon. "
KEY_EVENTS = 10


def lengthen(blog: LiveBlog, first: Entry, length: int) -> None:
    """Rows as `publish_entry` leaves them: entries a minute apart, a revision and a number each; every so often a key event."""
    every = max(1, length // KEY_EVENTS)
    began = first.published_at or datetime.now(UTC)
    refs: set[str] = set()
    while len(refs) < length - 1:
        refs.add(new_entry_ref())
    entries = []
    for number, ref in enumerate(sorted(refs - {first.ref}), start=2):
        at = began + timedelta(minutes=number)
        entry = Entry(blog=blog, ref=ref, published_at=at, order=order_key(at, ref), last_seq=number, key_event=number % every == 0)
        entry.kind, entry.status, entry.headline, entry.blocks = first.kind, first.status, f"{first.headline} {number}", first.blocks
        entry.rev, entry.version, entry.render_version = 1, 1, first.render_version
        entry.fragment = first.fragment.replace(first.ref, ref)
        entries.append(entry)
    snapshot = first.revisions.get().snapshot
    now = datetime.now(UTC)
    with transaction.atomic():
        entries = Entry.objects.bulk_create(entries, batch_size=1000)
        EntryRevision.objects.bulk_create(
            [EntryRevision(entry=entry, rev=1, reason="publish", snapshot=snapshot, at=now) for entry in entries], batch_size=1000
        )
        Change.objects.bulk_create(
            [Change(blog=blog, seq=entry.last_seq, op="put", entry=entry, token=new_token(), at=now) for entry in entries], batch_size=1000
        )
        LiveBlog.objects.filter(pk=blog.pk).update(seq=length)


def main(wishes: list[str]) -> None:
    for wish in wishes:
        slug, _, length = wish.partition("=")
        chief = User.objects.create_user(username=f"chief-{slug}", is_staff=True, is_superuser=True)
        now = datetime.now(UTC) - timedelta(days=30)
        blog = open_blog(actor=chief, now=now, slug=slug, title="Harbour bridge closed", state="live")
        if length:
            blocks = [{"type": "text", "html": f"<p>{WORDS * 10}</p>"}]
            first = publish_entry(actor=chief, blog=blog, text=EntryText(headline="Bridge", blocks=blocks), now=now)
            lengthen(blog, first, int(length))
    # A table that has just been filled is planned for as if it were empty until this is done.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main(sys.argv[1:])
