"""What is asked of every request at the desk by somebody who is signed in."""

from __future__ import annotations

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from newsroom.desk.sessions import has_second_factor

SEEN_SECONDS = 60
# Where a second factor is set up, and what a page may ask without having one.
ALWAYS_OPEN = ("/admin/account/", "/admin/logout/", "/desk/session/")


class SessionsSeen:
    """Keeps when and from where a session was last used, at most once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.path_info != "/desk/session/" and request.user.is_authenticated and cache.add(f"seen:{key}", 1, SEEN_SECONDS):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


class SecondFactorRequired:
    """With REQUIRE_TWO_FACTOR staff without a second factor get no further than to the page that sets one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.REQUIRE_TWO_FACTOR or request.path_info.startswith(ALWAYS_OPEN):
            return self.get_response(request)
        user = request.user
        if not user.is_authenticated or has_second_factor(user):
            return self.get_response(request)
        if request.path_info.startswith("/admin/"):
            return redirect("mfa_index")
        fault = {"field": "", "message": _("This site asks for a second factor. Set one up under your account, then try again.")}
        return JsonResponse({"faults": [fault]}, status=403)
