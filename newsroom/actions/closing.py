"""Wrapping a story up."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from newsroom.actions.blogs import set_state
from newsroom.actions.entries import pin_entry, publish_entry
from newsroom.actions.publication import already_done
from newsroom.actions.rerendering import follow_words
from newsroom.actions.texts import EntryText
from newsroom.actions.words import Words
from newsroom.models import Entry, Kind, LiveBlog, State
from newsroom.permissions import require


def wrap_up(
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
    """Publishes a closing summary, pins it and ends the blog: all of it, or nothing where one of them is refused.

    `text` is published as a summary whatever kind it says; `entry` is the draft that it comes from, if there is one.
    """
    require(actor, "wrap_up", blog)
    done = already_done(key, blog=blog, actor=actor)
    if done:
        return done
    behind: list[dict[str, Any]] = []
    with transaction.atomic():
        summary = publish_entry(
            actor=actor,
            blog=blog,
            text=replace(text, kind=Kind.SUMMARY),
            now=now,
            key=key,
            entry=entry,
            base_version=base_version,
            described=described,
            follow=lambda **words: behind.append(words),
        )
        pin_entry(actor=actor, entry=summary, now=now)
        set_state(actor=actor, blog=blog, state=State.ENDED, now=now)
    for words in behind:
        follow_words(**words)
    return summary
