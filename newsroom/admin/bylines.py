from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from newsroom.actions.bylines import save_byline
from newsroom.admin.base import StaffOnTeams, on_a_team
from newsroom.models import Byline
from newsroom.permissions import roles_with


@admin.register(Byline)
class BylineAdmin(StaffOnTeams, admin.ModelAdmin):
    """Names as readers see them. A change shows above the feeds at once, and on what is published or edited from then on: older entries
    keep their signature."""

    list_display = ("name", "role", "place", "user")
    list_select_related = ("user",)
    search_fields = ("name", "role", "place")
    fields = ("name", "role", "place", "user")
    raw_id_fields = ("user",)
    actions = None

    def save_model(self, request: HttpRequest, obj: Byline, form: Any, change: bool) -> None:
        save_byline(actor=request.user, byline=obj, now=timezone.now())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Byline | None = None) -> bool:
        return (request.user.is_active and request.user.is_superuser) or on_a_team(request, *roles_with("edit"))
