"""The socket of an open desk. The page says nothing but that it is there; everything it does is a POST of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import Error as DatabaseError
from django.http.request import split_domain_port, validate_host

from newsroom.desk import feed
from newsroom.desk.feed import Viewer
from newsroom.desk.looking import Desk, Message
from newsroom.desk.room import NOT_ON_TEAM, SIGNED_OUT, current_rooms
from newsroom.desk.sessions import person_of
from newsroom.models import LiveBlog

Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
# How many readers a blog has now, by its slug; None where nobody here knows.
Readers = Callable[[str], int | None]

SERVER_ERROR = 4000
FOREIGN_PAGE = 4406
READERS_SECONDS = 2.0
BEAT_SECONDS = 20.0


async def desk_socket(slug: str, scope: Message, receive: Receive, send: Send, *, readers: Readers) -> None:
    """Follows one blog's desk until the page leaves, the session ends or its person leaves the team."""
    await receive()
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    # Accepted before it is refused, so that the page learns why.
    await send({"type": "websocket.accept"})
    if not own_page(headers):
        await send({"type": "websocket.close", "code": FOREIGN_PAGE})
        return
    key = session_key_in(headers.get("cookie", ""))
    try:
        code, viewer, counts = await database_sync_to_async(_admit, thread_sensitive=False)(key, slug)
    except DatabaseError:
        code, viewer, counts = SERVER_ERROR, None, {}
    if viewer is None:
        await send({"type": "websocket.close", "code": code})
        return
    closed = asyncio.Event()
    ended: list[int] = []

    async def tell(message: Message) -> None:
        if not closed.is_set():
            await send({"type": "websocket.send", "text": json.dumps(message, ensure_ascii=False)})

    async def close(code: int) -> None:
        ended.append(code)
        closed.set()

    desk = Desk(key, viewer, tell, close)
    rooms = current_rooms()
    await tell({"op": "hello", "user": viewer.user.pk, "counts": counts, "check": 10})
    room = rooms.join(desk)
    tasks = [asyncio.create_task(work) for work in (_until_gone(receive), closed.wait(), _count(tell, slug, readers))]
    try:
        await rooms.greet(room, desk)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        closed.set()
        await rooms.leave(desk)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if ended:
        await send({"type": "websocket.close", "code": ended[0]})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def _count(tell: Callable[[Message], Awaitable[None]], slug: str, readers: Readers) -> None:
    """Says how many readers there are when that changes, and that it is alive when nothing else was said for long."""
    said, rests = -1, 0.0
    while True:
        count = readers(slug)
        if count is not None and count != said:
            said, rests = count, 0.0
            await tell({"op": "readers", "count": count})
        elif rests >= BEAT_SECONDS:
            rests = 0.0
            await tell({"op": "beat"})
        await asyncio.sleep(READERS_SECONDS)
        rests += READERS_SECONDS


def _admit(session_key: str, slug: str) -> tuple[int, Viewer | None, dict[str, int]]:
    user = person_of(session_key)
    if user is None:
        return SIGNED_OUT, None, {}
    blog = LiveBlog.objects.filter(slug=slug).first()
    viewer = Viewer.of(user, blog) if blog else None
    # The same answer for a blog that one is not on and for one that does not exist.
    return (0, viewer, feed.counts(viewer)) if viewer and viewer.may_look else (NOT_ON_TEAM, None, {})


def own_page(headers: dict[str, str]) -> bool:
    """Whether the page that opens the socket is this site's own: same scheme, name and port, and a name that the site answers to."""
    host = headers.get("host", "")
    name, _port = split_domain_port(host)
    scheme = urlsplit(settings.SITE_URL).scheme
    return headers.get("origin") == f"{scheme}://{host}" and bool(name) and validate_host(name, settings.ALLOWED_HOSTS)


def session_key_in(cookie: str) -> str:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(cookie)
    except CookieError:
        return ""
    morsel = jar.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""
