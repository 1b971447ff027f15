"""What the desk's page sends and asks for, as JSON: entries, verbs on them, and the state of the blog."""

from __future__ import annotations

import uuid
import zoneinfo
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.actions import drafts, locks, reversals, review
from newsroom.actions import entries as entry_actions
from newsroom.actions.blogs import set_state
from newsroom.actions.closing import wrap_up
from newsroom.actions.places import move_entry
from newsroom.desk import feed
from newsroom.desk.feed import Viewer
from newsroom.desk.forms import EntryForm
from newsroom.desk.verbs import AlreadyWritten, PartlyDone, open_verbs, perform
from newsroom.desk.views import blog_of, faults_json, form_faults, refusals_as_json
from newsroom.errors import Fault, Invalid, NotFound, WrongState
from newsroom.models import Entry, LiveBlog
from newsroom.permissions import can


def _answer(entry: Entry, said: Any = "", **more: Any) -> JsonResponse:
    entry.refresh_from_db()
    facts = {"ref": entry.ref, "status": entry.status, "version": entry.version, "said": str(said)}
    return JsonResponse({**facts, "url": entry.get_absolute_url(), **more})


@require_POST
@refusals_as_json
def entries(request: HttpRequest, slug: str) -> HttpResponse:
    """POST `verb` and the entry form: a new entry. Answers `{"ref", "status", "version", "said", "undo"}`.

    The same `key` again gets the same answer. `undo` is for how many seconds the publication may be taken back."""
    blog = blog_of(slug)
    with timezone.override(zoneinfo.ZoneInfo(blog.zone)):
        form = EntryForm(request.POST, blog=blog)
        if not form.is_valid():
            raise Invalid(form_faults(form))
        asked, now = request.POST.get("verb", ""), timezone.now()
        if asked == "wrap-up":
            data = form.cleaned_data
            done = wrap_up(actor=request.user, blog=blog, text=form.text, now=now, key=data["key"], described=data["pictures"])
            return _answer(done, _("Published, pinned, and the story has ended."))
        verb = next((verb for verb in open_verbs(request.user, blog, None) if verb.name == asked), None)
        if verb is None:
            if not can(request.user, "read_drafts", blog):
                raise NotFound
            raise WrongState(_("Your role on this blog does not allow this. Save it as a draft, or ask an editor."))
        try:
            entry = perform(verb, actor=request.user, form=form, now=now)
        except PartlyDone as partly:
            why = _("It is saved as a draft, but went no further: %(why)s") % {"why": partly.refusal}
            return _answer(partly.entry, why)
        except AlreadyWritten as written:
            return faults_json([Fault("", str(written))], 409)
        undo = asked == "publish" and can(request.user, "undo", blog, entry)
        return _answer(entry, verb.done, undo=int(reversals.UNDO_OFFERED.total_seconds()) if undo else 0)


@require_POST
@refusals_as_json
def act(request: HttpRequest, slug: str, ref: str, act: str) -> HttpResponse:
    """POST: one of `ACTS` on one entry. `key` makes a repetition harmless; `version` is what was seen; `note`, `reason`, `at` by act."""
    blog = blog_of(slug)
    viewer = Viewer.of(request.user, blog)
    entry = Entry.objects.select_related("blog").filter(blog=blog, ref=ref).first()
    if entry is None or not viewer.may_look or not viewer.sees(entry):
        raise NotFound
    if act not in ACTS:
        raise NotFound
    with timezone.override(zoneinfo.ZoneInfo(blog.zone)):
        return ACTS[act](_Press(request, entry))


class _Press:
    """One press of a button under an entry."""

    def __init__(self, request: HttpRequest, entry: Entry) -> None:
        self.sent = request.POST
        self.entry = entry
        self.common: dict[str, Any] = {"actor": request.user, "now": timezone.now()}

    @property
    def key(self) -> uuid.UUID | None:
        try:
            return uuid.UUID(self.sent.get("key", ""))
        except ValueError:
            return None

    @property
    def version(self) -> int:
        sent = self.sent.get("version", "")
        return int(sent) if sent.isdecimal() and len(sent) < 10 else 0

    def at(self, field: str) -> datetime:
        try:
            found = parse_datetime(self.sent.get("at", ""))
        except ValueError:
            found = None
        if found is None:
            raise Invalid([Fault(field, _("Write the day and the time."))])
        return timezone.make_aware(found) if timezone.is_naive(found) else found


def _pin(press: _Press) -> HttpResponse:
    if press.entry.blog.pinned_id == press.entry.pk:
        entry_actions.unpin_entry(blog=press.entry.blog, key=press.key, **press.common)
        return _answer(press.entry, _("Not pinned any more."))
    entry_actions.pin_entry(entry=press.entry, key=press.key, **press.common)
    return _answer(press.entry, _("Pinned: it stands first on the page."))


