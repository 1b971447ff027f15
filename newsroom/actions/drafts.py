"""Verbs on entries that are not public: they take no number, so the numbers tell nothing of what the desk is preparing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from newsroom.actions.changes import Touched, commit_change
from newsroom.actions.publication import already_done, answered, check_version, load, need, put_text, save_links
from newsroom.actions.rerendering import follow_words
from newsroom.actions.rules import check_embargo, check_second_pair, needs_second_pair
from newsroom.actions.texts import EntryText, clean_text, text_of
from newsroom.actions.turns import locked, turn
from newsroom.actions.versions import remember, remember_base
from newsroom.actions.words import Words, judge_words, write_words
from newsroom.errors import Fault, Invalid
from newsroom.models import Entry, LiveBlog, Status, Write
from newsroom.permissions import require


def save_draft(
    *,
    actor: Any,
    blog: LiveBlog,
    text: EntryText,
    now: datetime,
    key: uuid.UUID | None = None,
    entry: Entry | None = None,
    base_version: int | None = None,
    described: Mapping[str, Words] | None = None,
) -> Entry:
    """Keeps a text that need not be complete. A submitted or scheduled entry keeps its status; only where the blog wants a second pair of
    eyes on its kind, new words of a scheduled one make it submitted again.

    `described` are new words of its pictures by their refs. Where readers see one of them already, only an editor may change what is said
    of it, and the entries that show it follow as ordinary changes.
    """
    require(actor, "draft", blog, entry)
    done = already_done(key, blog=blog, actor=actor)
    if done:
        return done
    said = judge_words(described, actor=actor, blog=blog, blocks=text.blocks)
    cleaned = clean_text(text, blog=blog, now=now, publishing=False, said=said)
    fresh = Entry(blog=blog, created_by_id=actor.pk) if entry is None else entry

    def write() -> Touched:
        nonlocal fresh
        if entry is not None:
            fresh = locked(entry)
            need(fresh, Status.DRAFT, Status.SUBMITTED, Status.SCHEDULED)
            check_version(fresh, base_version if base_version is not None else fresh.version, text)
            remember_base(fresh.pk, fresh.version, now)
            fresh.version += 1
        if entry is None or cleaned != text_of(fresh) or said.words:
            fresh.written_by_id, fresh.approved_by_id = actor.pk, None
            if fresh.status == Status.SCHEDULED and needs_second_pair(blog, cleaned.kind):
                fresh.status, fresh.scheduled_for = Status.SUBMITTED, None
        put_text(fresh, cleaned)
        fresh.saved_by_id = actor.pk
        fresh.save()
        save_links(fresh, new=entry is None)
        remember(fresh, actor=actor, now=now, first=entry is None)
        write_words(said.words, actor=actor, blog=blog, now=now)
        return []

    committed = commit_change(
        blog=blog, actor=actor, now=now, verb="draft", key=key, entry=fresh, write=write, respond=lambda: {"ref": fresh.ref}
    )
    follow_words(blog=blog, refs=said.words, now=now, actor=actor)
    return answered(committed, fresh)


def submit_entry(*, actor: Any, entry: Entry, base_version: int, now: datetime, key: uuid.UUID | None = None) -> Entry:
    """Hands a draft in to the editors."""
    require(actor, "submit", entry.blog, entry)
    return turn(entry, base_version, now, actor, key, verb="submit", to=Status.SUBMITTED, expected=(Status.DRAFT,))


def unschedule_entry(*, actor: Any, entry: Entry, base_version: int, now: datetime, key: uuid.UUID | None = None) -> Entry:
    """Makes a submitted or scheduled entry a draft again."""
    require(actor, "schedule", entry.blog, entry)
    waiting = (Status.SUBMITTED, Status.SCHEDULED)
    return turn(entry, base_version, now, actor, key, verb="unschedule", to=Status.DRAFT, expected=waiting)


def schedule_entry(*, actor: Any, entry: Entry, base_version: int, at: datetime, now: datetime, key: uuid.UUID | None = None) -> Entry:
    """Plans a complete entry for `at`. It becomes public by a release, never by the clock alone.

    Who plans it answers for it as who publishes does: under embargo, or where a second pair of eyes is wanted, the same is refused.
    """
    require(actor, "schedule", entry.blog, entry)
    if already_done(key, blog=entry.blog, actor=actor):
        return load(entry)
    if at <= now:
        raise Invalid([Fault("scheduled_for", "This time has passed. Choose a later one, or publish now.")])
    if at > now + timedelta(days=366):
        raise Invalid([Fault("scheduled_for", "This is more than a year ahead.")])
    clean_text(text_of(entry), blog=entry.blog, now=now, publishing=True)

    def plan(fresh: Entry) -> None:
        check_embargo(fresh, at, field="scheduled_for")
        check_second_pair(blog=fresh.blog, kind=fresh.kind, actor=actor, entry=fresh)
        fresh.scheduled_for, fresh.approved_by_id = at, actor.pk

    expected = (Status.DRAFT, Status.SUBMITTED, Status.SCHEDULED)
    return turn(entry, base_version, now, actor, key, verb="schedule", to=Status.SCHEDULED, expected=expected, also=plan)


def spike_entry(*, actor: Any, entry: Entry, now: datetime, key: uuid.UUID | None = None) -> None:
    """Discards a draft for good. What was ever public is withdrawn instead. A repetition with the same `key` finds it done."""
    if was_spiked(key, actor=actor) == entry.ref:
        return
    require(actor, "draft", entry.blog, entry)
    ref = entry.ref

    def write() -> Touched:
        fresh = locked(entry)
        need(fresh, Status.DRAFT, Status.SUBMITTED)
        fresh.delete()
        return []

    commit_change(blog=entry.blog, actor=actor, now=now, verb="spike", key=key, entry=entry, write=write, respond=lambda: {"spiked": ref})


def was_spiked(key: uuid.UUID | None, *, actor: Any) -> str:
    """The ref of the draft that an earlier press under this key discarded: there is no row any more to ask. Empty for none."""
    if key is None:
        return ""
    writes = Write.objects.filter(key=key, user_id=actor.pk)
    return str(writes.values_list("response__spiked", flat=True).first() or "")


def duplicate_entry(*, actor: Any, entry: Entry, now: datetime, key: uuid.UUID | None = None) -> Entry:
    """A new draft of the actor's own that says what the entry says. Of a withdrawn one too: that is how its text is worked on again."""
    require(actor, "duplicate", entry.blog, entry)
    blocks = [{name: value for name, value in block.items() if name != "id"} for block in entry.blocks]
    return save_draft(actor=actor, blog=entry.blog, text=replace(text_of(entry), blocks=blocks), now=now, key=key)
