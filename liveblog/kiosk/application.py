"""The ASGI application that stands before Django."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import OperationalError
from django.http.request import split_domain_port, validate_host

from liveblog.kiosk.catchups import CatchUps
from liveblog.kiosk.ready import Answer, Headers, Ready, made_ready
from liveblog.kiosk.routes import Cursor, Route, route_of
from liveblog.kiosk.shelf import Shelf, State
from liveblog.ops.errors import told_of
from liveblog.wire import relay
from liveblog.wire.catchup import STRETCH
from liveblog.wire.feed import Feed

log = logging.getLogger(__name__)

# Of the pages that there can be any number of, as many are made at once, and as many wait. Each takes a thread and a connection to the
# database, which the desk, the hub and the blogs' own pages want too.
MANY_AT_ONCE = 4
MANY_WAITING = 200
MANY_SECONDS = 5.0

TOO_MANY = "more pages are asked for than can be made"

Application = Callable[[dict[str, Any], Any, Any], Any]


class Kiosk:
    """Answers GET and HEAD of public addresses from the shelf and passes everything else on to `django`.

    Reads no cookie and no header but Host, Accept-Encoding and If-None-Match, and with SSL_REDIRECT the one that says how the request came
    to the proxy. Where the database is gone it answers with the last bytes it has: a reader gets a staler page instead of an error, and
    never one from before a withdrawal.
    """

    def __init__(self, django: Application) -> None:
        self._django = django
        self._shelf = Shelf()
        self._catch_ups = CatchUps()
        self._rendering: dict[tuple[Route, State], asyncio.Task[Ready]] = {}
        self._good_hosts: set[bytes] = set()
        self._many = asyncio.Semaphore(MANY_AT_ONCE)
        self._many_asked = 0

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        ready = None
        try:
            ready = await self._find(route) if (route := self._route(scope)) else None
        except DatabaseError as error:
            # Nobody here has an eye on the blog, so what there is of it may be from before a withdrawal.
            log.warning("%s is not served: %s.", scope["path"], error)
            scope = {**scope, "extensions": {**scope.get("extensions", {}), **told_of(error)}}
        if ready is None:
            await self._django(scope, receive, send)
            return
        status, headers, body = _answer(ready, scope)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def at_once(self, scope: dict[str, Any]) -> Answer | None:
        """Status, headers and body where they are at hand and true: for a server that can write them without running an application.

        None: call the kiosk. Never waits; on the event loop's thread only.
        """
        route = self._route(scope)
        feed = relay.start().known(route.slug) if route else None
        ready = self._shelf.get(route, feed.heard) if route and feed else None
        return _answer(ready, scope) if ready else None

    def _route(self, scope: dict[str, Any]) -> Route | None:
        if scope["method"] not in {"GET", "HEAD"}:
            return None
        if settings.SECURE and settings.SECURE_SSL_REDIRECT and not came_over_tls(scope):
            return None
        if not self._is_our_host(next((value for name, value in scope["headers"] if name == b"host"), b"")):
            return None
        return route_of(scope["path"], scope.get("query_string", b"").decode("latin-1"))

    def _is_our_host(self, host: bytes) -> bool:
        """As Django judges it. What was good stays good, so a name is judged once."""
        if host in self._good_hosts:
            return True
        domain, _ = split_domain_port(host.decode("latin-1"))
        if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
            return False
        if len(self._good_hosts) < 1000:
            self._good_hosts.add(host)
        return True

    async def _find(self, route: Route) -> Ready | None:
        """The answer's bytes, rendered now if nobody has yet. None: let Django answer (a blog that is absent).

        Raises `DatabaseError` where it does not say whether there is such a blog.
        """
        hub = relay.start()
        feed = hub.known(route.slug) or await hub.feed_of(route.slug)
        if feed is None:
            return None
        return self._shelf.get(route, feed.heard) or await self._render_once(route, feed)

    async def _render_once(self, route: Route, feed: Feed) -> Ready:
        """However many ask at once for the same state of the same thing, one of them renders it."""
        state = feed.heard
        task = self._rendering.get((route, state))
        if task is None:
            task = asyncio.create_task(self._render(route, feed))
            self._rendering[route, state] = task
            task.add_done_callback(partial(self._rendered, (route, state)))
        # Shielded: the one who asked first may leave, and the others still want it.
        try:
            ready = await asyncio.shield(task)
        except OperationalError:
            if stale := self._stale(route, feed):
                return stale
            raise
        return (self._stale(route, feed) if ready.status == 503 else None) or ready

    def _rendered(self, what: tuple[Route, State], task: asyncio.Task[Ready]) -> None:
        self._rendering.pop(what, None)
        if not task.cancelled():
            # Whoever still waits is told of it; where all have left it is nobody's.
            task.exception()

    def _stale(self, route: Route, feed: Feed) -> Ready | None:
        """The last bytes of a page, for as long as the database is away and nothing was withdrawn since that this process has heard of.

        A catch-up is told to come back instead: what it says must be true now.
        """
        found = self._shelf.latest(route) if route.is_page else None
        return found[1] if found and feed.withdrew_nothing_since(found[0]) else None

    async def _render(self, route: Route, feed: Feed) -> Ready:
        if not route.is_one_of_many:
            return await self._make(route, feed)
        if self._many_asked >= MANY_WAITING:
            raise OperationalError(TOO_MANY)
        self._many_asked += 1
        try:
            async with asyncio.timeout(MANY_SECONDS):
                await self._many.acquire()
        except TimeoutError:
            raise OperationalError(TOO_MANY) from None
        finally:
            self._many_asked -= 1
        try:
            # Somebody before may have had the same made.
            return self._shelf.get(route, feed.heard) or await self._make(route, feed)
        finally:
            self._many.release()

    async def _make(self, route: Route, feed: Feed) -> Ready:
        state = feed.heard
        given: dict[str, Any] = {}
        if route.cursor:
            given = await self._stretch(feed, route.cursor)
        status, headers, body = await ask(self._django, route.path, route.query, given)
        ready = await asyncio.to_thread(made_ready, status, headers, body)
        if status == 200:
            self._shelf.put(route, state, ready)
        return ready

    async def _stretch(self, feed: Feed, cursor: Cursor) -> dict[str, Any]:
        """What the scope of a catch-up tells Django, which makes an answer of it, of an error too."""
        try:
            return {
                STRETCH: await self._catch_ups.stretch(feed, after=cursor.after, epoch=cursor.epoch, token=cursor.token, want=cursor.want)
            }
        except DatabaseError as error:
            log.warning("The database does not answer (%s): catch-ups of %s are told to come back.", error, feed.slug)
            return told_of(error)


def _answer(ready: Ready, scope: dict[str, Any]) -> Answer:
    asked = dict(scope["headers"])
    accepts, none_match = asked.get(b"accept-encoding", b""), asked.get(b"if-none-match", b"")
    return ready.answer(accepts=accepts, none_match=none_match, head=scope["method"] == "HEAD")


def came_over_tls(scope: dict[str, Any]) -> bool:
    """As Django judges it: by the first word of the proxy's header, where SECURE_PROXY_SSL_HEADER trusts one and it was sent."""
    if settings.SECURE_PROXY_SSL_HEADER:
        trusted, secure = settings.SECURE_PROXY_SSL_HEADER
        wanted = trusted.removeprefix("HTTP_").replace("_", "-").lower().encode()
        for name, value in scope["headers"]:
            if name == wanted:
                return bool(value.split(b",", 1)[0].strip() == secure.encode())
    return bool(scope.get("scheme") == "https")


async def ask(application: Application, path: str, query: str, extensions: dict[str, Any]) -> tuple[int, Headers, bytes]:
    """What the application answers to a GET of this address, asked without a cookie, a language or an encoding.

    `extensions` are those of the request's scope.
    """
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https" if settings.SECURE else "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", settings.SITE_URL.split("//", 1)[1].encode())],
        "client": None,
        "server": None,
        "extensions": extensions,
    }
    status, headers, parts = 500, [], []
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if asked:
            # Nobody hangs up: this waits until the application is done and its listener is cancelled.
            await asyncio.Event().wait()
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], list(message["headers"])
        else:
            parts.append(message.get("body", b""))

    await application(scope, receive, send)
    return status, headers, b"".join(parts)
