"""Accounts, as Django's admin keeps them; what is changed here leaves a line of the audit."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.actions.accounts import account_facts, note_account_change

User = get_user_model()
# Secrets, and rows whose change would leave no line: one's own factors and sessions have pages of their own, `manage.py
# reset_second_factor` takes those of others off, and a right is given to an account, not to a group.
admin.site.unregister([User, Group, Authenticator, EmailAddress, UserSession])


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Nobody is deleted: who leaves is switched off, and their name stays under what they did."""

    list_filter = ("is_staff", "is_superuser", "is_active")
    filter_horizontal = ("user_permissions",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "user_permissions")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        # The page is one transaction, and the row was saved in it already: what was before stands in the form.
        before = account_facts(User._default_manager.get(pk=form.instance.pk)) if change else {}
        before |= {name: form.initial[name] for name in form.changed_data if name in before and name in form.initial} if change else {}
        super().save_related(request, form, formsets, change)
        verb = "change_account" if change else "add_account"
        note_account_change(actor=request.user, user=form.instance, verb=verb, before=before, now=timezone.now())

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 – its name in Django
        with transaction.atomic():
            before = User._default_manager.select_for_update().filter(pk=id).values_list("password", flat=True).first()
            answer = super().user_change_password(request, id, form_url)
            user = User._default_manager.filter(pk=id).first()
            if user is not None and user.password != before:
                note_account_change(actor=request.user, user=user, verb="set_password", before=None, now=timezone.now())
        return answer
