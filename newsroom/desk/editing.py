"""One entry in the desk's composer: GET opens it, POST saves it. A save of a text that somebody changed meanwhile overwrites nothing."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.actions.reading import note_reads
from newsroom.desk.feed import Viewer
from newsroom.desk.forms import EntryForm
from newsroom.desk.history import chosen, difference, steps
from newsroom.desk.opened import brought_together, opened
from newsroom.desk.posting import answer
from newsroom.desk.verbs import AlreadyWritten, PartlyDone, open_verbs, perform, said_of
from newsroom.desk.views import blog_of, faults_json, form_faults, refusals_as_json
from newsroom.errors import Fault, Invalid, NotFound, StaleEntry, WrongState
from newsroom.models import Entry


@require_http_methods(["GET", "POST"])
@refusals_as_json
def entry(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """GET: `{"ref", "status", "version", "name", "verbs", "preview", "fields", "pictures"}`, `fields` as the form would send them.

    POST `verb` and the form: as for a new entry. A stale `base_version` is answered with 409 and `stale`
    (`newsroom.desk.opened.brought_together`): what to show, and what to go on with.
    """
    blog = blog_of(slug)
    viewer = Viewer.of(request.user, blog)
    found = Entry.objects.select_related("blog").filter(blog=blog, ref=ref).first()
    if found is None or not viewer.may_look or not viewer.sees(found):
        raise NotFound
    with timezone.override(zoneinfo.ZoneInfo(blog.zone)):
        return _saved(request, found) if request.method == "POST" else _shown(request, found)


@require_safe
@refusals_as_json
def history(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """GET `?older&newer`, two numbers of steps: `{"html"}`, the steps of the entry and what differs between these two (or the last two)."""
    blog = blog_of(slug)
    viewer = Viewer.of(request.user, blog)
    found = Entry.objects.select_related("blog").filter(blog=blog, ref=ref).first()
    if found is None or not viewer.may_look or not viewer.sees(found):
        raise NotFound
    note_reads(actor=request.user, entries=[found], now=timezone.now())
    there = steps(found)
    older, newer = chosen(there, request.GET.get("older", ""), request.GET.get("newer", ""))
    with timezone.override(zoneinfo.ZoneInfo(blog.zone)):
        context = {"entry": found, "steps": there, "older": older, "newer": newer, "changes": difference(found, older, newer)}
        return JsonResponse({"html": render_to_string("admin/newsroom/liveblog/desk/history.html", context)})


def _shown(request: HttpRequest, found: Entry) -> HttpResponse:
    verbs = [verb.name for verb in open_verbs(request.user, found.blog, found)]
    if not verbs:
        raise WrongState(_("This entry cannot be changed: %(status)s.") % {"status": found.get_status_display()})
    note_reads(actor=request.user, entries=[found], now=timezone.now())
    facts: dict[str, Any] = {"ref": found.ref, "status": found.status, "version": found.version, "name": str(found), "verbs": verbs}
    facts["preview"] = f"{reverse('desk:preview', args=[found.blog.slug])}?entry={found.pk}"
    return JsonResponse({**facts, **opened(found)})


def _saved(request: HttpRequest, found: Entry) -> HttpResponse:
    form = EntryForm(request.POST, blog=found.blog, entry=found)
    if not form.is_valid():
        raise Invalid(form_faults(form))
    asked = request.POST.get("verb", "")
    verb = next((verb for verb in open_verbs(request.user, found.blog, found) if verb.name == asked), None)
    if verb is None:
        raise WrongState(
            _("This cannot be done any more: the entry is now “%(status)s”. Your text is kept here.")
            % {"status": found.get_status_display()}
        )
    try:
        saved = perform(verb, actor=request.user, form=form, now=timezone.now())
    except PartlyDone as partly:
        return answer(partly.entry, _("It is saved, but went no further: %(why)s") % {"why": partly.refusal})
    except AlreadyWritten as written:
        return faults_json([Fault("", str(written))], 409)
    except StaleEntry as stale:
        faults = [{"field": "", "message": str(stale)}]
        return JsonResponse({"faults": faults, "stale": brought_together(stale, found.blog)}, status=409)
    return answer(saved, said_of(saved, verb.done))
