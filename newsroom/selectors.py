"""Reads for the public side. Every one sees only what is public, and reads the head *before* the rows: what is newer than the head it
names comes again as a frame, and a frame applied twice does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from newsroom import frames
from newsroom.finding import Place, Wanted
from newsroom.models import Change, Entry, EntryRevision, LiveBlog, State, Status, Tag
from newsroom.rendering.board import render_board, render_front
from newsroom.rendering.snapshot import Snapshot
from newsroom.searching import found

PAGE_SIZE = 30
# How many entries stand before the one that a page was asked to show, and one more.
BEFORE_IT = 4
MAX_TAGS = 60
NEIGHBOURS = 3
FEED = Wanted()
MAX_CHANGES = 200
# The reasons of revisions that say something new; the others write the same text anew.
NEWS = ("edit", "correct", "move", "withdraw", "undo", "restore")


@dataclass(frozen=True, slots=True)
class Head:
    """A position in one history: `token` is 0 at number 0."""

    epoch: str
    seq: int
    token: int


@dataclass(frozen=True, slots=True)
class FeedState:
    """What a server process must know of a blog that has readers there."""

    blog_id: int
    head: Head
    readers_shown: bool


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Entries in the order asked for, as stored fragments. `older` is the ref to ask `before` with, or empty; `newer` says that there are
    newer ones.

    `onward` asks for the page after this one and `back` for the one before it, or None. `total` counts what was found, where entries are
    left out.
    """

    entries: list[Entry]
    older: str = ""
    newer: bool = False
    onward: Wanted | None = None
    back: Wanted | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class BlogPage:
    blog: LiveBlog
    head: Head
    front: str
    board: str
    feed: FeedPage
    tags: list[Tag]
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry and the published ones beside it: `later` the nearest last, `earlier` the nearest first, so both read newest first.

    `snapshot` is what its fragment is made of; None where it was withdrawn.
    """

    blog: LiveBlog
    entry: Entry
    later: list[Entry]
    earlier: list[Entry]
    snapshot: Snapshot | None


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the feed: `snapshot` is what its fragment is made of, None where only the notice of its withdrawal is left.

    `changed` is when readers were last told something new of it: a new text, a correction, a place, that it went or came back.
    """

    entry: Entry
    snapshot: Snapshot | None
    published: datetime
    changed: datetime


@dataclass(frozen=True, slots=True)
class Latest:
    blog: LiveBlog
    changed: datetime | None
    entries: list[Told]


def public_blogs() -> list[LiveBlog]:
    """What the front page lists: live first, then upcoming, then the rest, each newest first."""
    rank = {State.LIVE: 0, State.PAUSED: 0, State.UPCOMING: 1, State.ENDED: 2}
    blogs = LiveBlog.objects.exclude(state=State.DRAFT).annotate(latest=Max("changes__at"))
    return sorted(blogs.order_by("-created_at"), key=lambda blog: rank[State(blog.state)])


def public_blog(slug: str) -> LiveBlog | None:
    """The blog if readers may know of it. A blog that is not public yet is as absent as one that never was."""
    return LiveBlog.objects.exclude(state=State.DRAFT).select_related("pinned").filter(slug=slug).first()


def _blog_with_head(slug: str) -> tuple[LiveBlog, Head, datetime | None] | None:
    """As `public_blog`, with its head and the time of its last change. One query."""
    newest = Change.objects.filter(blog_id=OuterRef("pk"), seq=OuterRef("seq"))
    blogs = LiveBlog.objects.exclude(state=State.DRAFT).select_related("pinned").filter(slug=slug)
    blog = blogs.annotate(head_token=Subquery(newest.values("token")[:1]), head_at=Subquery(newest.values("at")[:1])).first()
    return (blog, Head(blog.epoch, blog.seq, blog.head_token or 0), blog.head_at) if blog else None


def head_of(blog: LiveBlog) -> Head:
    token = Change.objects.filter(blog_id=blog.pk, seq=blog.seq).values_list("token", flat=True).first()
    return Head(blog.epoch, blog.seq, token or 0)


