"""The desk's feed: which entries of a blog a colleague sees, in which list, and what may be done with each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from newsroom.actions.locks import Holder, holders
from newsroom.actions.reading import note_reads
from newsroom.actions.reversals import UNDONE
from newsroom.desk.acts import acts_of, right_of
from newsroom.models import Entry, EntryNote, LiveBlog, Role, Status
from newsroom.permissions import allows, role_of, seen_of_blog, sees
from newsroom.sanitise import plain_text

PAGE_SIZE = 30
EXCERPT = 240


@dataclass(frozen=True, slots=True)
class Tab:
    """One list. `order` is the column it stands by; `empty` is what an empty one says."""

    name: str
    label: Any
    order: str
    newest_first: bool
    empty: Any


TABS = {
    tab.name: tab
    for tab in (
        Tab(Status.PUBLISHED, _("Published"), "order", True, _("Nothing is published yet. Write in the composer and press Ctrl+Enter.")),
        Tab(Status.DRAFT, _("Drafts"), "saved_at", True, _("No drafts. “Save draft” keeps a text here that readers do not see yet.")),
        Tab(Status.SUBMITTED, _("To approve"), "saved_at", False, _("Nothing waits for an editor. What a colleague hands in stands here.")),
        Tab(
            Status.SCHEDULED,
            _("Scheduled"),
            "scheduled_for",
            False,
            _("Nothing is planned. Give an entry a time and it waits here."),
        ),
        Tab(Status.WITHDRAWN, _("Withdrawn"), "order", True, _("Nothing was withdrawn. What is taken down is kept here, with its reason.")),
    )
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """A colleague at the desk of a blog, with the role read when this was made."""

    user: Any
    blog: LiveBlog
    role: Role | None

    @classmethod
    def of(cls, user: Any, blog: LiveBlog) -> Viewer:
        return cls(user, blog, role_of(user, blog))

    @property
    def may_look(self) -> bool:
        return self.may("read_drafts")

    def may(self, verb: str, entry: Entry | None = None) -> bool:
        return allows(self.user, self.role, verb, self.blog, entry)

    def sees(self, entry: Entry) -> bool:
        return sees(self.user, self.role, entry)


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    acts: list[str]
    excerpt: str
    holder: Holder | None
    pinned: bool


@dataclass(frozen=True, slots=True)
class Page:
    """`older` is the ref to ask `before` with, or empty."""

    tab: Tab
    rows: list[Row]
    older: str


def seen_by(viewer: Viewer) -> QuerySet[Entry]:
    return seen_of_blog(viewer.user, viewer.role, viewer.blog)


def counts(viewer: Viewer) -> dict[str, int]:
    found = dict(seen_by(viewer).order_by().values_list("status").annotate(n=Count("pk")))
    return {name: found.get(name, 0) for name in TABS}


def page(viewer: Viewer, *, tab: str, now: datetime, q: str = "", kind: str = "", before: str = "") -> Page:
    """One page of a list. An unknown tab is the published one, an unknown `before` the beginning."""
    chosen = TABS.get(tab, TABS[Status.PUBLISHED])
    rows = seen_by(viewer).filter(status=chosen.name)
    if kind:
        rows = rows.filter(kind=kind)
    if q := q.strip():
        # The stored JSON spells what is not ASCII either way, as the database likes it.
        said = Q(words__icontains=q) | Q(words__icontains=json.dumps(q)[1:-1])
        rows = rows.annotate(words=Cast("blocks", TextField())).filter(Q(headline__icontains=q) | Q(source__icontains=q) | said)
    anchor = seen_by(viewer).filter(ref=before).values_list(chosen.order, "pk").first() if before else None
    if anchor:
        past = "lt" if chosen.newest_first else "gt"
        rows = rows.filter(Q(**{f"{chosen.order}__{past}": anchor[0]}) | Q(**{chosen.order: anchor[0], f"pk__{past}": anchor[1]}))
    sign = "-" if chosen.newest_first else ""
    entries = list(_with_facts(rows).order_by(f"{sign}{chosen.order}", f"{sign}pk")[: PAGE_SIZE + 1])
    more = len(entries) > PAGE_SIZE
    entries = entries[:PAGE_SIZE]
    return Page(chosen, rows_of(viewer, entries, now=now), entries[-1].ref if more else "")


def by_refs(blog: LiveBlog, refs: Iterable[str]) -> list[Entry]:
    return list(_with_facts(Entry.objects.filter(blog=blog, ref__in=list(refs))))


def _with_facts(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    last_note = EntryNote.objects.filter(entry=OuterRef("pk")).order_by("-at").values("note")[:1]
    return rows.select_related("created_by", "saved_by").annotate(last_note=Subquery(last_note), undone=UNDONE, blog_slug=F("blog__slug"))


def rows_of(viewer: Viewer, entries: list[Entry], *, now: datetime) -> list[Row]:
    """The entries as they stand in a list. Their first words stand there too: reading what others prepare is noted."""
    note_reads(actor=viewer.user, entries=entries, now=now)
    held = holders(entries, actor=viewer.user, now=now) if entries else {}
    return [row_of(viewer, entry, held.get(entry.pk)) for entry in entries]


def row_of(viewer: Viewer, entry: Entry, holder: Holder | None) -> Row:
    acts = [act for act in acts_of(entry, undone=getattr(entry, "undone", False)) if viewer.may(right_of(act, entry), entry)]
    pinned = viewer.blog.pinned_id == entry.pk
    excerpt = "" if entry.status == Status.PUBLISHED else opening(entry)
    return Row(entry, acts, excerpt, holder, pinned)


def opening(entry: Entry) -> str:
    """The first words that an entry says."""
    for block in entry.blocks:
        words = plain_text(str(block.get("html") or block.get("text") or block.get("title") or " ".join(block.get("items", []))))
        if words:
            return f"{words[:EXCERPT]}…" if len(words) > EXCERPT else words
    return ""


def render_row(viewer: Viewer, row: Row) -> str:
    """The item of the list, in the blog's zone if that is in force."""
    return render_to_string("admin/newsroom/liveblog/desk/row.html", {"row": row, "blog": viewer.blog})
