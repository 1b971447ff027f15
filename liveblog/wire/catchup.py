"""`changes` and `snapshot`: how a page of any age becomes a fresh one, over plain HTTP."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.views.decorators.http import require_safe

from liveblog.reader.page import absent, live_part
from newsroom import catching_up, selectors
from newsroom.catching_up import Stretch

# One spelling an answer, so that a shared cache keeps one copy.
CURSOR = re.compile(r"after=(0|[1-9]\d{0,17})&epoch=([a-z0-9]{12})&token=(0|-?[1-9]\d{0,9})(?:&want=([1-9]\d{0,17}))?")

# Under this name the kiosk hands on, in the request's ASGI scope, the stretch of the ledger that answers it.
STRETCH = "liveblog.stretch"

# What a page that polls does unless it is told otherwise (POLL_SECONDS in static/js/wire.js).
USUAL_POLL_SECONDS = 15
COMPACT: dict[str, Any] = {"separators": (",", ":"), "ensure_ascii": False}


@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """docs/contracts/frames.md: `GET …/changes?after=&epoch=&token=[&want=]`."""
    query = CURSOR.fullmatch(request.META.get("QUERY_STRING", ""))
    if query is None:
        return HttpResponseBadRequest("Ask for ?after=N&epoch=E&token=T, or with &want=M besides.\n", content_type="text/plain")
    after, epoch, token, want = query.groups()
    stretch = _given(request) or catching_up.stretch_of(slug, int(after))
    if stretch is None:
        return absent(request)
    answer = stretch.since(after=int(after), epoch=epoch, token=int(token))
    if want and answer.head.seq < int(want) and answer.head.epoch == epoch:
        # A replica or a cache that has not seen it yet: better late than a cursor that skips.
        late = HttpResponse("Not here yet.\n", status=503, content_type="text/plain")
        late["Retry-After"] = "1"
        late["Cache-Control"] = "no-store"
        return late
    told = {"epoch": answer.head.epoch, "head": answer.head.seq, "token": answer.token, "next": answer.next_seq, "frames": answer.frames}
    if settings.POLL_SECONDS != USUAL_POLL_SECONDS:
        told["poll"] = settings.POLL_SECONDS
    response = JsonResponse(told, json_dumps_params=COMPACT)
    response["Cache-Control"] = "public, max-age=2"
    return response


def _given(request: HttpRequest) -> Stretch | None:
    """What the kiosk has read already, for all who asked at the same time."""
    given: Stretch | None = getattr(request, "scope", {}).get("extensions", {}).get(STRETCH)
    return given


@require_safe
def snapshot(request: HttpRequest, slug: str) -> HttpResponse:
    """The live part of a fresh page, for one whose cursor this history does not contain."""
    page = selectors.blog_page(slug)
    if page is None:
        return absent(request)
    response = HttpResponse(live_part(page))
    response["Cache-Control"] = "public, max-age=2"
    return response
