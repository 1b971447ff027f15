"""What may be done with an entry as it stands: one table for the words under it on the desk and for the admin's plain pages.

Writing a text is not here: that is the entry form's (`newsroom.desk.verbs`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from newsroom.actions import drafts, entries, reversals, review
from newsroom.actions.places import move_entry
from newsroom.actions.purging import purge_entry
from newsroom.desk.act_forms import EmbargoForm, MoveForm, NoteForm, Nothing, PurgeForm, WithdrawForm
from newsroom.desk.verbs import said_of
from newsroom.models import Entry, LiveBlog, Status


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button. `version` is what was seen; `on` is what a switch shall be (None: the other); `typed` is the form's."""

    actor: Any
    entry: Entry
    now: datetime
    key: uuid.UUID | None = None
    version: int = 0
    on: bool | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def common(self) -> dict[str, Any]:
        return {"actor": self.actor, "entry": self.entry, "now": self.now, "key": self.key}


@dataclass(frozen=True, slots=True)
class Done:
    """`entry` is what there is afterwards: the same one, a new draft, or None where it is gone. `said` is told to who pressed."""

    entry: Entry | None
    said: Any


@dataclass(frozen=True, slots=True)
class Act:
    """`right` is the verb of `newsroom.permissions`, `asks` what must be typed for it. One with `warns` asks first, with that sentence.

    `off` is the label while `is_on`, of an act that is a switch. `grave` ones ask for the password again, and only plain pages have them.
    """

    name: str
    label: Any
    right: str
    perform: Callable[[Press], Done]
    asks: type[forms.Form] = Nothing
    warns: Any = ""
    off: Any = ""
    is_on: Callable[[Entry], bool] = lambda entry: False
    danger: bool = False
    grave: bool = False


def _pin(press: Press) -> Done:
    before = LiveBlog.objects.select_related("pinned").get(pk=press.entry.blog_id).pinned
    if press.on is False or (press.on is None and before == press.entry):
        entries.unpin_entry(actor=press.actor, blog=press.entry.blog, now=press.now, key=press.key)
        return Done(press.entry, _("Not pinned any more."))
    entries.pin_entry(**press.common)
    if before is None or before == press.entry:
        return Done(press.entry, _("Pinned: it stands first on the page."))
    return Done(press.entry, _("Pinned: it stands first on the page, instead of “%(before)s”.") % {"before": before})


def _key_event(press: Press) -> Done:
    on = not press.entry.key_event if press.on is None else press.on
    done = entries.mark_key_event(key_event=on, **press.common)
    return Done(done, _("Listed among the key events.") if on else _("Off the key events."))


def _withdraw(press: Press) -> Done:
    done = entries.withdraw_entry(reason=press.typed["reason"], notice=press.typed["notice"], **press.common)
    return Done(done, _("Withdrawn: it is off every open page."))


def _move(press: Press) -> Done:
    return Done(move_entry(published_at=press.typed["at"], **press.common), _("Moved to its place in the feed."))


def _embargo(press: Press) -> Done:
    until = press.typed["until"]
    done = review.set_embargo(until=until, **press.common)
    return Done(done, _("Under embargo: nothing of it goes out before.") if until else _("No embargo any more."))


def _approve(press: Press) -> Done:
    done = review.approve_entry(base_version=press.version, **press.common)
    if done.status == Status.SCHEDULED:
        return Done(done, _("Approved: it goes out when its embargo ends."))
    return Done(done, said_of(done, _("Approved: it is on every open page.")))


def _send_back(press: Press) -> Done:
    done = review.send_back(note=press.typed["note"], base_version=press.version, **press.common)
    return Done(done, _("Sent back to its writer."))


def _spike(press: Press) -> Done:
    drafts.spike_entry(**press.common)
    return Done(None, _("The draft is discarded."))


def _purge(press: Press) -> Done:
    return Done(purge_entry(reason=press.typed["reason"], **press.common), _("Purged: nothing of its text and pictures is kept."))


