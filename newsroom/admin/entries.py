"""Entries in the admin: the list, and the pages of one entry. What the pages do is in `entry_pages`."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from newsroom.actions.entries import mark_key_event
from newsroom.actions.reading import note_reads
from newsroom.admin import entry_pages
from newsroom.admin.act_pages import act_address, act_page
from newsroom.admin.base import BlogFromAddress, StaffOnTeams, on_a_team
from newsroom.desk.acts import ACTS, Press
from newsroom.desk.scope import blogs_of, running_first
from newsroom.errors import NewsroomError
from newsroom.models import Entry
from newsroom.permissions import can, roles_with, seen_entries
from newsroom.sanitise import plain_text

# An entry stands at the time that it is for: when it will be public, when it became so, or when somebody last worked on it. `saved_at` of
# what is public moves with every new rendering.
LISTED_AT = Coalesce("scheduled_for", "published_at", "saved_at")


class BlogFilter(admin.SimpleListFilter):
    """The user's own blogs only: the stock filter would name every blog there is."""

    title = gettext_lazy("live blog")
    parameter_name = "blog"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(blog.slug, blog.title) for blog in running_first(blogs_of(request.user))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        return queryset.filter(blog__slug=self.value()) if self.value() else queryset


def opening(entry: Entry) -> str:
    """What names an entry in a list: its headline, or the first words it says."""
    if entry.headline:
        return entry.headline
    for block in entry.blocks:
        words = plain_text(str(block.get("html") or block.get("text") or block.get("title") or " ".join(block.get("items", []))))
        if words:
            return f"{words[:90]}…" if len(words) > 90 else words
    return f"{entry.get_kind_display()} {entry.ref}"


@admin.register(Entry)
class EntryAdmin(BlogFromAddress, StaffOnTeams, admin.ModelAdmin):
    adding = "draft"
    list_display = ("name", "status_chip", "kind", "standing_word", "marks", "at", "story", "saved_by")
    list_filter = (BlogFilter, "status", "kind", "standing", "key_event")
    list_per_page = 50
    search_fields = ("headline", "source", "ref", "blocks")
    ordering = (LISTED_AT.desc(), "-pk")
    actions = ("pin", "mark_key", "unmark_key", "withdraw")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return seen_entries(request.user).select_related("blog", "saved_by")

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        # Of the list's actions and of one entry alike: the actions judge each entry by themselves.
        return self.has_view_permission(request, obj)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"title": _("Entries"), "is_nav_sidebar_enabled": False, **(extra_context or {})}
        answer = super().changelist_view(request, context)
        shown = getattr(answer, "context_data", {}).get("cl")
        if shown is not None:
            # Its first words stand in the list.
            note_reads(actor=request.user, entries=shown.result_list, now=timezone.now())
        return answer

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        # Of one blog's list every row would say which.
        return tuple(name for name in self.list_display if name != "story" or not request.GET.get("blog"))

    @admin.display(description=gettext_lazy("entry"))
    def name(self, entry: Entry) -> str:
        return opening(entry)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def status_chip(self, entry: Entry) -> str:
        return format_html('<span class="status status--{}">{}</span>', entry.status, entry.get_status_display())

    @admin.display(description=gettext_lazy("standing"), ordering="standing", empty_value="–")
    def standing_word(self, entry: Entry) -> str:
        return entry.get_standing_display() if entry.standing else ""

    @admin.display(description=gettext_lazy("on the board"))
    def marks(self, entry: Entry) -> str:
        said = [_("Pinned")] if entry.blog.pinned_id == entry.pk else []
        return ", ".join([*said, _("Key event")] if entry.key_event else said)

    @admin.display(description=gettext_lazy("time"), ordering=LISTED_AT)
    def at(self, entry: Entry) -> str:
        moment = entry.scheduled_for or entry.published_at or entry.saved_at
        return moment.astimezone(zoneinfo.ZoneInfo(entry.blog.zone)).strftime("%d.%m.%Y %H:%M")

    @admin.display(description=gettext_lazy("live blog"), ordering="blog__title")
    def story(self, entry: Entry) -> str:
        return entry.blog.kicker or entry.blog.title

    # The list's actions

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if not on_a_team(request, *roles_with("pin")):
            return {}
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    @admin.action(description=gettext_lazy("Pin"))
    def pin(self, request: HttpRequest, queryset: QuerySet[Entry]) -> None:
        if queryset.count() != 1:
            messages.error(request, _("One entry is pinned at a time: choose one."))
            return
        entry = queryset.select_related("blog").get()
        try:
            said = ACTS["pin"].perform(Press(actor=request.user, entry=entry, now=timezone.now(), on=True)).said
        except NewsroomError as refusal:
            messages.error(request, f"{opening(entry)}: {refusal}")
        else:
            messages.success(request, said)

    @admin.action(description=gettext_lazy("List among the key events"))
    def mark_key(self, request: HttpRequest, queryset: QuerySet[Entry]) -> None:
        self._each(request, queryset, lambda entry: mark_key_event(actor=request.user, entry=entry, key_event=True, now=timezone.now()))

    @admin.action(description=gettext_lazy("Take off the key events"))
    def unmark_key(self, request: HttpRequest, queryset: QuerySet[Entry]) -> None:
        self._each(request, queryset, lambda entry: mark_key_event(actor=request.user, entry=entry, key_event=False, now=timezone.now()))

    @admin.action(description=gettext_lazy("Withdraw …"))
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Entry]) -> HttpResponse:
        return redirect(act_address(ACTS["withdraw"], list(queryset.values_list("ref", flat=True))))

    def _each(self, request: HttpRequest, queryset: QuerySet[Entry], act: Any) -> None:
        done = 0
        for entry in queryset.select_related("blog"):
            try:
                act(entry)
            except NewsroomError as refusal:
                messages.error(request, f"{opening(entry)}: {refusal}")
            else:
                done += 1
        if done:
            messages.success(request, ngettext("Done for %(n)s entry.", "Done for %(n)s entries.", done) % {"n": done})

    # The pages

    def gone(self, request: HttpRequest) -> HttpResponse:
        """The same answer for what is not there and for what the user may not know of."""
        messages.warning(request, _("There is no such entry."))
        return redirect(reverse("admin:newsroom_entry_changelist"))

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [path("do/<slug:act>/", wrap(self.act_view), name="newsroom_entry_act"), *super().get_urls()]

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None) -> Any:
        """The form of one entry. No transaction around it: an action opens its own, and holds the blog's lock for that long only."""
        if object_id is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
            blog = self.blog_to_add_to(request)
            return blog if isinstance(blog, HttpResponse) else entry_pages.form_page(self, request, blog=blog, entry=None)
        entry = self.get_object(request, object_id)
        if entry is None:
            return self.gone(request)
        return entry_pages.form_page(self, request, blog=entry.blog, entry=entry)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        entry = self.get_object(request, object_id)
        if entry is None or not can(request.user, "read_drafts", entry.blog, entry):
            return self.gone(request)
        return entry_pages.history_page(self, request, entry)

    def act_view(self, request: HttpRequest, act: str) -> HttpResponse:
        return act_page(self, request, act)
