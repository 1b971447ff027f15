"""One function an editorial verb on an entry. Each: permission, validation, rendering, then `commit_change`.

`now` is given by the caller. `key` makes a repetition harmless: the second call returns the first one's entry. Refusals are
`newsroom.errors`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from newsroom.actions.changes import Touched, commit_change
from newsroom.actions.publication import (
    already_done,
    attempt,
    check_version,
    commit_revision,
    load,
    need,
    new_correction,
    order_key,
    put_and_board,
    put_text,
    take_down,
)
from newsroom.actions.rerendering import follow_words
from newsroom.actions.rules import check_embargo, check_kind_kept, check_second_pair
from newsroom.actions.texts import EntryText, clean_text, text_of, tidied
from newsroom.actions.words import Words, judge_words, write_words
from newsroom.errors import Fault, Invalid, WrongState
from newsroom.models import Entry, LiveBlog, Op, Status
from newsroom.moments import impossible
from newsroom.permissions import require
from newsroom.rendering.snapshot import image_refs

__all__ = [
    "EntryText",
    "correct_entry",
    "edit_entry",
    "mark_key_event",
    "pin_entry",
    "publish_entry",
    "unpin_entry",
    "withdraw_entry",
]

UNPUBLISHED = (Status.DRAFT, Status.SUBMITTED, Status.SCHEDULED)
MAX_NOTE = 1000
MAX_REASON = 500


def publish_entry(
    *,
    actor: Any,
    blog: LiveBlog,
    text: EntryText,
    now: datetime,
    key: uuid.UUID | None = None,
    entry: Entry | None = None,
    base_version: int | None = None,
    published_at: datetime | None = None,
    key_event: bool = False,
    source_id: str = "",
    edited_at: datetime | None = None,
    described: Mapping[str, Words] | None = None,
    follow: Callable[..., None] = follow_words,
) -> Entry:
    """Makes a new entry, or an existing draft, public. `published_at` in the past slots it into its place in the feed.

    `edited_at` is for a text that was edited elsewhere before it came here: readers see that time, as with an edit made here.
    `described` are new words of its pictures by their refs: they become public with it, or not at all. `follow` is called with what
    `follow_words` takes when it is public: whoever publishes inside a transaction does that behind it, or the other entries that show
    those pictures would be locked while the blog is.
    """
    require(actor, "publish", blog, entry)
    done = already_done(key, blog=blog, actor=actor)
    if done:
        return done
    if faults := impossible("published_at", published_at):
        raise Invalid(faults)
    if published_at and published_at > now + timedelta(seconds=1):
        raise Invalid([Fault("published_at", "This time is yet to come. Schedule the entry instead.")])

    def publish() -> Entry:
        before: EntryText | None = None
        if entry is None:
            fresh, base = Entry(blog=blog, created_by_id=actor.pk, source_id=source_id), 0
        else:
            fresh = load(entry)
            need(fresh, *UNPUBLISHED)
            check_version(fresh, base_version if base_version is not None else fresh.version, text)
            check_embargo(fresh, now)
            before = text_of(fresh)
            base = fresh.version
            fresh.version += 1
        said = judge_words(described, actor=actor, blog=blog, blocks=text.blocks)
        cleaned = clean_text(text, blog=blog, now=now, publishing=True, said=said)
        changed = tidied(text) != before or bool(said.words)
        check_second_pair(blog=blog, kind=cleaned.kind, actor=actor, entry=entry and fresh, changed=changed)
        if changed:
            fresh.written_by_id = actor.pk
        put_text(fresh, cleaned)
        fresh.status = Status.PUBLISHED
        fresh.key_event = fresh.key_event or key_event
        fresh.published_at = published_at or now
        fresh.edited_at = edited_at
        fresh.order = order_key(fresh.published_at, fresh.ref)
        fresh.scheduled_for = None
        fresh.saved_by_id = fresh.approved_by_id = actor.pk
        done = commit_revision(
            blog=blog,
            entry=fresh,
            actor=actor,
            base_version=base,
            reason="publish",
            now=now,
            key=key,
            ops=put_and_board(fresh, board=False),
            said=said,
        )
        follow(blog=blog, refs=said.words, now=now, actor=actor)
        return done

    return attempt(publish)


def edit_entry(
    *,
    actor: Any,
    entry: Entry,
    text: EntryText,
    base_version: int,
    now: datetime,
    key: uuid.UUID | None = None,
    described: Mapping[str, Words] | None = None,
) -> Entry:
    """Changes the wording of a published entry, and of its pictures. Readers see “Edited” with the time where the text changed."""
    return _revise(
        actor=actor, verb="edit", entry=entry, text=text, note="", base_version=base_version, now=now, key=key, described=described
    )


def correct_entry(
    *,
    actor: Any,
    entry: Entry,
    text: EntryText,
    note: str,
    base_version: int,
    now: datetime,
    key: uuid.UUID | None = None,
    described: Mapping[str, Words] | None = None,
) -> Entry:
    """Changes a fact in a published entry. Readers see the dated `note` under it for good."""
    note = " ".join(note.split())
    if not note:
        raise Invalid([Fault("note", "Say what was wrong and what is right: readers see this note.")])
    if len(note) > MAX_NOTE:
        raise Invalid([Fault("note", f"This has {len(note)} characters; {MAX_NOTE} is the most.")])
    return _revise(
        actor=actor, verb="correct", entry=entry, text=text, note=note, base_version=base_version, now=now, key=key, described=described
    )


def _revise(
    *,
    actor: Any,
    verb: str,
    entry: Entry,
    text: EntryText,
    note: str,
    base_version: int,
    now: datetime,
    key: uuid.UUID | None,
    described: Mapping[str, Words] | None,
) -> Entry:
    blog = entry.blog
    require(actor, verb, blog, entry)
    done = already_done(key, blog=blog, actor=actor)
    if done:
        return done

    def revise() -> Entry:
        fresh = load(entry)
        need(fresh, Status.PUBLISHED)
        check_version(fresh, base_version, text)
        before = text_of(fresh)
        said = judge_words(described, actor=actor, blog=blog, blocks=text.blocks)
        cleaned = clean_text(text, blog=blog, now=now, publishing=True, said=said)
        if not note and cleaned == before:
            # The pictures' words alone: no new text, so nobody's open edit becomes stale.
            with transaction.atomic():
                write_words(said.words, actor=actor, blog=blog, now=now)
            follow_words(blog=blog, refs=said.words, now=now, actor=actor)
            return load(fresh)
        check_kind_kept(blog=blog, before=before.kind, after=cleaned.kind)
        put_text(fresh, cleaned)
        fresh.version += 1
        fresh.saved_by_id = fresh.written_by_id = actor.pk
        correction = new_correction(fresh, note=note, actor=actor, now=now) if note else None
        if correction:
            fresh.pending_corrections = [correction]  # type: ignore[attr-defined]
        else:
            fresh.edited_at = now
        done = commit_revision(
            blog=blog,
            entry=fresh,
            actor=actor,
            base_version=base_version,
            reason=verb,
            now=now,
            key=key,
            ops=put_and_board(fresh, board=False),
            also=correction.save if correction else lambda: None,
            leaves={*image_refs(before.blocks)} - {*image_refs(fresh.blocks)},
            said=said,
        )
        follow_words(blog=blog, refs=said.words, now=now, actor=actor)
        return done

    return attempt(revise)


def withdraw_entry(*, actor: Any, entry: Entry, reason: str, now: datetime, key: uuid.UUID | None = None, notice: bool = True) -> Entry:
    """Takes a published entry down. With `notice` a line with the reason stands where it stood; the record is kept either way."""
    blog = entry.blog
    require(actor, "withdraw", blog, entry)
    done = already_done(key, blog=blog, actor=actor)
    if done:
        return done
    reason = " ".join(reason.split())
    if notice and not reason:
        raise Invalid([Fault("reason", "Say why it is withdrawn: readers see this where the entry stood.")])
    if len(reason) > MAX_REASON:
        raise Invalid([Fault("reason", f"This has {len(reason)} characters; {MAX_REASON} is the most.")])

    def withdraw() -> Entry:
        fresh = load(entry)
        need(fresh, Status.PUBLISHED)
        base = fresh.version
        ops = take_down(fresh, actor=actor, now=now, reason=reason, notice=notice)
        return commit_revision(
            blog=blog,
            entry=fresh,
            actor=actor,
            base_version=base,
            reason="withdraw",
            now=now,
            key=key,
            ops=ops,
            leaves=image_refs(fresh.blocks),
        )

    return attempt(withdraw)


def mark_key_event(*, actor: Any, entry: Entry, key_event: bool, now: datetime, key: uuid.UUID | None = None) -> Entry:
    """Lists a published entry among the key events, or takes it off the list. Its text and version stay."""
    blog = entry.blog
    require(actor, "key_event", blog, entry)
    done = already_done(key, blog=blog, actor=actor)
    if done:
        return done

    def mark() -> Entry:
        fresh = load(entry)
        need(fresh, Status.PUBLISHED)
        if fresh.key_event == key_event:
            return fresh
        fresh.key_event = key_event
        ops = put_and_board(fresh, board=True)
        return commit_revision(blog=blog, entry=fresh, actor=actor, base_version=fresh.version, reason="mark", now=now, key=key, ops=ops)

    return attempt(mark)


def pin_entry(*, actor: Any, entry: Entry, now: datetime, key: uuid.UUID | None = None) -> None:
    """Shows a published entry first; what was pinned before is not any more."""
    blog = entry.blog
    require(actor, "pin", blog, entry)

    def write() -> Touched:
        # Locked, so that it cannot be withdrawn between this look and the commit; the entry before the blog, as whoever withdraws it does.
        status = Entry.objects.select_for_update().values_list("status", flat=True).get(pk=entry.pk)
        if status != Status.PUBLISHED:
            raise WrongState("Only a published entry can be pinned.")
        changed = LiveBlog.objects.filter(pk=blog.pk).exclude(pinned_id=entry.pk).update(pinned=entry)
        return [(Op.BOARD, None)] if changed else []

    commit_change(blog=blog, actor=actor, now=now, verb="pin", key=key, entry=entry, write=write)


def unpin_entry(*, actor: Any, blog: LiveBlog, now: datetime, key: uuid.UUID | None = None) -> None:
    """Shows no entry first."""
    require(actor, "pin", blog)

    def write() -> Touched:
        changed = LiveBlog.objects.filter(pk=blog.pk, pinned__isnull=False).update(pinned=None)
        return [(Op.BOARD, None)] if changed else []

    commit_change(blog=blog, actor=actor, now=now, verb="unpin", key=key, write=write)
