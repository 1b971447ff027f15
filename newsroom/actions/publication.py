"""The steps that every public verb on an entry shares: prepare, render outside the transaction, write, number.

Only `newsroom.actions` calls these.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from newsroom.actions.changes import Committed, Touched, commit_change
from newsroom.actions.pictures import have_moved, hold_images, settle_images_on_commit
from newsroom.actions.texts import EntryText, as_json, text_of, tidied
from newsroom.actions.versions import remember, remember_base, text_at
from newsroom.actions.words import NOTHING_SAID, Said, lay_over, write_words
from newsroom.errors import NotFound, StaleEntry, Versions, WrongState
from newsroom.models import Byline, Correction, Entry, EntryByline, EntryRevision, LiveBlog, Op, SearchText, Status, Tag, Write
from newsroom.rendering.entry import RENDER_VERSION, render_entry
from newsroom.rendering.snapshot import Snapshot, take_snapshot
from newsroom.searching import row_for
from newsroom.tagging import key_of

# How often an action starts again because a picture's new rendition (or a mark) took the revision it had rendered for.
TRIES = 5

TEXT_FIELDS = ("kind", "headline", "standing", "source", "blocks", "happened_at", "happened_precision")


class RevisionMoved(Exception):
    """Between rendering and the transaction the entry got another revision: render again."""


def order_key(published_at: datetime, ref: str) -> str:
    """The feed's order as one string: microseconds since 1970, then the ref (never the primary key, which would count the drafts)."""
    micros = int(published_at.timestamp()) * 1_000_000 + published_at.microsecond
    return f"{micros:016d}-{ref}"


def put_text(entry: Entry, text: EntryText) -> None:
    """The typed text onto the entry in memory; bylines and tags wait (`pending_bylines`, `pending_tags`) until the rows are written."""
    for name in TEXT_FIELDS:
        setattr(entry, name, getattr(text, name))
    found = Byline.objects.in_bulk(text.bylines)
    entry.pending_bylines = [found[pk] for pk in text.bylines]  # type: ignore[attr-defined]
    known = {tag.key: tag for tag in Tag.objects.filter(blog=entry.blog, key__in=[key_of(name) for name in text.tags])} if text.tags else {}
    entry.pending_tags = [known.get(key_of(name)) or _new_tag(entry.blog, name) for name in text.tags]  # type: ignore[attr-defined]


def _new_tag(blog: LiveBlog, name: str) -> Tag:
    """Unsaved. Where a renamed tag has kept the address that the name would get, it gets the next one."""
    key = slug = key_of(name)
    number = 1
    while Tag.objects.filter(blog=blog, slug=slug).exists():
        number += 1
        slug = f"{key}-{number}"
    return Tag(blog=blog, name=name, key=key, slug=slug)


def save_links(entry: Entry, *, new: bool = False) -> None:
    """The rows of the entry's bylines and tags, where a text was put on it. A `new` entry has none that would have to go."""
    save_tags(entry, new=new)
    bylines = getattr(entry, "pending_bylines", None)
    if bylines is None:
        return
    if not new:
        entry.entry_bylines.all().delete()
    EntryByline.objects.bulk_create(EntryByline(entry=entry, byline=byline, position=place) for place, byline in enumerate(bylines))
    del entry.pending_bylines  # type: ignore[attr-defined]


def save_tags(entry: Entry, *, new: bool = False) -> None:
    tags = getattr(entry, "pending_tags", None)
    if tags is None:
        return
    for place, tag in enumerate(tags):
        if tag.pk is None:
            # Another entry may have brought it meanwhile.
            tags[place], _ = Tag.objects.get_or_create(blog=tag.blog, key=tag.key, defaults={"name": tag.name, "slug": tag.slug})
    if tags or not new:
        entry.tags.set(tags)
    del entry.pending_tags  # type: ignore[attr-defined]


def save_search(entry: Entry, snapshot: Snapshot, *, new: bool = False) -> None:
    """What a search may find of the entry: its public text, or nothing."""
    if new and entry.status == Status.PUBLISHED:
        SearchText.objects.create(entry=entry, **row_for(snapshot))
    elif entry.status == Status.PUBLISHED:
        SearchText.objects.update_or_create(entry=entry, defaults=row_for(snapshot))
    else:
        SearchText.objects.filter(entry=entry).delete()


def check_version(entry: Entry, base_version: int, yours: EntryText | None = None) -> None:
    """Raises `StaleEntry` with both texts, and the one they were made from, where somebody saved the entry since it was opened."""
    if entry.version != base_version:
        by = str(entry.saved_by) if entry.saved_by else "Somebody"
        versions = Versions(
            theirs=as_json(text_of(entry)), yours=as_json(tidied(yours)) if yours else {}, base=text_at(entry, base_version)
        )
        raise StaleEntry(by=by, versions=versions, version=entry.version)


def load(entry: Entry) -> Entry:
    """The entry as it is now, fresh from the database."""
    fresh = Entry.objects.select_related("blog", "saved_by").filter(pk=entry.pk).first()
    if fresh is None:
        raise NotFound
    return fresh


