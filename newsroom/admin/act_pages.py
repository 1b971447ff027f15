"""The words under an entry without scripts: one page for every act, on one entry or on several."""

from __future__ import annotations

import uuid
import zoneinfo
from collections.abc import Mapping
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom.actions.drafts import was_spiked
from newsroom.actions.publication import already_done
from newsroom.actions.reading import note_reads
from newsroom.actions.reversals import UNDONE, may_undo
from newsroom.admin.base import put_refusal
from newsroom.desk.acts import ACTS, IN_THE_FORM, Act, Done, Press, acts_of
from newsroom.desk.forms import key_in
from newsroom.errors import Fault, Invalid, NewsroomError
from newsroom.models import Entry
from newsroom.permissions import can, seen_entries

MOST = 100


def act_address(act: Act, refs: list[str]) -> str:
    return f"{reverse('admin:newsroom_entry_act', args=[act.name])}?{urlencode({'refs': ','.join(refs)})}"


def acts_for(user: Any, entry: Entry, *, undone: bool) -> list[dict[str, Any]]:
    """The buttons and links of the entry's own page: what its form does not do already."""
    names = [name for name in acts_of(entry, undone=undone) if name not in IN_THE_FORM]
    if may_undo(actor=user, entry=entry, now=timezone.now()):
        names.insert(0, "undo")
    open_to = [ACTS[name] for name in names if can(user, ACTS[name].right, entry.blog, entry)]
    return [{"act": act, "on": act.is_on(entry), "address": act_address(act, [entry.ref])} for act in open_to]


def act_page(model_admin: Any, request: HttpRequest, name: str) -> HttpResponse:
    """`?refs=e-…,e-…` names the entries. GET asks; POST does it on each, `key` being this decision on all of them.

    A refusal of an act that asks for something stands at its field, with all that was typed; any other is said on the entry's page.
    """
    act = ACTS.get(name)
    if act is None:
        raise Http404
    if act.grave:
        return reauthentication_required(_answer)(request, model_admin, act)
    return _answer(request, model_admin, act)


def _answer(request: HttpRequest, model_admin: Any, act: Act) -> HttpResponse:
    refs = [ref for ref in request.GET.get("refs", "").split(",") if ref][:MOST]
    key = key_in(request.POST)
    keys = {ref: uuid.uuid5(key, ref) if key else None for ref in refs}
    entries = _entries(request.user, act, keys)
    if not entries:
        return _nothing(request, act, keys)
    note_reads(actor=request.user, entries=entries, now=timezone.now())
    with timezone.override(zoneinfo.ZoneInfo(entries[0].blog.zone)):
        form = act.asks(request.POST if request.method == "POST" else None, initial=_initial(entries))
        if request.method == "POST" and form.is_valid():
            done, refused = _do(act, entries, keys, request, form.cleaned_data)
            if not refused:
                return _done(request, done)
            if not act.warns:
                for entry, refusal in refused:
                    messages.error(request, str(refusal) if len(entries) == 1 else f"{entry}: {refusal}")
                return redirect(_change(entries[0]))
            for entry, refusal in refused:
                _put(form, refusal if len(entries) == 1 else Invalid([Fault("", f"{entry}: {refusal}")]))
        status = 422 if form.errors else 200
        context = {
            **model_admin.admin_site.each_context(request),
            "title": act.label,
            "opts": model_admin.opts,
            "act": act,
            "entries": entries,
            "form": form,
            "key": key or uuid.uuid4(),
        }
        # Now, while the blog's zone is in force: the form's times are printed in it.
        return TemplateResponse(request, "admin/newsroom/entry/act.html", context, status=status).render()


def _entries(user: Any, act: Act, keys: Mapping[str, uuid.UUID | None]) -> list[Entry]:
    """Those of the entries that the act fits, and those that an earlier press of this very button has changed: they are answered alike."""
    known = seen_entries(user).select_related("blog").filter(ref__in=list(keys)).annotate(undone=UNDONE)

    def fits(entry: Entry) -> bool:
        # What is done at one press is judged by its action, whose sentence says more.
        there = act.name in acts_of(entry, undone=getattr(entry, "undone", False)) or not act.warns
        return (there and can(user, act.right, entry.blog, entry)) or already_done(keys[entry.ref], blog=entry.blog, actor=user) is not None

    return [entry for entry in known if fits(entry)]


def _nothing(request: HttpRequest, act: Act, keys: Mapping[str, uuid.UUID | None]) -> HttpResponse:
    if act.name == "spike" and any(was_spiked(key, actor=request.user) for key in keys.values()):
        messages.success(request, _("The draft is discarded."))
    else:
        messages.error(request, _("This cannot be done with these entries as they are now, or your role does not allow it."))
    return redirect(reverse("admin:newsroom_entry_changelist"))


def _initial(entries: list[Entry]) -> dict[str, Any]:
    return {"at": entries[0].published_at, "until": entries[0].embargo_until, "notice": True}


def _do(
    act: Act, entries: list[Entry], keys: Mapping[str, uuid.UUID | None], request: HttpRequest, typed: Mapping[str, Any]
) -> tuple[list[Done], list[tuple[Entry, NewsroomError]]]:
    done: list[Done] = []
    refused: list[tuple[Entry, NewsroomError]] = []
    for entry in entries:
        seen = request.POST.get(f"version.{entry.ref}", "")
        press = Press(
            actor=request.user,
            entry=entry,
            now=timezone.now(),
            key=keys[entry.ref],
            version=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
            on={"1": True, "0": False}.get(request.POST.get("on", "")),
            typed=typed,
        )
        try:
            done.append(act.perform(press))
        except NewsroomError as refusal:
            refused.append((entry, refusal))
    return done, refused


def _put(form: forms.Form, refusal: NewsroomError) -> None:
    """Each fault at the field of its name; of a form with one field, there."""
    if isinstance(refusal, Invalid) and len(form.fields) == 1:
        only = next(iter(form.fields))
        refusal = Invalid([Fault(only, fault.message) for fault in refusal.faults])
    put_refusal(form, refusal)


def _done(request: HttpRequest, done: list[Done]) -> HttpResponse:
    if len(done) == 1:
        messages.success(request, done[0].said)
        if done[0].entry is not None:
            return redirect(_change(done[0].entry))
    else:
        messages.success(request, ngettext("Done for %(n)s entry.", "Done for %(n)s entries.", len(done)) % {"n": len(done)})
    return redirect(reverse("admin:newsroom_entry_changelist"))


def _change(entry: Entry) -> str:
    return reverse("admin:newsroom_entry_change", args=[entry.pk])
