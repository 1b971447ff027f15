"""The admin's pages of one entry: the form with the block editor, and the history."""

from __future__ import annotations

import uuid
import zoneinfo
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from newsroom.actions.reading import note_reads
from newsroom.actions.reversals import was_undone
from newsroom.actions.texts import as_json, text_of
from newsroom.admin.act_pages import acts_for
from newsroom.desk.compare import Row, compare, labels
from newsroom.desk.forms import MAX_BODY, EntryForm
from newsroom.desk.history import REASONS, changed_rows
from newsroom.desk.opened import fields_of_text, together
from newsroom.desk.verbs import AlreadyWritten, PartlyDone, Verb, open_verbs, perform, said_of
from newsroom.errors import Invalid, NewsroomError, StaleEntry
from newsroom.models import Byline, Entry, LiveBlog, State, Status
from newsroom.permissions import require


@dataclass
class Refusal:
    """Why the form is shown again. `rows` are both texts where the entry moved on; `status` is the answer's."""

    sentences: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    status: int = 422


def form_page(model_admin: Any, request: HttpRequest, *, blog: LiveBlog, entry: Entry | None) -> HttpResponse:
    """GET shows the form; POST `verb` does what the button says. A refused form comes back with all that was typed."""
    with timezone.override(zoneinfo.ZoneInfo(blog.zone)):
        if request.method != "POST":
            note_reads(actor=request.user, entries=[entry] if entry else [], now=timezone.now())
            own = list(Byline.objects.filter(user_id=request.user.pk or 0).values_list("pk", flat=True)[:1])
            form = EntryForm(blog=blog, entry=entry, initial=None if entry else {"bylines": own})
            return _render(model_admin, request, form, Refusal(status=200))
        form = EntryForm(request.POST, blog=blog, entry=entry)
        asked = request.POST.get("verb", "")
        verb = next((verb for verb in open_verbs(request.user, blog, entry) if verb.name == asked), None)
        outcome = _try(request, form, verb)
        if isinstance(outcome, Refusal):
            return _render(model_admin, request, form, _withdrawn_meanwhile(form) or outcome)
        done = said_of(outcome, verb.done) if verb else ""
    _say_done(request, outcome, done)
    # The key tells the page that its local copy of this text is safe to forget.
    return redirect(f"{reverse('admin:newsroom_entry_change', args=[outcome.pk])}?saved={form.cleaned_data['key']}")


def _try(request: HttpRequest, form: EntryForm, verb: Verb | None) -> Entry | Refusal:
    if verb is None:
        # The entry moved on (published, withdrawn) or the role did, while the form was open.
        form.full_clean()
        message = _("This cannot be done with the entry as it is now, so nothing was saved.")
        if open_verbs(request.user, form.blog, form.entry):
            kept = _("What you typed is kept; the buttons below fit what the entry has become.")
        else:
            kept = _("You may not change it any more. What you typed is shown here, so that you can copy it.")
        return _both_texts(form, [message, kept], status=409) if form.entry else Refusal([message, kept], status=409)
    if not form.is_valid():
        return Refusal()
    try:
        return perform(verb, actor=request.user, form=form, now=timezone.now())
    except PartlyDone as partly:
        form.continue_from(partly.entry)
        sentence = _("Your text was saved as a draft, but it went no further.")
        if isinstance(partly.refusal, Invalid):
            form.refuse(partly.refusal)
            return Refusal([sentence])
        return Refusal([sentence, str(partly.refusal)], status=409)
    except AlreadyWritten as written:
        form.continue_from(written.entry)
        return _both_texts(form, [str(written)], status=409)
    except StaleEntry as stale:
        return _together(form, stale)
    except Invalid as refusal:
        form.refuse(refusal)
        return Refusal()
    except NewsroomError as refusal:
        return Refusal([str(refusal)], status=409)


def _together(form: EntryForm, stale: StaleEntry) -> Refusal:
    """What somebody saved meanwhile and what was typed here are brought together in the form, and shown beside what is saved."""
    both = together(stale)
    form.stand_at(stale.version)
    form.take(fields_of_text(both.text))
    sentences = [str(stale)]
    if both.taken:
        names = labels(stale.versions.theirs, both.text)
        places = ", ".join(dict.fromkeys(names.get(place, place) for place in both.taken))
        sentences.append(_("Taken over into the form from %(by)s: %(places)s.") % {"by": stale.by, "places": places})
    return Refusal(sentences, compare(stale.versions.theirs, both.text), status=409)