def commit_revision(
    *,
    blog: LiveBlog,
    entry: Entry,
    actor: Any,
    base_version: int,
    reason: str,
    now: datetime,
    key: uuid.UUID | None,
    ops: Callable[[], Touched],
    also: Callable[[], None] = lambda: None,
    leaves: Iterable[str] = (),
    said: Said = NOTHING_SAID,
    outcome: Entry | None = None,
) -> Entry:
    """Renders the entry as it is in memory as its next revision, commits it, and returns it: or the first one, where the key had been used.

    `base_version` is the version the entry was read at; an action that saves another text has raised `entry.version` above it.
    `ops` says, once the rows are written, what readers see differently; `also` writes what belongs to the same fact (a correction).
    `leaves` are pictures that it shows no more: once readers are told, their files follow. Withheld ones that it shows are back before.
    `said` are words of its pictures, stored in the same commit: readers get text and captions as one change. `outcome` is what is returned,
    now and later, where that is another entry.
    Raises `RevisionMoved` where the entry got another revision or text, or one of its pictures other words or files, meanwhile.
    """
    base_rev = entry.rev
    entry.rev += 1
    snapshot = take_snapshot(entry, rev=entry.rev, now=now)
    lay_over(snapshot, said.words)
    entry.fragment = render_entry(snapshot)
    entry.render_version = RENDER_VERSION
    creating = entry.pk is None

    def write() -> Touched:
        if not creating:
            now_there = Entry.objects.select_for_update().values_list("rev", "version").get(pk=entry.pk)
            if now_there != (base_rev, base_version):
                raise RevisionMoved
        write_words(said.words, actor=actor, blog=blog, now=now, beside=snapshot["pictures"])
        pictures = hold_images(snapshot)
        if have_moved(snapshot, pictures):
            raise RevisionMoved
        saves_text = creating or entry.version != base_version
        if saves_text and not creating:
            remember_base(entry.pk, base_version, now)
        entry.save()
        save_links(entry, new=creating)
        if saves_text:
            remember(entry, actor=actor, now=now, first=creating)
        also()
        if entry.status == Status.PUBLISHED:
            settle_images_on_commit((image.ref for image in pictures if image.withheld), blog=blog)
        EntryRevision.objects.create(entry=entry, rev=entry.rev, reason=reason, snapshot=snapshot, by_id=actor.pk, at=now)
        save_search(entry, snapshot, new=creating)
        return ops()

    result = outcome or entry

    def respond() -> dict[str, Any]:
        return {"ref": result.ref, "rev": entry.rev}

    committed = commit_change(
        blog=blog,
        actor=actor,
        now=now,
        verb=reason,
        key=key,
        entry=entry,
        write=write,
        respond=respond,
        then=lambda: settle_images_on_commit(leaves, blog=blog),
    )
    return answered(committed, result)


def board_shows(entry: Entry) -> bool:
    """Whether the board must be rendered anew with this entry: it is pinned or a key event. Ask with the entry's row locked."""
    return entry.key_event or LiveBlog.objects.filter(pk=entry.blog_id, pinned_id=entry.pk).exists()


def put_and_board(entry: Entry, *, board: bool) -> Callable[[], Touched]:
    """What readers see differently where the entry is there as it is now. `board`: the board too, whatever it showed."""
    new = entry.pk is None

    def ops() -> Touched:
        touched: list[tuple[Op, Entry | None]] = [(Op.PUT, entry)]
        # Nobody can have pinned an entry that was not there.
        if board or (entry.key_event if new else board_shows(entry)):
            touched.append((Op.BOARD, None))
        return touched

    return ops


def take_down(entry: Entry, *, actor: Any, now: datetime, reason: str, notice: bool) -> Callable[[], Touched]:
    """A published entry as withdrawn, in memory: not pinned and no key event any more. Answers what readers see differently."""
    # Asked now, because it is taken away below; who marks it meanwhile makes another revision.
    was_key = entry.key_event
    entry.status = Status.WITHDRAWN
    entry.withdrawn_at, entry.withdrawn_reason, entry.notice_shown = now, reason, notice
    entry.key_event = False
    entry.version += 1
    entry.saved_by_id = actor.pk

    def ops() -> Touched:
        # A pin makes no revision, so only here, with the entry's row locked, is it certain: a later one waits, and is refused.
        was_pinned = LiveBlog.objects.filter(pk=entry.blog_id, pinned_id=entry.pk).update(pinned=None) > 0
        touched: list[tuple[Op, Entry | None]] = [(Op.DROP, entry)]
        return [*touched, (Op.BOARD, None)] if was_key or was_pinned else touched

    return ops


def attempt(action: Callable[[], Entry]) -> Entry:
    """Runs an action again while its revision moves under it. A stale text is refused by `check_version` on the way."""
    for _ in range(TRIES):
        try:
            return action()
        except RevisionMoved:
            continue
    raise WrongState("This entry is being changed by several hands at once. Try again in a moment.")


def already_done(key: uuid.UUID | None, *, blog: LiveBlog, actor: Any) -> Entry | None:
    """The entry that an earlier write under this key concerned: a repetition is answered before anything is judged anew."""
    if key is None:
        return None
    ref = Write.objects.filter(key=key, blog=blog, user_id=actor.pk).values_list("response__ref", flat=True).first()
    return Entry.objects.select_related("blog").filter(ref=ref).first() if ref else None


def answered(committed: Committed, entry: Entry) -> Entry:
    """The entry that a commit concerns: the first one, where the same key had been used before."""
    if committed.repeated:
        return Entry.objects.select_related("blog").get(ref=committed.response["ref"])
    return entry


def need(entry: Entry, *statuses: str) -> None:
    if entry.status not in statuses:
        wanted = " or ".join(str(Status(status).label).lower() for status in statuses)
        raise WrongState(f"This entry is {Status(entry.status).label.lower()}; for this it must be {wanted}.")


def new_correction(entry: Entry, *, note: str, actor: Any, now: datetime) -> Correction:
    return Correction(entry=entry, note=note, at=now, by_id=actor.pk)