def _key_event(press: _Press) -> HttpResponse:
    on = not press.entry.key_event
    entry_actions.mark_key_event(entry=press.entry, key_event=on, key=press.key, **press.common)
    return _answer(press.entry, _("Listed among the key events.") if on else _("Off the key events."))


def _withdraw(press: _Press) -> HttpResponse:
    notice = press.sent.get("notice") == "1"
    reason = press.sent.get("reason", "")
    entry_actions.withdraw_entry(entry=press.entry, reason=reason, notice=notice, key=press.key, **press.common)
    return _answer(press.entry, _("Withdrawn: it is off every open page."))


def _restore(press: _Press) -> HttpResponse:
    reversals.restore_entry(entry=press.entry, key=press.key, **press.common)
    return _answer(press.entry, _("Restored: it is back at its place."))


def _undo(press: _Press) -> HttpResponse:
    return _answer(reversals.undo_publication(entry=press.entry, key=press.key, **press.common), _("Taken back. It is a draft again."))


def _move(press: _Press) -> HttpResponse:
    move_entry(entry=press.entry, published_at=press.at("at"), key=press.key, **press.common)
    return _answer(press.entry, _("Moved to its place in the feed."))


def _duplicate(press: _Press) -> HttpResponse:
    return _answer(drafts.duplicate_entry(entry=press.entry, key=press.key, **press.common), _("A copy is among the drafts."))


def _submit(press: _Press) -> HttpResponse:
    drafts.submit_entry(entry=press.entry, base_version=press.version, key=press.key, **press.common)
    return _answer(press.entry, _("Handed in to the editors."))


def _approve(press: _Press) -> HttpResponse:
    done = review.approve_entry(entry=press.entry, base_version=press.version, key=press.key, **press.common)
    return _answer(done, _("Approved."))


def _send_back(press: _Press) -> HttpResponse:
    note = press.sent.get("note", "")
    review.send_back(entry=press.entry, note=note, base_version=press.version, key=press.key, **press.common)
    return _answer(press.entry, _("Sent back to its writer."))


def _unschedule(press: _Press) -> HttpResponse:
    drafts.unschedule_entry(entry=press.entry, base_version=press.version, key=press.key, **press.common)
    return _answer(press.entry, _("It is a draft again."))


def _spike(press: _Press) -> HttpResponse:
    drafts.spike_entry(entry=press.entry, **press.common)
    return JsonResponse({"ref": press.entry.ref, "status": "", "said": _("The draft is discarded.")})


def _hold(press: _Press) -> HttpResponse:
    held = locks.hold(entry=press.entry, take_over=press.sent.get("take_over") == "1", **press.common)
    return JsonResponse({"ref": press.entry.ref, "mine": held.mine, "name": held.name})


def _let_go(press: _Press) -> HttpResponse:
    locks.let_go(entry=press.entry, **press.common)
    return JsonResponse({"ref": press.entry.ref})


ACTS: dict[str, Any] = {
    "pin": _pin,
    "key": _key_event,
    "withdraw": _withdraw,
    "restore": _restore,
    "undo": _undo,
    "move": _move,
    "duplicate": _duplicate,
    "submit": _submit,
    "approve": _approve,
    "send-back": _send_back,
    "unschedule": _unschedule,
    "spike": _spike,
    "hold": _hold,
    "let-go": _let_go,
}


@require_safe
@refusals_as_json
def feed_part(request: HttpRequest, slug: str) -> HttpResponse:
    """GET `?tab&q&kind&before`: `{"rows": [html], "older", "counts"}`, as the page's list has them."""
    viewer = _viewer(request, slug)
    now = timezone.now()
    asked = {name: request.GET.get(name, "") for name in ("tab", "q", "kind", "before")}
    with timezone.override(zoneinfo.ZoneInfo(viewer.blog.zone)):
        page = feed.page(viewer, now=now, **asked)
        rows = [feed.render_row(viewer, row) for row in page.rows]
    return JsonResponse({"rows": rows, "older": page.older, "counts": feed.counts(viewer)})


@require_POST
@refusals_as_json
def turn(request: HttpRequest, slug: str) -> HttpResponse:
    """POST `state`: announces, opens, pauses, resumes or ends the blog."""
    viewer = _viewer(request, slug)
    blog: LiveBlog = set_state(actor=request.user, blog=viewer.blog, state=request.POST.get("state", ""), now=timezone.now())
    return JsonResponse({"state": blog.state, "label": blog.get_state_display()})


def _viewer(request: HttpRequest, slug: str) -> Viewer:
    viewer = Viewer.of(request.user, blog_of(slug))
    if not viewer.may_look:
        raise NotFound
    return viewer
