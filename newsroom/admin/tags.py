from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from newsroom.actions.tags import rename_tag
from newsroom.admin.base import ActionAdmin
from newsroom.desk.scope import blogs_of
from newsroom.models import Tag
from newsroom.permissions import can


@admin.register(Tag)
class TagAdmin(ActionAdmin):
    """The tags of one's blogs. They are made by writing them on an entry; here they get another name."""

    list_display = ("name", "blog", "slug")
    list_select_related = ("blog",)
    search_fields = ("name",)
    fields = ("name", "slug", "blog")
    readonly_fields = ("slug", "blog")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return super().get_queryset(request).filter(blog__in=blogs_of(request.user).values("pk"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        return can(request.user, "edit", obj.blog) if obj else self.has_view_permission(request)

    def save_model(self, request: HttpRequest, obj: Tag, form: forms.ModelForm, change: bool) -> None:
        rename_tag(actor=request.user, tag=Tag.objects.select_related("blog").get(pk=obj.pk), name=obj.name, now=timezone.now())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A tag has no rows below it."""
