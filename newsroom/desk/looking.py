"""One look at the database for the open desks of a blog: what each of them must be told (docs/contracts/desk-socket.md)."""

from __future__ import annotations

import zoneinfo
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from newsroom.actions.locks import LOCK_LASTS
from newsroom.actions.pruning import READERS_KEPT
from newsroom.desk import feed
from newsroom.desk.feed import Viewer
from newsroom.models import Change, Entry, EntryLock, LiveBlog, ReaderCount, State

Message = dict[str, Any]

# They are noted once a minute, and a server that starts anew may miss one.
NOBODY_READ = timedelta(minutes=3)


@dataclass(eq=False)
class Desk:
    """One open page. `send` may fail once the socket is gone; `close` ends it with a code."""

    session_key: str
    viewer: Viewer
    send: Callable[[Message], Awaitable[None]]
    close: Callable[[int], Awaitable[None]]


@dataclass(frozen=True)
class Look:
    """Per desk, the messages to send; and how what was looked at stood, to be given to the next look."""

    messages: list[tuple[Desk, list[Message]]]
    saved: dict[str, tuple[Any, ...]]


def look_again(blog_id: int, desks: Sequence[Desk], refs: set[str], since: datetime, seen: dict[str, tuple[Any, ...]]) -> Look:
    """What the desks must be told: of the entries that were named, and of those that were saved since and look different."""
    rows = Entry.objects.filter(blog_id=blog_id, saved_at__gt=since).values_list("ref", "version", "rev", "status", "last_seq")
    saved: dict[str, tuple[Any, ...]] = {ref: tuple(facts) for ref, *facts in rows}
    wanted = refs | {ref for ref, facts in saved.items() if seen.get(ref) != facts}
    holders = EntryLock.objects.filter(entry__blog_id=blog_id, seen_at__gt=timezone.now() - LOCK_LASTS)
    # Nobody announces that a lock has expired.
    locks = tuple(sorted(holders.values_list("entry__ref", "user_id")))
    wanted |= {ref for ref, _user in set(locks) ^ set(seen.get("locks", ()))}
    saved["locks"] = locks
    bar = ("", LiveBlog.objects.filter(pk=blog_id).values_list("seq", "state", "title", "pinned_id").first())
    saved[""] = bar
    if not wanted and seen.get("") == bar:
        return Look([], saved)
    blog = LiveBlog.objects.get(pk=blog_id)
    found = feed.by_refs(blog, wanted)
    last = Change.objects.filter(blog_id=blog_id, seq=blog.seq).values_list("at", flat=True).first()
    now = timezone.now()
    state: Message = {
        "op": "blog",
        "state": blog.state,
        "label": str(blog.get_state_display()),
        "title": blog.title,
        "quiet": blog.quiet_minutes if blog.state == State.LIVE else 0,
        "pushed": last.isoformat() if last else None,
    }
    messages = []
    with timezone.override(zoneinfo.ZoneInfo(blog.zone)):
        for desk in desks:
            viewer = Viewer(desk.viewer.user, blog, desk.viewer.role)
            mine = [entry for entry in found if viewer.sees(entry)]
            told: list[Message] = [
                {
                    "op": "entry",
                    "ref": row.entry.ref,
                    "tab": row.entry.status,
                    "order": order_of(row.entry),
                    "version": row.entry.version,
                    "holder": {"name": row.holder.name, "mine": row.holder.mine} if row.holder else None,
                    "headline": row.entry.headline,
                    "html": feed.render_row(viewer, row),
                }
                for row in feed.rows_of(viewer, mine, now=now)
            ]
            told += [{"op": "gone", "ref": ref} for ref in sorted(wanted - {entry.ref for entry in mine})]
            messages.append((desk, [*told, {"op": "counts", "counts": feed.counts(viewer)}, state]))
    return Look(messages, saved)


def order_of(entry: Entry) -> str:
    """Where the entry stands in its list, as a string that sorts as the database sorts."""
    column = feed.TABS[entry.status].order
    value = getattr(entry, column)
    return value if isinstance(value, str) else value.isoformat() if value else ""


def past_readers(blog_id: int, now: datetime) -> Message:
    """How many read in the last hours. Minutes that were not noted are those in which nobody did: they have a zero at either end."""
    counts: list[tuple[datetime, int]] = []
    minute = timedelta(minutes=1)
    for at, count in ReaderCount.objects.filter(blog_id=blog_id, minute__gt=now - READERS_KEPT).values_list("minute", "count"):
        if counts and at - counts[-1][0] > NOBODY_READ:
            counts += [(counts[-1][0] + minute, 0), (at - minute, 0)]
        counts.append((at, count))
    if counts and now - counts[-1][0] > NOBODY_READ:
        counts += [(counts[-1][0] + minute, 0), (now, 0)]
    return {"op": "past", "counts": [[max(0, (now - at) // minute), count] for at, count in counts]}
