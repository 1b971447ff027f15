"""What the admin pages of blogs and images share: a refusal by an action becomes an error of the form, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from newsroom.desk.scope import blogs_of, has_role, running_first
from newsroom.errors import Invalid, NewsroomError
from newsroom.models import LiveBlog
from newsroom.permissions import can


def put_refusal(form: forms.BaseForm, refusal: NewsroomError) -> None:
    """Each fault at its field; what belongs to no field stands above the form."""
    if not isinstance(refusal, Invalid):
        form.add_error(None, str(refusal))
        return
    for fault in refusal.faults:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)


def on_a_team(request: HttpRequest, *roles: str) -> bool:
    """Whether a member of staff is signed in who has one of the roles (any, if none is named) on some blog. Read once a request."""
    user = request.user
    if not (user.is_active and user.is_staff):
        return False
    asked: dict[tuple[str, ...], bool] = request.__dict__.setdefault("desk_roles", {})
    if roles not in asked:
        asked[roles] = has_role(user, *roles)
    return asked[roles]


class StaffOnTeams:
    """Mixed in before ModelAdmin: the pages are open to whoever is on a team, and nothing is deleted here."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (request.user.is_active and request.user.is_superuser) or on_a_team(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ActionAdmin(StaffOnTeams, admin.ModelAdmin):
    """A ModelAdmin whose `save_model` calls actions. What they refuse comes back as errors of the same form, with all that was typed.

    There is no transaction around a page: an action renders and encodes before it opens its own, and locks last. So what one action of a
    page has done stands when the next is refused, and the refusal must say so.
    """

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[forms.ModelForm]:
        base = super().get_form(request, obj, change=change, **kwargs)
        found: NewsroomError | None = getattr(request, "desk_refusal", None)
        if found is None:
            return base
        refusal: NewsroomError = found

        class RefusedForm(base):  # type: ignore[misc, valid-type]
            def _clean_form(self) -> None:
                super()._clean_form()
                put_refusal(self, refusal)

        return RefusedForm

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None) -> Any:
        # Not `super().changeform_view`, which is this in a transaction. The token of the form is checked by `AdminSite.admin_view`.
        try:
            return self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined]
        except NewsroomError as refusal:
            # The same request again, with the refusal among the form's errors, so that nothing is saved.
            request.desk_refusal = refusal  # type: ignore[attr-defined]
            return self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined]


class BlogFromAddress:
    """Mixed in before ModelAdmin: a new row's blog stands in the address (`?blog=<slug>`), never among what is sent.

    `adding` is the right it takes; `blog_to_add_to` is the blog, or the page that asks for one.
    """

    adding = "draft"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return on_a_team(request)

    def blog_to_add_to(self, request: HttpRequest) -> LiveBlog | HttpResponse:
        blogs = [blog for blog in running_first(blogs_of(request.user)) if can(request.user, self.adding, blog)]
        wanted = request.GET.get("blog", "")
        for blog in blogs:
            if blog.slug == wanted:
                return blog
        if len(blogs) == 1 and not wanted:
            return redirect(f"{request.path}?blog={blogs[0].slug}")
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("For which live blog?"),
            "opts": self.opts,  # type: ignore[attr-defined]
            "blogs": blogs,
            "unknown": wanted,
        }
        return TemplateResponse(request, "admin/newsroom/choose_blog.html", context)
