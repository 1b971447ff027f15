"""What guards the desk and steps aside for the public plane, so that a public page cannot read or set a cookie even by mistake.

Each class here is a middleware of Django's, of a library's or of the newsroom's.
"""

from __future__ import annotations

from typing import Any

from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

from liveblog.planes import is_desk
from newsroom.accounts import middleware as accounts


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
