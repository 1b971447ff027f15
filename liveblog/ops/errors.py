"""What is answered when nothing better can be: a fault of ours, or a database that is away for the moment."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

RETRY_SECONDS = "5"


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with a time to come back where the database did not answer: that is no fault to report, and asking again will do.

    Django calls it while the exception is being handled, whichever layer raised it.
    """
    away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    response = HttpResponse(render_to_string("503.html" if away else "500.html"), status=503 if away else 500)
    response["Cache-Control"] = "no-store"
    if away:
        response["Retry-After"] = RETRY_SECONDS
    return response
