"""What the entry form's buttons do: each verb is one or two actions, and whose button it is follows from role and status."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.actions.closing import wrap_up
from newsroom.actions.drafts import save_draft, schedule_entry, submit_entry, unschedule_entry
from newsroom.actions.entries import correct_entry, edit_entry, publish_entry
from newsroom.actions.publication import already_done
from newsroom.actions.texts import EntryText, clean_text, text_of
from newsroom.actions.words import Words, judge_words
from newsroom.desk.forms import EntryForm
from newsroom.errors import Fault, Invalid, NewsroomError, WrongState
from newsroom.models import Entry, Kind, LiveBlog, Status
from newsroom.permissions import allows, role_of


@dataclass(frozen=True, slots=True)
class Verb:
    """A button. `right` is the verb of `newsroom.permissions` that it asks for; `done` is said after it."""

    name: str
    label: Any
    done: Any
    right: str


SAVE = Verb("save", gettext_lazy("Save draft"), gettext_lazy("Saved. Readers do not see it yet."), "draft")
KEEP = replace(SAVE, label=gettext_lazy("Save"))
SUBMIT = Verb("submit", gettext_lazy("Hand in"), gettext_lazy("Handed in to the editors."), "submit")
PUBLISH = Verb("publish", gettext_lazy("Publish now"), gettext_lazy("Published: it is on every open page."), "publish")
SCHEDULE = Verb("schedule", gettext_lazy("Schedule"), gettext_lazy("Scheduled."), "schedule")
UNSCHEDULE = Verb("unschedule", gettext_lazy("Back to draft"), gettext_lazy("It is a draft again."), "schedule")
EDIT = Verb("edit", gettext_lazy("Save new wording"), gettext_lazy("Saved: open pages have the new wording."), "edit")
CORRECT = Verb("correct", gettext_lazy("Publish correction"), gettext_lazy("Corrected: the note stands under the entry."), "correct")
WRAP_UP = Verb("wrap-up", gettext_lazy("Wrap up"), gettext_lazy("Published, pinned, and the story has ended."), "wrap_up")


def said_of(entry: Entry, done: Any) -> Any:
    """What is said after a button: `done`, or of a published entry whose blog is not public yet, that nobody sees it."""
    if entry.status == Status.PUBLISHED and not entry.blog.is_public:
        return _("Done, but nobody sees it yet: this story is not public before it is announced or live.")
    return done


BY_STATUS: dict[str, tuple[Verb, ...]] = {
    "new": (SAVE, SUBMIT, SCHEDULE, WRAP_UP, PUBLISH),
    Status.DRAFT: (SAVE, SUBMIT, SCHEDULE, WRAP_UP, PUBLISH),
    Status.SUBMITTED: (KEEP, UNSCHEDULE, SCHEDULE, WRAP_UP, PUBLISH),
    Status.SCHEDULED: (KEEP, UNSCHEDULE, SCHEDULE, WRAP_UP, PUBLISH),
    Status.PUBLISHED: (EDIT, CORRECT),
    Status.WITHDRAWN: (),
}


class PartlyDone(Exception):
    """The text was saved, but the second step was refused: `entry` is what exists now, `refusal` says why it went no further."""

    def __init__(self, entry: Entry, refusal: NewsroomError) -> None:
        super().__init__(str(refusal))
        self.entry = entry
        self.refusal = refusal


class AlreadyWritten(Exception):
    """The key was used before, and what was sent now differs from what was written then: `entry` is what exists."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(
            _("Your first press of the button was received: the entry exists. What you typed since is kept below, and not saved yet.")
        )
        self.entry = entry


def open_verbs(user: Any, blog: LiveBlog, entry: Entry | None) -> list[Verb]:
    """The buttons this user has for this entry now, the safest first and the weightiest last."""
    role = role_of(user, blog)
    return [verb for verb in BY_STATUS[entry.status if entry else "new"] if allows(user, role, verb.right, blog, entry)]


def perform(verb: Verb, *, actor: Any, form: EntryForm, now: datetime) -> Entry:
    """Does what the button says with a valid form. Raises `newsroom.errors`, `PartlyDone` and `AlreadyWritten`."""
    blog, entry, data = form.blog, form.entry, form.cleaned_data
    # What wraps a story up is a summary, whatever kind was chosen.
    text = replace(form.text, kind=Kind.SUMMARY) if verb is WRAP_UP else form.text
    key: uuid.UUID | None = data["key"]
    first = already_done(key, blog=blog, actor=actor)
    if first is not None:
        return _repeated(first, text, data["pictures"], actor=actor, now=now)
    base, said = _base(entry, data), data["pictures"]
    match verb.name:
        case "publish":
            return publish_entry(
                actor=actor,
                blog=blog,
                text=text,
                now=now,
                key=key,
                entry=entry,
                base_version=base,
                published_at=data["published_at"],
                key_event=data["key_event"],
                described=said,
            )
        case "wrap-up":
            return wrap_up(actor=actor, blog=blog, text=text, now=now, key=key, entry=entry, base_version=base, described=said)
        case "edit" if entry:
            return edit_entry(actor=actor, entry=entry, text=text, base_version=base, now=now, key=key, described=said)
        case "correct" if entry:
            note = data["note"]
            return correct_entry(actor=actor, entry=entry, text=text, note=note, base_version=base, now=now, key=key, described=said)
        case "save" | "submit" | "schedule" | "unschedule":
            saved = save_draft(actor=actor, blog=blog, text=text, now=now, key=key, entry=entry, base_version=base, described=said)
            return _hand_on(verb, saved, actor=actor, at=data["scheduled_for"], now=now)
        case _:
            raise WrongState(_("This button does not belong to an entry that does not exist yet."))


def _base(entry: Entry | None, data: dict[str, Any]) -> int:
    # A form without it has seen no version of the entry: 0 is older than all, so the answer is both texts and nothing overwritten.
    return data["base_version"] or 0 if entry else 0


def _hand_on(verb: Verb, saved: Entry, *, actor: Any, at: datetime | None, now: datetime) -> Entry:
    try:
        match verb.name:
            case "submit":
                return submit_entry(actor=actor, entry=saved, base_version=saved.version, now=now)
            case "schedule":
                if at is None:
                    raise Invalid([Fault("scheduled_for", _("Say when it is to be published."))])
                return schedule_entry(actor=actor, entry=saved, base_version=saved.version, at=at, now=now)
            case "unschedule":
                return unschedule_entry(actor=actor, entry=saved, base_version=saved.version, now=now)
            case _:
                return saved
    except NewsroomError as refusal:
        raise PartlyDone(saved, refusal) from refusal


def _repeated(first: Entry, text: EntryText, words: Mapping[str, Words], *, actor: Any, now: datetime) -> Entry:
    # The first press stored the pictures' words too: what differs now was typed since.
    said = judge_words(words, actor=actor, blog=first.blog, blocks=text.blocks)
    try:
        cleaned = clean_text(text, blog=first.blog, now=now, publishing=first.status == Status.PUBLISHED, said=said)
    except Invalid as refusal:
        raise AlreadyWritten(first) from refusal
    if said.words or _bare(cleaned) != _bare(text_of(first)):
        raise AlreadyWritten(first)
    return first


def _bare(text: EntryText) -> EntryText:
    """Without the ids that the server gives to blocks, which a form sent twice does not know yet."""
    return replace(text, blocks=[{name: value for name, value in block.items() if name != "id"} for block in text.blocks])