def feed(blog: LiveBlog, wanted: Wanted = FEED, *, limit: int = PAGE_SIZE) -> FeedPage:
    """One page of what is wanted. A ref that is not (or no longer) there gives the first page; so does one that stands on it."""
    rows = wanted_entries(blog, wanted)
    onward: Place = "after" if wanted.oldest else "before"
    backward: Place = "before" if wanted.oldest else "after"
    place, anchor = wanted.place, _order_of(blog, wanted.ref)
    if anchor and place == "at":
        # The page that begins a few entries before the one that is asked for.
        behind = list(_beside(rows, anchor, newer=not wanted.oldest).values_list("order", flat=True)[:limit])
        place, anchor = onward, behind[BEFORE_IT] if len(behind) == limit else ""
    entries: list[Entry] = []
    more = True
    if anchor and place == backward:
        entries = list(_beside(rows, anchor, newer=not wanted.oldest)[: limit + 1])
        # What leads back to the beginning is the first page, whole.
        anchor = anchor if len(entries) > limit else ""
        entries = entries[:limit][::-1]
    elif anchor:
        entries = list(_beside(rows, anchor, newer=wanted.oldest)[: limit + 1])
        more = len(entries) > limit
    if not anchor:
        entries = list(rows.order_by("order" if wanted.oldest else "-order")[: limit + 1])
        more = len(entries) > limit
    entries = entries[:limit]
    edge = entries[0].order if entries else anchor
    behind_it = _beside(rows, edge, newer=not wanted.oldest)[: limit + 1].count() if anchor else 0
    return FeedPage(
        entries=entries,
        older=entries[-1].ref if more and entries and not wanted.oldest else "",
        newer=behind_it > 0,
        onward=wanted.at_place(onward, entries[-1].ref) if more and entries else None,
        back=wanted.at_place(backward, entries[0].ref) if entries and behind_it > limit else wanted.at_place() if anchor else None,
        total=rows.count() if wanted.narrows else None,
    )


def _order_of(blog: LiveBlog, ref: str) -> str:
    return visible_entries(blog).filter(ref=ref).values_list("order", flat=True).first() or "" if ref else ""


def _beside(rows: QuerySet[Entry], order: str, *, newer: bool) -> QuerySet[Entry]:
    """The rows on one side of a place, the nearest first."""
    return rows.filter(order__gt=order).order_by("order") if newer else rows.filter(order__lt=order).order_by("-order")


def wanted_entries(blog: LiveBlog, wanted: Wanted) -> QuerySet[Entry]:
    """What a page of this kind lists. A withdrawal's notice has no kind, no tag and no words to be found by."""
    if not wanted.narrows:
        return visible_entries(blog)
    rows = Entry.objects.filter(blog_id=blog.pk, status=Status.PUBLISHED)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.key:
        rows = rows.filter(key_event=True)
    if wanted.tag:
        rows = rows.filter(tags__slug=wanted.tag, tags__blog_id=blog.pk)
    return found(rows, wanted.q, blog.language) if wanted.q else rows


def public_tags(blog: LiveBlog) -> list[Tag]:
    """The tags of what is published, and no other: a tag may say what a draft is about."""
    used = Entry.tags.through.objects.filter(tag_id=OuterRef("pk"), entry__status=Status.PUBLISHED)
    return list(Tag.objects.filter(Exists(used), blog_id=blog.pk).order_by("key")[:MAX_TAGS])


def visible_entries(blog: LiveBlog) -> QuerySet[Entry]:
    """The entries of the feed: published, or withdrawn with a notice that stands in their place."""
    # In this form, and not as one or the other, SQLite reads them in the order of the index instead of sorting them all.
    public = Entry.objects.filter(blog_id=blog.pk, status__in=[Status.PUBLISHED, Status.WITHDRAWN])
    return public.exclude(status=Status.WITHDRAWN, notice_shown=False)


def blog_page(slug: str, wanted: Wanted = FEED, *, limit: int = PAGE_SIZE, tags: bool = False) -> BlogPage | None:
    """Everything a page shows, with `tags` also what it may be narrowed by, or None where there is no such public blog."""
    known = _blog_with_head(slug)
    if known is None:
        return None
    blog, head, changed = known
    return BlogPage(
        blog=blog,
        head=head,
        front=render_front(blog),
        board=render_board(blog),
        feed=feed(blog, wanted, limit=limit),
        tags=public_tags(blog) if tags else [],
        changed=changed,
    )


