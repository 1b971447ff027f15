"""`/media/…`: the re-encoded pictures, and nothing else that may lie in the same storage."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from newsroom.media.renditions import NAME, TYPES

HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """One rendition, for ever under its name; 404 for any other name, alike whether it was withdrawn or never was.

    A rendition is some hundred kilobytes and is read whole: a synchronous stream would be gathered whole under ASGI anyway.
    """
    if not NAME.fullmatch(name):
        return _absent()
    tag = f'"{name.removeprefix("pictures/")}"'
    try:
        if request.method == "HEAD":
            response = HttpResponse(headers={**HEADERS, "ETag": tag, "Content-Length": str(default_storage.size(name))})
        elif _known(request, tag):
            default_storage.size(name)  # a picture that was withdrawn is not confirmed to those who hold it
            return HttpResponse(status=304, headers={**HEADERS, "ETag": tag})
        else:
            with default_storage.open(name, "rb") as file:
                response = HttpResponse(file.read(), headers={**HEADERS, "ETag": tag})
    except OSError:
        return _absent()
    response["Content-Type"] = TYPES[name.rpartition(".")[2]]
    return response


def _known(request: HttpRequest, tag: str) -> bool:
    given = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in given or any(held.removeprefix("W/") == tag for held in given)


def _absent() -> HttpResponse:
    """Not to be kept by any cache: a withheld picture may be published again."""
    headers = {**HEADERS, "Cache-Control": "no-store"}
    return HttpResponseNotFound(b"There is no such picture.", content_type="text/plain; charset=utf-8", headers=headers)
