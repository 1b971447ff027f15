"""Live blogs: what stands above the feed, the team, and the state."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.forms.utils import from_current_timezone
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from newsroom.actions.blogs import NEXT, open_blog, set_state
from newsroom.actions.blogs import edit_blog as edit_blog_action
from newsroom.actions.members import remove_member, set_member
from newsroom.admin.audit import audit_page
from newsroom.admin.base import ActionAdmin
from newsroom.desk.forms import MomentInput
from newsroom.desk.page import desk_page
from newsroom.desk.scope import blogs_of
from newsroom.desk.suggestions import Suggesting, languages, zones
from newsroom.errors import NewsroomError, WrongState
from newsroom.models import Kind, LiveBlog, Membership, State, Status
from newsroom.permissions import can

TURNS = {
    State.UPCOMING: gettext_lazy("Announce"),
    State.LIVE: gettext_lazy("Go live"),
    State.PAUSED: gettext_lazy("Pause"),
    State.ENDED: gettext_lazy("End"),
}
TIMES = ("planned_start", "planned_end")
RULES = ("standing_required", "standing_shown", "second_pair", "quiet_minutes", "readers_shown")
FACTS = ("title", "standfirst", "kicker", "language", "zone", "zone_label", *TIMES, *RULES)


class MembershipInline(admin.TabularInline):
    """The team. Saved by `LiveBlogAdmin.save_formset`, through the actions."""

    model = Membership
    extra = 1
    verbose_name_plural = gettext_lazy("team")

    def _may(self, request: HttpRequest, obj: LiveBlog | None) -> bool:
        return obj is not None and can(request.user, "members", obj)

    def has_view_permission(self, request: HttpRequest, obj: LiveBlog | None = None) -> bool:
        # Whoever sees the blog's page sees its team; Django asks without a blog too.
        return True

    def has_add_permission(self, request: HttpRequest, obj: LiveBlog | None = None) -> bool:
        return self._may(request, obj)

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = get_user_model().objects.filter(is_active=True, is_staff=True).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            # A cell of the table has no label of its own.
            field.widget.attrs["aria-label"] = str(field.label)
            # Accounts are made elsewhere.
            for link in ("can_add_related", "can_change_related", "can_view_related", "can_delete_related"):
                setattr(field.widget, link, False)
        return field


class WallClock(forms.DateTimeField):
    """A time on the clock of a zone that is typed beside it: without a zone until the form knows which."""

    widget = MomentInput

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC):
            moment = super().to_python(value)
        return moment.replace(tzinfo=None) if moment else None


class BlogForm(forms.ModelForm):
    """What stands above the feed. Its times are the blog's."""

    second_pair = forms.MultipleChoiceField(
        label=gettext_lazy("A second pair of eyes"),
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=LiveBlog._meta.get_field("second_pair").help_text,
    )

    class Meta:
        model = LiveBlog
        fields = ("slug", "edited_by", *FACTS)
        widgets = {
            "standfirst": forms.Textarea(attrs={"rows": 3, "cols": 60}),
            "zone": Suggesting(zones),
            "language": Suggesting(languages),
            **dict.fromkeys(TIMES, MomentInput),
        }
        field_classes = dict.fromkeys(TIMES, WallClock)
        help_texts = {
            "planned_start": gettext_lazy("On the clock of the blog's time zone, as it stands above."),
            # Said from the setting, so that a new language is offered by being added.
            "language": format_lazy(
                gettext_lazy("Of the text and of what stands around it. There are words in {codes}; with another code those stay English."),
                codes=", ".join(code for code, _name in settings.LANGUAGES),
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TIMES:
            planned = getattr(self.instance, name) if self.instance.pk else None
            if planned:
                self.initial[name] = planned.astimezone(zoneinfo.ZoneInfo(self.instance.zone)).replace(tzinfo=None)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        zone = data.get("zone")
        for name in TIMES:
            planned = data.get(name)
            if planned is None:
                continue
            # Without a zone there is no time; the zone's own fault is found with the model's.
            data[name] = None
            if zone in zoneinfo.available_timezones():
                try:
                    with timezone.override(zoneinfo.ZoneInfo(zone)):
                        data[name] = from_current_timezone(planned)
                except ValidationError as error:
                    self.add_error(name, error)
        return data


def facts_in(form: forms.ModelForm) -> dict[str, Any]:
    """What a valid form says of the blog, as the actions take it."""
    return {name: form.cleaned_data[name] for name in FACTS} | {"edited_by": list(form.cleaned_data["edited_by"])}


@admin.register(LiveBlog)
class LiveBlogAdmin(ActionAdmin):
    form = BlogForm
    list_display = ("title", "state", "published_count", "waiting_count", "created_at")
    list_filter = ("state",)
    search_fields = ("title", "slug", "kicker")
    filter_horizontal = ("edited_by",)
    actions = None
    change_form_template = "admin/newsroom/liveblog/change_form.html"
    fieldsets = (
        (None, {"fields": ("title", "slug", "standfirst", "kicker", "edited_by")}),
        (gettext_lazy("Language and time"), {"fields": ("language", ("zone", "zone_label"), TIMES)}),
        (gettext_lazy("Rules"), {"fields": RULES}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[LiveBlog]:
        waiting = Q(entries__status__in=[Status.SUBMITTED, Status.SCHEDULED])
        return blogs_of(request.user).annotate(
            published_total=Count("entries", filter=Q(entries__status=Status.PUBLISHED)), waiting_total=Count("entries", filter=waiting)
        )

    @admin.display(description=gettext_lazy("published"), ordering="published_total")
    def published_count(self, blog: Any) -> int:
        return int(blog.published_total)

    @admin.display(description=gettext_lazy("handed in or scheduled"), ordering="waiting_total")
    def waiting_count(self, blog: Any) -> int:
        return int(blog.waiting_total)

    def get_inlines(self, request: HttpRequest, obj: LiveBlog | None) -> tuple[Any, ...]:
        # A blog that is not there yet has no team: its opener becomes chief.
        return (MembershipInline,) if obj else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can(request.user, "open_blog", None)

    def has_view_permission(self, request: HttpRequest, obj: LiveBlog | None = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: LiveBlog | None = None) -> bool:
        return obj is not None and can(request.user, "edit_blog", obj)

    def get_readonly_fields(self, request: HttpRequest, obj: LiveBlog | None = None) -> tuple[str, ...]:
        # An address that is out in the world stays.
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: LiveBlog | None = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("title",)}

    def save_model(self, request: HttpRequest, obj: LiveBlog, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.pk = open_blog(actor=request.user, now=timezone.now(), slug=form.cleaned_data["slug"], **facts_in(form)).pk
            obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        """A blog that was there before and its team. What would be refused is refused before either is saved."""
        if not change:
            return
        for formset in formsets:
            with transaction.atomic():
                self._save_team(request, form.instance, formset)
                transaction.set_rollback(True)
        edit_blog_action(actor=request.user, blog=form.instance, now=timezone.now(), **facts_in(form))
        form.instance.refresh_from_db()
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        """The team as a whole or not at all. The blog above it is saved by then; where another hand made that impossible, it is said."""
        try:
            with transaction.atomic():
                self._save_team(request, form.instance, formset)
        except NewsroomError as refusal:
            if form.changed_data:
                self.log_change(request, form.instance, self.construct_change_message(request, form, []))  # type: ignore[arg-type]
            raise WrongState(_("The blog is saved, but its team is as it was: %(why)s") % {"why": refusal}) from refusal

    def _save_team(self, request: HttpRequest, blog: LiveBlog, formset: Any) -> None:
        now = timezone.now()
        # New and changed first: a chief may name a successor and leave in one go.
        for membership in formset.save(commit=False):
            before = Membership.objects.select_related("user").filter(pk=membership.pk).first()
            if before and before.user_id != membership.user_id:
                remove_member(actor=request.user, membership=before, now=now)
            set_member(actor=request.user, blog=blog, user=membership.user, role=membership.role, now=now)
        # Not the form's own objects: they would not know that a rehearsal was rolled back, nor that another hand was quicker.
        leaving = Membership.objects.filter(pk__in=[row.pk for row in formset.deleted_objects]).select_related("blog")
        for membership in leaving:
            remove_member(actor=request.user, membership=membership, now=now)

    def get_urls(self) -> list[Any]:
        turn = self.admin_site.admin_view(require_POST(self.turn_view))
        audit = self.admin_site.admin_view(partial(audit_page, self))
        desk = self.admin_site.admin_view(partial(desk_page, self.admin_site))
        return [
            path("<int:pk>/state/", turn, name="newsroom_liveblog_state"),
            path("<int:pk>/desk/", desk, name="newsroom_liveblog_desk"),
            path("<int:pk>/audit/", audit, name="newsroom_liveblog_audit"),
            path("audit/", audit, name="newsroom_liveblog_audit_all"),
            *super().get_urls(),
        ]

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None) -> Any:
        blog = self.get_object(request, object_id) if object_id else None
        if blog is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with timezone.override(zoneinfo.ZoneInfo(blog.zone)):
            response = super().changeform_view(request, object_id, form_url, extra_context)
            # Now, while the blog's zone is in force: who may only read the page gets its times in it too.
            return response.render() if isinstance(response, TemplateResponse) else response

    def turn_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST `state`: opens, pauses, resumes or ends the blog."""
        blog = blogs_of(request.user).filter(pk=pk).first()
        if blog is None:
            raise Http404
        try:
            blog = set_state(actor=request.user, blog=blog, state=request.POST.get("state", ""), now=timezone.now())
        except NewsroomError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("“%(title)s”: %(state)s.") % {"title": blog.title, "state": blog.get_state_display()})
        return redirect(reverse("admin:newsroom_liveblog_change", args=[pk]))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        blog = context.get("original")
        if blog is not None:
            open_to = NEXT[blog.state] if can(request.user, "set_state", blog) else ()
            context["turns"] = [(state, label) for state, label in TURNS.items() if state in open_to]
            context["may_write"] = can(request.user, "draft", blog)
            context["may_audit"] = can(request.user, "read_audit", blog)
        context["show_save_as_new"] = False
        return super().render_change_form(request, context, *args, **kwargs)