def snapshots(entries: Iterable[Entry]) -> list[Snapshot]:
    """What the fragments of those that are published are made of, in the order given. One query."""
    published = [entry.pk for entry in entries if entry.status == Status.PUBLISHED]
    rows = EntryRevision.objects.filter(entry_id__in=published, rev=F("entry__rev"), entry__status=Status.PUBLISHED)
    known = dict(rows.values_list("entry_id", "snapshot")) if published else {}
    return [known[pk] for pk in published if pk in known]


def latest(slug: str, *, limit: int) -> Latest | None:
    """The newest entries with what they are made of, or None where there is no such public blog. Four queries."""
    known = _blog_with_head(slug)
    if known is None:
        return None
    blog, _, changed = known
    entries = feed(blog, limit=limit).entries
    made_of = {snapshot["ref"]: snapshot for snapshot in snapshots(entries)}
    said = EntryRevision.objects.filter(entry_id__in=[entry.pk for entry in entries], reason__in=NEWS).order_by()
    said_at = dict(said.values_list("entry_id").annotate(Max("at")))
    told = []
    for entry in entries:
        snapshot = made_of.get(entry.ref)
        # One that went between two of the questions is left out: it is told of with the number that took it away.
        if entry.published_at and (snapshot or entry.status == Status.WITHDRAWN):
            moments = [entry.published_at, said_at.get(entry.pk), *map(datetime.fromisoformat, _moments_in(snapshot) if snapshot else [])]
            told.append(Told(entry, snapshot, entry.published_at, max(moment for moment in moments if moment)))
    return Latest(blog, changed, told)


def _moments_in(snapshot: Snapshot) -> list[str]:
    """What an entry itself says of its times: where it was edited elsewhere before it came here, no revision tells."""
    found = [snapshot["edited_at"] or "", snapshot.get("added_at", ""), *(note["at"] for note in snapshot["corrections"])]
    return [at for at in found if at]


def entry_page(slug: str, ref: str) -> EntryPage | None:
    """None where there is no such public entry: absent, not public yet, or withdrawn without a notice."""
    blog = public_blog(slug)
    entry = public_entry(blog, ref) if blog else None
    if blog is None or entry is None:
        return None
    entry.blog = blog
    published = Entry.objects.filter(blog_id=blog.pk, status=Status.PUBLISHED).select_related("blog")
    return EntryPage(
        blog=blog,
        entry=entry,
        later=list(_beside(published, entry.order, newer=True)[:NEIGHBOURS])[::-1],
        earlier=list(_beside(published, entry.order, newer=False)[:NEIGHBOURS]),
        snapshot=next(iter(snapshots([entry])), None),
    )


def public_entry(blog: LiveBlog, ref: str) -> Entry | None:
    return visible_entries(blog).filter(ref=ref).first()


def _contains(blog: LiveBlog, seq: int, token: int) -> bool:
    if seq == 0:
        return token == 0
    return Change.objects.filter(blog_id=blog.pk, seq=seq, token=token).exists()


def numbers_after(blog_id: int, epoch: str, after: int, token: int) -> list[frames.Numbered] | None:
    """For a server process that fell behind: an encoded frame for every number after `after`, none left out, at most MAX_CHANGES.

    None where the history does not contain that position any more.
    """
    blog = LiveBlog.objects.filter(pk=blog_id).first()
    if blog is None or blog.epoch != epoch or after > blog.seq or not _contains(blog, after, token):
        return None
    changes = list(Change.objects.filter(blog_id=blog_id, seq__gt=after, seq__lte=blog.seq).order_by("seq")[:MAX_CHANGES])
    if changes and changes[0].seq != after + 1:
        return None
    return frames.numbered(frames.build(blog, changes))


def feed_state(slug: str) -> FeedState | None:
    """Of one public blog, by its slug."""
    blog = public_blog(slug)
    return FeedState(blog.pk, head_of(blog), blog.readers_shown) if blog else None


def feed_states(blog_ids: Iterable[int]) -> dict[int, FeedState]:
    """Of each of these blogs that readers may still see. One query."""
    newest = Change.objects.filter(blog_id=OuterRef("pk"), seq=OuterRef("seq")).values("token")
    rows = (
        LiveBlog.objects.filter(pk__in=blog_ids)
        .exclude(state=State.DRAFT)
        .annotate(token=Coalesce(Subquery(newest[:1]), 0))
        .values_list("pk", "epoch", "seq", "token", "readers_shown")
    )
    return {pk: FeedState(pk, Head(epoch, seq, token), shown) for pk, epoch, seq, token, shown in rows}
