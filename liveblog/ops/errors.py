"""What is answered when nothing better can be: a fault of ours, or a database that is away for the moment."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from liveblog.planes import is_desk
from newsroom.rendering.languages import direction

RETRY_SECONDS = "2"

# What says that the database is away for the moment. Any other error of it is a fault of ours.
IS_AWAY = (OperationalError, InterfaceError)
# Under this name whoever hands a request on says, in its ASGI scope, that the database did not answer him.
AWAY = "liveblog.away"


def told_of(error: Exception) -> dict[str, bool]:
    """What the scope says of it to `told_away`. Nothing of a fault of ours: Django asks again, meets it, and reports it."""
    return {AWAY: True} if isinstance(error, IS_AWAY) else {}


def told_away(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. A database that hangs costs whoever asks six seconds; it is not asked twice for one answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if getattr(request, "scope", {}).get("extensions", {}).get(AWAY):
            return _answer(request, away=True)
        return get_response(request)

    return middleware


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with a time to come back where the database did not answer: that is no fault to report, and asking again will do.

    Django calls it while the exception is being handled, whichever layer raised it.
    """
    return _answer(request, away=isinstance(sys.exc_info()[1], IS_AWAY))


def _answer(request: HttpRequest, *, away: bool) -> HttpResponse:
    desk = is_desk(request.path_info)
    language = "en" if desk else settings.SITE_LANGUAGE
    with translation.override(language):
        page = render_to_string("503.html" if away else "500.html", {"desk": desk, "language": language, "dir": direction(language)})
    response = HttpResponse(page, status=503 if away else 500)
    response["Cache-Control"] = "no-store"
    if away:
        response["Retry-After"] = RETRY_SECONDS
    return response
