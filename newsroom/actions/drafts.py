"""Verbs on entries that are not public: they take no number, so the numbers tell nothing of what the desk is preparing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from newsroom.actions.changes import Touched, commit_change
from newsroom.actions.publication import already_done, answered, check_version, load, need, put_text, save_bylines
from newsroom.actions.rerendering import follow_words
from newsroom.actions.texts import EntryText, clean_text, text_of
from newsroom.actions.words import Words, judge_words, write_words
from newsroom.errors import Fault, Invalid
from newsroom.models import Entry, LiveBlog, Status
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
    """Keeps a text that need not be complete. A submitted or scheduled entry keeps its status.

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
            fresh = _locked(entry)
            need(fresh, Status.DRAFT, Status.SUBMITTED, Status.SCHEDULED)
            check_version(fresh, base_version if base_version is not None else fresh.version, text)
            fresh.version += 1
        put_text(fresh, cleaned)
        fresh.saved_by_id = actor.pk
        fresh.save()
        save_bylines(fresh)
        write_words(said.words, actor=actor, blog=blog)
        return []

    committed = commit_change(blog=blog, actor=actor, now=now, key=key, write=write, respond=lambda: {"ref": fresh.ref})
    follow_words(blog=blog, refs=said.words, now=now, actor=actor)
    return answered(committed, fresh)


def submit_entry(*, actor: Any, entry: Entry, base_version: int, now: datetime) -> Entry:
    """Hands a draft in to the editors."""
    require(actor, "submit", entry.blog, entry)
    return _turn(entry, base_version, now, actor, to=Status.SUBMITTED, expected=(Status.DRAFT,), at=None)


def unschedule_entry(*, actor: Any, entry: Entry, base_version: int, now: datetime) -> Entry:
    """Makes a submitted or scheduled entry a draft again."""
    require(actor, "schedule", entry.blog, entry)
    return _turn(entry, base_version, now, actor, to=Status.DRAFT, expected=(Status.SUBMITTED, Status.SCHEDULED), at=None)


def schedule_entry(*, actor: Any, entry: Entry, base_version: int, at: datetime, now: datetime) -> Entry:
    """Plans a complete entry for `at`. It becomes public by a release, never by the clock alone."""
    require(actor, "schedule", entry.blog, entry)
    if at <= now:
        raise Invalid([Fault("scheduled_for", "This time has passed. Choose a later one, or publish now.")])
    if at > now + timedelta(days=366):
        raise Invalid([Fault("scheduled_for", "This is more than a year ahead.")])
    clean_text(text_of(entry), blog=entry.blog, now=now, publishing=True)
    return _turn(entry, base_version, now, actor, to=Status.SCHEDULED, expected=(Status.DRAFT, Status.SUBMITTED, Status.SCHEDULED), at=at)


def spike_entry(*, actor: Any, entry: Entry, now: datetime) -> None:
    """Discards a draft for good. What was ever public is withdrawn instead."""
    require(actor, "draft", entry.blog, entry)
    with transaction.atomic():
        fresh = _locked(entry)
        need(fresh, Status.DRAFT, Status.SUBMITTED)
        fresh.delete()


def _turn(
    entry: Entry, base_version: int, now: datetime, actor: Any, *, to: Status, expected: tuple[Status, ...], at: datetime | None
) -> Entry:
    def change(fresh: Entry) -> None:
        fresh.status = to
        fresh.scheduled_for = at

    return _save(entry, base_version, actor, expected, change)


def _save(entry: Entry, base_version: int, actor: Any, expected: tuple[Status, ...], change: Callable[[Entry], None]) -> Entry:
    with transaction.atomic():
        fresh = _locked(entry)
        need(fresh, *expected)
        check_version(fresh, base_version)
        change(fresh)
        fresh.version += 1
        fresh.saved_by_id = actor.pk
        fresh.save()
    return fresh


def _locked(entry: Entry) -> Entry:
    """The row as it is now, held until the transaction ends."""
    Entry.objects.select_for_update().filter(pk=entry.pk).values_list("pk").first()
    return load(entry)
