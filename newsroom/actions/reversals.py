"""Taking back what was done: a withdrawal, and within seconds a publication."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from newsroom.actions.publication import (
    already_done,
    attempt,
    commit_revision,
    load,
    need,
    put_and_board,
    put_text,
    save_links,
    take_down,
)
from newsroom.actions.rules import check_embargo
from newsroom.actions.texts import clean_text, text_of
from newsroom.actions.versions import remember
from newsroom.errors import WrongState
from newsroom.models import Entry, EntryRevision, Status
from newsroom.permissions import can, require
from newsroom.rendering.snapshot import image_refs

# The button says ten; the answer to a press in its last moment is on its way a little longer.
UNDO_OFFERED = timedelta(seconds=10)
UNDO_TAKEN = timedelta(seconds=15)
# Revisions of the same text, made without a hand on it.
BY_ITSELF = ("pictures", "render")
# Of an entry: whether it was taken back by an undo, so that its text goes on as a draft.
UNDONE = Exists(EntryRevision.objects.filter(entry=OuterRef("pk"), rev=OuterRef("rev"), reason="undo"))


def restore_entry(*, actor: Any, entry: Entry, now: datetime, key: uuid.UUID | None = None) -> Entry:
    """Brings a withdrawn entry back as it was, at its place, on every open page. It is no key event and not pinned any more.

    Refused for what was undone: its text went on as a draft, and would be there twice.
    """
    blog = entry.blog
    require(actor, "restore", blog, entry)
    done = already_done(key, blog=blog, actor=actor)
    if done:
        return done

    def restore() -> Entry:
        fresh = load(entry)
        need(fresh, Status.WITHDRAWN)
        if was_undone(fresh):
            raise WrongState(
                "This was taken back as soon as it was published; its text went on as a draft. Publish that, or duplicate this."
            )
        check_embargo(fresh, now)
        base = fresh.version
        # Judged again: a picture or a byline may have gone since.
        put_text(fresh, clean_text(text_of(fresh), blog=blog, now=now, publishing=True, again=True))
        fresh.status = Status.PUBLISHED
        fresh.withdrawn_at, fresh.withdrawn_reason, fresh.notice_shown = None, "", True
        fresh.version += 1
        fresh.saved_by_id = actor.pk
        return commit_revision(
            blog=blog,
            entry=fresh,
            actor=actor,
            base_version=base,
            reason="restore",
            now=now,
            key=key,
            ops=put_and_board(fresh, board=False),
        )

    return attempt(restore)


def undo_publication(*, actor: Any, entry: Entry, now: datetime, key: uuid.UUID | None = None) -> Entry:
    """Takes back what the actor published a moment ago, and answers a draft with its text to go on with.

    The published entry is withdrawn without a notice: it goes off the pages that had it, and its record is kept. Refused after
    `UNDO_TAKEN`, and once anybody has changed, marked or moved the entry.
    """
    blog = entry.blog
    require(actor, "undo", blog, entry)
    done = already_done(key, blog=blog, actor=actor)
    if done:
        return done
    draft = Entry(blog=blog, created_by_id=entry.created_by_id)

    def undo() -> Entry:
        fresh = load(entry)
        need(fresh, Status.PUBLISHED)
        _check_undoable(fresh, actor, now)
        base = fresh.version
        draft.written_by_id, draft.saved_by_id = fresh.written_by_id, actor.pk
        draft.key_event, draft.embargo_until = fresh.key_event, fresh.embargo_until
        put_text(draft, text_of(fresh))
        ops = take_down(fresh, actor=actor, now=now, reason="", notice=False)

        def keep_draft() -> None:
            draft.save()
            save_links(draft, new=True)
            remember(draft, actor=actor, now=now, first=True)

        return commit_revision(
            blog=blog,
            entry=fresh,
            actor=actor,
            base_version=base,
            reason="undo",
            now=now,
            key=key,
            ops=ops,
            also=keep_draft,
            leaves=image_refs(fresh.blocks),
            outcome=draft,
        )

    return attempt(undo)


def was_undone(entry: Entry) -> bool:
    """Whether the entry is one that `undo_publication` took back."""
    return Entry.objects.filter(UNDONE, pk=entry.pk).exists()


def may_undo(*, actor: Any, entry: Entry, now: datetime) -> bool:
    """Whether the actor published the entry a moment ago and nobody has touched it since: for a page that offers it."""
    if entry.status != Status.PUBLISHED or not can(actor, "undo", entry.blog, entry):
        return False
    try:
        _check_undoable(entry, actor, now)
    except WrongState:
        return False
    return True


def _check_undoable(entry: Entry, actor: Any, now: datetime) -> None:
    hands = EntryRevision.objects.filter(entry=entry).exclude(reason__in=BY_ITSELF).order_by("-rev")
    last = hands.first()
    if last is None or last.reason != "publish" or last.by_id != actor.pk:
        raise WrongState("This is not what you published last, or somebody has changed it since. Withdraw it instead.")
    if now - last.at > UNDO_TAKEN:
        raise WrongState("This was published too long ago to be taken back without a word. Withdraw it instead.")
