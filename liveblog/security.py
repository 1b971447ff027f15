"""The headers of docs/security.md §4, on every response, in one place.

A public page's policy names no nonce, because a page that everyone shares cannot hold a secret: scripts and styles are files of ours.
The desk's policy is made by django-csp (`settings.CONTENT_SECURITY_POLICY`), since its editor needs a nonce.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from liveblog.embed.policy import embed_headers
from liveblog.feeds.names import FEEDS
from liveblog.planes import is_desk
from newsroom.players import PROVIDERS

PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"

# Read across origins: by embeds, whose documents have an opaque origin, and by programs that read feeds within a page.
OPEN = ("/changes", "/snapshot", *(f"/{name}" for name in FEEDS))


def socket_origin() -> str:
    parts = urlsplit(settings.SITE_URL)
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"


def reader_policy() -> str:
    frames = " ".join(PROVIDERS[name].origin for name in settings.EMBED_PLAYERS) or "'none'"
    upgrade = "; upgrade-insecure-requests" if settings.SECURE else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
        f"connect-src 'self' {socket_origin()}; frame-src {frames}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        f"require-trusted-types-for 'script'; trusted-types entry-html{upgrade}"
    )


def headers_for(path: str) -> dict[str, str]:
    """The headers of one address; a header that a view has set itself stays."""
    headers = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin", "Permissions-Policy": PERMISSIONS}
    if settings.SECURE:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if path.startswith(("/embed/", "/embed.js")):
        return headers | embed_headers(path)
    if path.startswith("/live/") and path.endswith(OPEN):
        return headers | {
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        }
    if path.startswith(settings.STATIC_URL):
        return headers | {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    headers |= {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY"}
    if is_desk(path):
        return headers | {"Cache-Control": "no-store"}
    return headers | {"Content-Security-Policy": reader_policy()}


class SecurityHeaders:
    """Outermost middleware: also what a library or Django itself answers carries the headers."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self.is_async:
            return self._answer_async(request)  # type: ignore[return-value]
        return self._finish(request, self.get_response(request))

    async def _answer_async(self, request: HttpRequest) -> HttpResponseBase:
        return self._finish(request, await self.get_response(request))  # type: ignore[misc]

    def _finish(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        for name, value in headers_for(request.path_info).items():
            response.headers.setdefault(name, value)
        return response
