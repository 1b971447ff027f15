"""What allauth asks of this site: nobody signs up, nothing is mailed, and what happens to an account leaves a line of the audit."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from newsroom.actions.accounts import note_account, note_refusal

# Where there is no peer at all (a UNIX socket), all share one limit.
NO_ADDRESS = "0.0.0.0"  # noqa: S104 – an address to count by, not one to listen on


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("usersessions_list")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The peer, or whom the proxy in front of this process names: only as many entries count as there are proxies of ours."""
        addresses = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        proxies = settings.TRUSTED_PROXY_COUNT
        if proxies and len(addresses) >= proxies:
            return addresses[-proxies]
        return request.META.get("REMOTE_ADDR") or NO_ADDRESS

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        note_account(user=user, verb="sign_in", now=timezone.now())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Also called where somebody who is signed in says the password again, and it is wrong."""
        name = str(credentials.get("username", ""))
        note_refusal(name=name, verb="sign_in_refused", address=self.get_client_ip(request), now=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            note_account(user=request.user, verb="sign_out", now=timezone.now())
        super().logout(request)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Called for every change of how somebody signs in. No mail is sent: the audit keeps it."""
        note_account(user=user, verb=template_prefix.rpartition("/")[2], now=timezone.now())


class SecondFactorAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        return str(settings.SITE_NAME)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": str(settings.SITE_NAME)}