def _simple(action: Callable[..., Entry], said: Any, *, versioned: bool = False) -> Callable[[Press], Done]:
    """Of an action that needs no more than the entry, and perhaps the version that was seen."""

    def perform(press: Press) -> Done:
        return Done(action(**press.common, **({"base_version": press.version} if versioned else {})), said)

    return perform


ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        Act("pin", _("Pin"), "pin", _pin, off=_("Unpin"), is_on=lambda entry: entry.blog.pinned_id == entry.pk),
        Act(
            "key",
            _("List among the key events"),
            "key_event",
            _key_event,
            off=_("Take off the key events"),
            is_on=lambda entry: entry.key_event,
        ),
        Act(
            "move",
            _("Move in time"),
            "move",
            _move,
            asks=MoveForm,
            warns=_("It goes to its new place on every open page. Its text stays as it is."),
        ),
        Act(
            "duplicate",
            _("Duplicate"),
            "duplicate",
            _simple(drafts.duplicate_entry, _("A copy is among the drafts.")),
        ),
        Act(
            "undo",
            _("Undo the publication"),
            "undo",
            _simple(reversals.undo_publication, _("Taken back: off every page. It is a draft again.")),
        ),
        Act(
            "withdraw",
            _("Withdraw"),
            "withdraw",
            _withdraw,
            asks=WithdrawForm,
            warns=_("It goes off every open page at once. Its record is kept."),
            danger=True,
        ),
        Act(
            "restore",
            _("Restore"),
            "restore",
            _simple(reversals.restore_entry, _("Restored: it is back at its place.")),
            warns=_("It comes back at its place on every open page, as it was. It is not pinned and no key event any more."),
        ),
        Act(
            "purge",
            _("Purge"),
            "purge",
            _purge,
            asks=PurgeForm,
            warns=_(
                "For legal reasons only. Its text, its history and the pictures that no other entry shows are deleted for good. "
                "That it was there, and the notice, stay. Nobody can undo this."
            ),
            danger=True,
            grave=True,
        ),
        Act("approve", _("Approve"), "approve", _approve),
        Act(
            "send-back",
            _("Send back"),
            "send_back",
            _send_back,
            asks=NoteForm,
            warns=_("It becomes its writer's draft again."),
        ),
        Act(
            "embargo",
            _("Embargo"),
            "embargo",
            _embargo,
            asks=EmbargoForm,
            warns=_("It can be worked on and planned, and goes out to nobody before that time."),
        ),
        Act(
            "submit",
            _("Hand in"),
            "submit",
            _simple(drafts.submit_entry, _("Handed in to the editors."), versioned=True),
        ),
        Act(
            "unschedule",
            _("Back to draft"),
            "schedule",
            _simple(drafts.unschedule_entry, _("It is a draft again."), versioned=True),
        ),
        Act(
            "spike",
            _("Discard this draft"),
            "draft",
            _spike,
            warns=_("It was never public. It will be gone for good."),
            danger=True,
        ),
    )
}

# By status, in the order in which they stand. `edit` and `correct` lead to the entry's form.
BY_STATUS: dict[str, tuple[str, ...]] = {
    Status.PUBLISHED: ("edit", "correct", "pin", "key", "move", "duplicate", "withdraw"),
    Status.DRAFT: ("edit", "submit", "duplicate", "embargo", "spike"),
    Status.SUBMITTED: ("approve", "edit", "send-back", "duplicate", "embargo", "spike"),
    Status.SCHEDULED: ("edit", "unschedule", "embargo"),
    Status.WITHDRAWN: ("restore", "duplicate", "purge"),
}
# What the buttons of the entry's form do already, with the text in it.
IN_THE_FORM = frozenset({"edit", "correct", "submit", "unschedule"})


def acts_of(entry: Entry, *, undone: bool) -> tuple[str, ...]:
    """What an entry's words are, before it is asked whose; `undone` as `actions.reversals` says of it."""
    # The text of what was undone goes on as a draft: restored, it would be there twice.
    return tuple(name for name in BY_STATUS[entry.status] if not (undone and name == "restore"))


def right_of(name: str, entry: Entry) -> str:
    """The verb of `newsroom.permissions` that a word under the entry takes."""
    if name in ACTS:
        return ACTS[name].right
    return name if entry.status == Status.PUBLISHED else "draft"
