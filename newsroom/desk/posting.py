"""What the desk's page sends and asks for, as JSON: entries, verbs on them, and the state of the blog."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.actions import locks, reversals
from newsroom.actions.blogs import edit_blog, set_state
from newsroom.actions.drafts import was_spiked
from newsroom.desk import feed
from newsroom.desk.acts import ACTS, Act, Press
from newsroom.desk.bar import bar_of
from newsroom.desk.feed import Viewer
from newsroom.desk.forms import EntryForm, key_in
from newsroom.desk.story_form import StoryForm
from newsroom.desk.verbs import AlreadyWritten, PartlyDone, open_verbs, perform, said_of
from newsroom.desk.views import blog_of, faults_json, form_faults, refusals_as_json
from newsroom.errors import Fault, Invalid, NotFound, PermissionRefused
from newsroom.models import Entry, LiveBlog
from newsroom.permissions import can, require


def answer(entry: Entry, said: Any = "", **more: Any) -> JsonResponse:
    entry.refresh_from_db(fields=["status", "version"])
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
        verb = next((verb for verb in open_verbs(request.user, blog, None) if verb.name == asked), None)
        if verb is None:
            if not can(request.user, "read_drafts", blog):
                raise NotFound
            raise PermissionRefused(_("Your role on this blog does not allow this. Save it as a draft, or ask an editor."))
        try:
            entry = perform(verb, actor=request.user, form=form, now=now)
        except PartlyDone as partly:
            why = _("It is saved as a draft, but went no further: %(why)s") % {"why": partly.refusal}
            return answer(partly.entry, why)
        except AlreadyWritten as written:
            return faults_json([Fault("", str(written))], 409)
        undo = asked == "publish" and can(request.user, "undo", blog, entry)
        return answer(entry, said_of(entry, verb.done), undo=int(reversals.UNDO_OFFERED.total_seconds()) if undo else 0)


@require_POST
@refusals_as_json
def act(request: HttpRequest, slug: str, ref: str, act: str) -> HttpResponse:
    """POST: one of `newsroom.desk.acts` on one entry, or `hold` and `let-go` of its lock.

    `key` makes a repetition harmless; `version` is what was seen; `note`, `reason`, `notice`, `at`, `until` by act.
    """
    blog = blog_of(slug)
    viewer = Viewer.of(request.user, blog)
    entry = Entry.objects.select_related("blog").filter(blog=blog, ref=ref).first()
    if entry is None and act == "spike" and was_spiked(key_in(request.POST), actor=request.user) == ref:
        return _gone(ref, _("The draft is discarded."))
    if entry is None or not viewer.may_look or not viewer.sees(entry):
        raise NotFound
    if act in LOCKS:
        return LOCKS[act](request, entry)
    if act not in ACTS or ACTS[act].grave:
        raise NotFound
    with timezone.override(zoneinfo.ZoneInfo(blog.zone)):
        return _press(request, entry, ACTS[act])


def _press(request: HttpRequest, entry: Entry, act: Act) -> HttpResponse:
    sent = request.POST
    form = act.asks(sent)
    if not form.is_valid():
        raise Invalid(form_faults(form))
    version = sent.get("version", "")
    press = Press(
        actor=request.user,
        entry=entry,
        now=timezone.now(),
        key=key_in(sent),
        version=int(version) if version.isdecimal() and len(version) < 10 else 0,
        on={"1": True, "0": False}.get(sent.get("on", "")),
        typed=form.cleaned_data,
    )
    done = act.perform(press)
    return answer(done.entry, done.said) if done.entry else _gone(entry.ref, done.said)


def _gone(ref: str, said: Any) -> JsonResponse:
    return JsonResponse({"ref": ref, "status": "", "said": str(said)})


def _hold(request: HttpRequest, entry: Entry) -> HttpResponse:
    take_over = request.POST.get("take_over") == "1"
    held = locks.hold(actor=request.user, entry=entry, take_over=take_over, now=timezone.now())
    return JsonResponse({"ref": entry.ref, "mine": held.mine, "name": held.name})


def _let_go(request: HttpRequest, entry: Entry) -> HttpResponse:
    locks.let_go(actor=request.user, entry=entry, now=timezone.now())
    return JsonResponse({"ref": entry.ref})


LOCKS: dict[str, Callable[[HttpRequest, Entry], HttpResponse]] = {"hold": _hold, "let-go": _let_go}


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


@require_POST
@refusals_as_json
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """POST `newsroom.desk.story_form.StoryForm`: what stands above the feed. Open pages get it."""
    viewer = _viewer(request, slug)
    require(request.user, "edit_blog", viewer.blog)
    form = StoryForm(viewer.blog, request.POST)
    if not form.is_valid():
        raise Invalid(form_faults(form))
    edit_blog(actor=request.user, blog=viewer.blog, now=timezone.now(), key=key_in(request.POST), **form.facts)
    return JsonResponse({"said": str(_("Saved: open pages have it."))})


@require_safe
@refusals_as_json
def bar_part(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: `{"html"}`, the controls of the story as it is now."""
    viewer = _viewer(request, slug)
    with timezone.override(zoneinfo.ZoneInfo(viewer.blog.zone)):
        context = {"blog": viewer.blog, "bar": bar_of(viewer, now=timezone.now())}
        return JsonResponse({"html": render_to_string("admin/newsroom/liveblog/desk/story.html", context)})


def _viewer(request: HttpRequest, slug: str) -> Viewer:
    viewer = Viewer.of(request.user, blog_of(slug))
    if not viewer.may_look:
        raise NotFound
    return viewer
