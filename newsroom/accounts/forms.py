"""allauth's forms of a code or a passkey, with a line of the audit for each that is wrong."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as allauth_forms
from allauth.mfa.webauthn import forms as allauth_keys
from allauth.mfa.webauthn.internal.auth import extract_user_from_response
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
                note(self.user, "code_refused")
            raise


class NotedKey:
    """Mixed in before a form of allauth's that checks a passkey. Where nobody has said a name before, what was sent says whose it is."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError as refusal:
            if refusal.code == "incorrect_code":
                note(self.user or named_by(self.cleaned_data["credential"]), "passkey_refused")
            raise


def named_by(credential: Any) -> Any | None:
    try:
        return extract_user_from_response(credential)
    except (ValidationError, AttributeError):
        # Not what a browser sends.
        return None


def note(user: Any | None, verb: str) -> None:
    address = get_adapter().get_client_ip(context.request)
    note_refusal(name=user.get_username() if user else "", verb=verb, address=address, now=timezone.now())


class AuthenticateForm(Noted, allauth_forms.AuthenticateForm):
    pass


class ReauthenticateForm(Noted, allauth_forms.ReauthenticateForm):
    pass


class LoginWebAuthnForm(NotedKey, allauth_keys.LoginWebAuthnForm):
    pass


class AuthenticateWebAuthnForm(NotedKey, allauth_keys.AuthenticateWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(NotedKey, allauth_keys.ReauthenticateWebAuthnForm):
    pass
