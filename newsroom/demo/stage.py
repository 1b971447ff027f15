"""Does the acts of a script on a blog, through the same actions as the desk. An act that was done before is left alone."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from newsroom.actions.drafts import save_draft, submit_entry
from newsroom.actions.entries import correct_entry, edit_entry, mark_key_event, pin_entry, publish_entry, withdraw_entry
from newsroom.actions.media import upload_image
from newsroom.demo.illustrations import ALTS, FOLDER
from newsroom.demo.script import Act
from newsroom.errors import NewsroomError
from newsroom.importers.story import Wording
from newsroom.importers.writer import facts_of, text_for, wording_facts
from newsroom.models import Entry, Image, LiveBlog, Precision, Status

log = logging.getLogger(__name__)


def source_id(name: str) -> str:
    return f"demo:{name}"


def hang_pictures(blog: LiveBlog, *, actor: Any, now: datetime) -> dict[str, str]:
    """The illustrations as images of the blog: their refs by key. Caption and credit come out of the files."""
    refs = {}
    for key, (name, alt) in ALTS.items():
        with (FOLDER / name).open("rb") as file:
            refs[key] = upload_image(actor=actor, blog=blog, file=file, now=now, alt=alt, source_id=source_id(key)).ref
    return refs


def pictures_of(blog: LiveBlog) -> dict[str, str]:
    """The refs of the illustrations that hang in the blog, by key."""
    rows = Image.objects.filter(blog=blog, source_id__startswith=source_id("")).values_list("source_id", "ref")
    return {name.removeprefix(source_id("")): ref for name, ref in rows}


def find(blog: LiveBlog, name: str) -> Entry | None:
    return Entry.objects.select_related("blog").filter(blog=blog, source_id=source_id(name)).first()


def is_done(act: Act, blog: LiveBlog, refs: Mapping[str, str]) -> bool:
    """Whether the blog shows that the act was done before, or that it can no longer be."""
    entry = find(blog, act.name)
    if entry is None:
        return False
    if act.verb in {"publish", "submit"} or entry.status != Status.PUBLISHED:
        return True
    match act.verb:
        case "edit":
            wanted = facts_of(wording_facts(act.wording or Wording(), dict(refs)))
            return any(facts_of(revision.snapshot) == wanted for revision in entry.revisions.all())
        case "correct":
            return entry.corrections.exists()
        case "key_event":
            return entry.key_event
        case _:
            return False


def perform(act: Act, blog: LiveBlog, *, actor: Any, refs: Mapping[str, str], now: datetime) -> bool:
    """Does the act; False where there was nothing to do. Raises `NewsroomError` where the desk refuses it."""
    if is_done(act, blog, refs):
        return False
    entry = find(blog, act.name)
    match act.verb:
        case "publish":
            text = _text(act, refs, now)
            made = publish_entry(actor=actor, blog=blog, text=text, now=now, key_event=act.key_event, source_id=source_id(act.name))
            if act.pinned:
                pin_entry(actor=actor, entry=made, now=now)
        case "submit":
            draft = save_draft(actor=actor, blog=blog, text=_text(act, refs, now), now=now)
            submit_entry(actor=actor, entry=draft, base_version=draft.version, now=now)
        case _ if entry is None:
            return False
        case "edit":
            edit_entry(actor=actor, entry=entry, text=_text(act, refs, now), base_version=entry.version, now=now)
        case "correct":
            correct_entry(actor=actor, entry=entry, text=_text(act, refs, now), note=act.note, base_version=entry.version, now=now)
        case "withdraw":
            withdraw_entry(actor=actor, entry=entry, reason=act.note, now=now)
        case "key_event":
            mark_key_event(actor=actor, entry=entry, key_event=True, now=now)
    return True


def perform_softly(act: Act, blog: LiveBlog, *, actor: Any, refs: Mapping[str, str], now: datetime) -> bool:
    """As `perform`; what the desk refuses (somebody else has been at the entry) is logged, and the show goes on."""
    try:
        return perform(act, blog, actor=actor, refs=refs, now=now)
    except NewsroomError as refusal:
        log.info("The demo leaves out %s %s: %s", act.verb, act.name, refusal)
        return False


def _text(act: Act, refs: Mapping[str, str], now: datetime) -> Any:
    wording = act.wording or Wording()
    if act.ago:
        happened = now - act.ago
        if wording.happened_precision == Precision.HOUR:
            happened = happened.replace(minute=0, second=0, microsecond=0)
        wording = replace(wording, happened_at=happened)
    return text_for(wording, dict(refs))
