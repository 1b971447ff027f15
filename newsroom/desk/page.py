"""The desk: one screen a blog, on which a team runs a live story."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.desk import feed
from newsroom.desk.bar import bar_of
from newsroom.desk.feed import Viewer
from newsroom.desk.forms import MAX_BODY, EntryForm
from newsroom.models import Byline, Kind, LiveBlog, Status


def desk_page(admin_site: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """GET `?tab&q&kind&before`. Ten queries, however long the blog is."""
    blog = LiveBlog.objects.filter(pk=pk).first()
    viewer = Viewer.of(request.user, blog) if blog else None
    if blog is None or viewer is None or not viewer.may_look:
        raise Http404
    now = timezone.now()
    asked = {name: request.GET.get(name, "") for name in ("tab", "q", "kind", "before")}
    with timezone.override(zoneinfo.ZoneInfo(blog.zone)):
        context = {
            # Not `each_context`: it lists every table of the admin, at a query each, for a sidebar that is not shown here.
            "site_title": admin_site.site_title,
            "site_header": admin_site.site_header,
            "site_url": admin_site.site_url,
            "has_permission": admin_site.has_permission(request),
            "is_nav_sidebar_enabled": False,
            "title": blog.title,
            "blog": blog,
            "viewer": viewer,
            "bar": bar_of(viewer, now=now),
            "page": feed.page(viewer, now=now, **asked),
            "asked": asked,
            "entries_url": f"{reverse('admin:newsroom_entry_changelist')}?blog={blog.slug}",
            "kinds": Kind.choices,
            "tabs": _tabs(viewer),
            "words": desk_words(),
            **_composer(viewer),
        }
        return TemplateResponse(request, "admin/newsroom/liveblog/desk/desk.html", context).render()


def _tabs(viewer: Viewer) -> list[dict[str, Any]]:
    there = feed.counts(viewer)
    return [{"name": tab.name, "label": tab.label, "count": there[tab.name]} for tab in feed.TABS.values()]


def _composer(viewer: Viewer) -> dict[str, Any]:
    blog = viewer.blog
    if not viewer.may("draft"):
        return {"form": None}
    lines = list(Byline.objects.filter(user_id=viewer.user.pk).values_list("pk", flat=True)[:1])
    form = EntryForm(blog=blog, initial={"bylines": lines})
    form.prepare()
    return {
        "form": form,
        "media": form.media,
        "max_body": MAX_BODY,
        "may_publish": viewer.may("publish"),
        "preview_address": reverse("desk:preview", args=[blog.slug]),
        "known_tags": list(blog.tags.values_list("name", flat=True)[:200]),
    }


def desk_words() -> dict[str, Any]:
    """Every sentence that the desk's scripts may say."""
    most = MAX_BODY // 1000
    return {
        "too_large": _("The body has {size} kB; %(most)s kB is the most. Not sent: split it into several entries.") % {"most": most},
        "copy_back": _("What you had typed is back. It is not sent yet."),
        "copy_found": _("This browser kept a text that was never sent, from {at}."),
        "preview_failed": _("No answer came. The preview needs a connection; your text is kept."),
        "pictures_on_their_way": _("A picture has not arrived. Wait for it, try it again, or remove it."),
        "sending": _("Sending …"),
        "not_kept": _("This browser's storage is full or forbidden. Your text stays in the form until the server has it."),
        "publish": _("Publish"),
        "publish_to": {"one": _("Publish to {n} reader"), "other": _("Publish to {n} readers")},
        "breaking": _("Publish breaking"),
        "breaking_to": {"one": _("Publish breaking to {n} reader"), "other": _("Publish breaking to {n} readers")},
        "schedule_for": _("Schedule for {at}"),
        "states": {
            "kept": _("Kept here, not sent yet"),
            "sent": _("Sent, waiting for the answer"),
            "done": _("Done"),
            "refused": _("Not accepted"),
        },
        "verbs": {"save": _("Save draft"), "keep": _("Save")},
        "statuses": {str(value): str(label) for value, label in Status.choices},
        "set_aside": _("Set aside on this device. It was not sent."),
        "left": _("A change that is not saved. It is kept on this device."),
        "go_on": _("Go on with it"),
        "held_by": _("{name} has this open too. Both of you can save: nothing is overwritten."),
        "taken_over": _("{name} has taken this over. What you typed stays here; saving brings both texts together."),
        "saved_meanwhile": _("Somebody saved this meanwhile. When you save, both texts are brought together and shown to you first."),
        "together": _("{name} saved this while you wrote. Nothing is overwritten: below are both texts together. Read and save."),
        "together_taken": _("Taken over from {name}: {places}."),
        "theirs_taken": _("Theirs is in the form"),
        "untitled": _("An entry without a headline"),
        "bring_back": _("Bring it back to the composer"),
        "discard": _("Discard"),
        "discard_ask": _("Discard this text for good? It was never published."),
        "undo": _("Undo ({n})"),
        "undone": _("Taken back: off every page. It is a draft again."),
        "signed_out": _("You are signed out. Everything you typed is kept on this device."),
        "someone_else": _("Now {name} is signed in here. What waits was written by somebody else and is not sent under this name."),
        "no_team": _("You are not on this blog's team any more. What you typed is kept on this device."),
        "offline": _("No connection. What you publish waits here and goes out in order."),
        "polling": _("The live connection is down: this page asks every five seconds instead."),
        "live": _("Connected"),
        "alone": _("You are alone here"),
        "here": _("Here: {names}"),
        "copied": _("Link copied."),
        "turned": _("The story is now “{label}”: its page says so."),
        "chart": _("Readers in the last {span}: between {min} and {max}"),
        "span": {"m": _("{n} minutes"), "h": _("{n} hours")},
        "failed": _("No answer came, so nothing is known to have changed. Try again."),
        "readers": {"one": _("{n} reader now"), "other": _("{n} readers now")},
        "ago": {
            "s": _("Last push {n} s ago"),
            "m": _("Last push {n} min ago"),
            "h": _("Last push {n} h ago"),
            "none": _("Nothing pushed yet"),
        },
        "quiet": _("Readers have heard nothing for {n} minutes."),
    }
