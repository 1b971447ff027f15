"""allauth's forms of a code, with a line of the audit for each that is wrong."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as allauth_forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from newsroom.actions.accounts import note_refusal


class Noted:
    """Mixed in before a form of allauth's that checks a code. That somebody is stopped from trying is no try."""

    user: Any

    def clean_code(self) -> str:
        try:
            return super().clean_code()  # type: ignore[misc]
        except ValidationError as refusal:
            if refusal.code == "incorrect_code":
                address = get_adapter().get_client_ip(context.request)
                note_refusal(name=self.user.get_username(), verb="code_refused", address=address, now=timezone.now())
            raise


class AuthenticateForm(Noted, allauth_forms.AuthenticateForm):
    pass


class ReauthenticateForm(Noted, allauth_forms.ReauthenticateForm):
    pass
