"""The ASGI application: ready bytes for public pages, Django for the rest of HTTP, the readers' socket and the desk's."""

from __future__ import annotations

import contextlib
import gc
import os
import re
from collections.abc import Coroutine
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from asgiref.sync import markcoroutinefunction  # noqa: E402 – Django is set up first
from django.db import Error as DatabaseError  # noqa: E402

from liveblog.crowd import note_crowds  # noqa: E402
from liveblog.kiosk.application import Kiosk  # noqa: E402
from liveblog.wire import relay  # noqa: E402
from liveblog.wire.hub import current_hub  # noqa: E402
from liveblog.wire.routing import sockets  # noqa: E402
from newsroom.desk.socket import desk_socket  # noqa: E402
from newsroom.refs import SLUG  # noqa: E402

kiosk = Kiosk(http)
relay.run_beside(note_crowds)

_DESK = re.compile(rf"/ws/desk/({SLUG})/")


def readers_of(slug: str) -> int | None:
    """How many pages of the blog are open, as this process's hub knows it."""
    hub = current_hub()
    feed = hub.known(slug)
    return hub.presence.total(feed) if feed else None


async def desk(slug: str, scope: dict[str, Any], receive: Any, send: Any) -> None:
    # The one place where both sides are joined: what actions announce is heard on the server's own loop.
    hub = relay.start()
    with contextlib.suppress(DatabaseError):
        await hub.feed_of(slug)
    await desk_socket(slug, scope, receive, send, readers=readers_of)


def application(scope: dict[str, Any], receive: Any, send: Any) -> Coroutine[Any, Any, None]:
    """Hands on a coroutine instead of being one: see `liveblog.wire.routing`. Other protocols (lifespan) are not spoken."""
    if scope["type"] == "http":
        return kiosk(scope, receive, send)
    if scope["type"] == "websocket":
        if match := _DESK.fullmatch(scope["path"]):
            return desk(match[1], scope, receive, send)
        return sockets(scope, receive, send)
    raise ValueError(f"no application for {scope['type']}")


# A server of ours asks this first (liveblog.server.uvicorn): most requests are for a page that is ready.
application.at_once = kiosk.at_once  # type: ignore[attr-defined]
# Servers tell ASGI 3 from ASGI 2 by this.
markcoroutinefunction(application)

# What is imported by now lives as long as the process: keep the collector away from it (and CPython 3.11.7 from crashing at exit).
gc.freeze()
