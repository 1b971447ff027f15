"""Two planes. The public one (readers, embeds, media) has no session, no cookie and no user; the desk has all of them.

Each class here is a middleware of Django's (or of a library) that steps aside for public paths, so that a public page cannot read or
set a cookie even by mistake.
"""

from __future__ import annotations

from typing import Any

from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

from newsroom.accounts import middleware as accounts

DESK_PREFIXES = ("/admin/", "/desk/", "/api/")


def is_desk(path: str) -> bool:
    """Whether a path belongs to the desk plane. All else is public."""
    return path.startswith(DESK_PREFIXES)


class DeskOnly:
    """Mixed in before a middleware class: public requests go past it, hooks included."""

    def __call__(self, request: HttpRequest) -> Any:
        if is_desk(request.path_info):
            return super().__call__(request)  # type: ignore[misc]
        return self.get_response(request)  # type: ignore[attr-defined]


class ContentSecurityPolicy(DeskOnly, CSPMiddleware):
    pass


class Sessions(DeskOnly, SessionMiddleware):
    pass


class Csrf(DeskOnly, CsrfViewMiddleware):
    def process_view(self, request: HttpRequest, callback: Any, callback_args: Any, callback_kwargs: Any) -> Any:
        if is_desk(request.path_info):
            return super().process_view(request, callback, callback_args, callback_kwargs)
        return None


class Authentication(DeskOnly, AuthenticationMiddleware):
    pass


class SessionsSeen(DeskOnly, accounts.SessionsSeen):
    pass


class SecondFactorRequired(DeskOnly, accounts.SecondFactorRequired):
    pass


class Messages(DeskOnly, MessageMiddleware):
    pass