def _withdrawn_meanwhile(form: EntryForm) -> Refusal | None:
    """Where the entry was withdrawn while its form was open: says by whom, and turns the form into that of a new entry."""
    if form.entry is None:
        return None
    entry = Entry.objects.select_related("saved_by").filter(pk=form.entry.pk, status=Status.WITHDRAWN).first()
    if entry is None or entry.withdrawn_at is None:
        return None
    facts = {
        "entry": entry,
        "by": entry.saved_by or _("somebody"),
        "at": date_format(timezone.localtime(entry.withdrawn_at), "j F Y, H:i"),
    }
    sentences = [
        _("“%(entry)s” was withdrawn by %(by)s (%(at)s) while you had it open. Its text cannot be changed any more.") % facts,
        _("What you typed is not saved. It is in the form below, to copy or to save as a new entry."),
    ]
    note = form.data.get("note", "").strip()
    if note:
        sentences.append(_("Your correction was: %(note)s") % {"note": note})
    form.start_anew()
    return Refusal(sentences, status=409)


def _both_texts(form: EntryForm, sentences: list[str], *, status: int) -> Refusal:
    if form.entry is None or not form.is_valid():
        return Refusal(sentences, status=status)
    theirs = Entry.objects.select_related("blog").get(pk=form.entry.pk)
    form.continue_from(theirs)
    return Refusal(sentences, compare(as_json(text_of(theirs)), as_json(form.text)), status=status)


def _say_done(request: HttpRequest, entry: Entry, done: Any) -> None:
    links = format_html('<a href="{}?blog={}">{}</a>', reverse("admin:newsroom_entry_add"), entry.blog.slug, _("Write the next entry"))
    if entry.status == Status.PUBLISHED and entry.blog.is_public:
        links = format_html('{} · <a href="{}">{}</a>', links, entry.get_absolute_url(), _("Open the live page"))
    messages.success(request, format_html("{} {}", done, links))


def _render(model_admin: Any, request: HttpRequest, form: EntryForm, refusal: Refusal) -> HttpResponse:
    entry, blog = form.entry, form.blog
    form.prepare()
    verbs = open_verbs(request.user, blog, entry)
    by_name = {verb.name.replace("-", "_"): verb for verb in verbs}
    published = entry is not None and entry.status == Status.PUBLISHED
    undone = entry is not None and entry.status == Status.WITHDRAWN and was_undone(entry)
    context = {
        **model_admin.admin_site.each_context(request),
        # The page is for writing: the list of all tables can wait.
        "is_nav_sidebar_enabled": False,
        "title": _("Write an entry") if entry is None else _("Change an entry"),
        "opts": model_admin.opts,
        "blog": blog,
        "entry": entry,
        "form": form,
        "media": model_admin.media + form.media,
        "refusal": refusal,
        "verbs": by_name,
        "primary": verbs[-1].name if verbs and not published else "edit",
        "undone": undone,
        "acts": acts_for(request.user, entry, undone=undone) if entry else [],
        "action": reverse("admin:newsroom_entry_change", args=[entry.pk])
        if entry
        else f"{reverse('admin:newsroom_entry_add')}?blog={blog.slug}",
        "preview_address": reverse("desk:preview", args=[blog.slug]) + (f"?entry={entry.pk}" if entry else ""),
        "words": form_words(),
        "max_body": MAX_BODY,
        "act_key": uuid.uuid4(),
        "may_end": blog.state in {State.LIVE, State.PAUSED},
    }
    response = TemplateResponse(request, "admin/newsroom/entry/change_form.html", context, status=refusal.status)
    # Now, while the blog's zone is in force: the form's times are printed in it.
    return response.render()


def form_words() -> dict[str, str]:
    """What the form's scripts may say."""
    most = MAX_BODY // 1000
    return {
        "too_large": _("The body has {size} kB; %(most)s kB is the most. Not sent: split it into several entries.") % {"most": most},
        "copy_back": _("What you had typed is back in the form. It is not saved yet."),
        "copy_found": _("This browser kept a text that was never saved, from {at}."),
        "preview_failed": _("No answer came. The preview needs a connection; your text is kept."),
        "pictures_on_their_way": _("A picture has not arrived. Wait for it, try it again, or remove it."),
        "sending": _("Sending …"),
    }


def history_page(model_admin: Any, request: HttpRequest, entry: Entry) -> HttpResponse:
    """Every published text of the entry, newest first: who, when, why, and what differs from the one before."""
    require(request.user, "read_drafts", entry.blog, entry)
    note_reads(actor=request.user, entries=[entry], now=timezone.now())
    revisions = list(entry.revisions.select_related("by").order_by("-rev"))
    steps = []
    for place, revision in enumerate(revisions):
        before = revisions[place + 1].snapshot if place + 1 < len(revisions) else {}
        rows = changed_rows(before, revision.snapshot) if before else []
        steps.append({"revision": revision, "reason": REASONS.get(revision.reason, revision.reason), "rows": rows})
    with timezone.override(zoneinfo.ZoneInfo(entry.blog.zone)):
        context = {
            **model_admin.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": str(entry),
            "opts": model_admin.opts,
            "entry": entry,
            "steps": steps,
            "corrections": list(entry.corrections.select_related("by")),
        }
        return TemplateResponse(request, "admin/newsroom/entry/history.html", context).render()
