"""The ASGI application: ready bytes for public pages, Django for the rest of HTTP, the reader's socket for everything live."""

from __future__ import annotations

import gc
import os
from collections.abc import Coroutine
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from asgiref.sync import markcoroutinefunction  # noqa: E402 – Django is set up first

from liveblog.front.application import Front  # noqa: E402
from liveblog.wire.routing import sockets  # noqa: E402

front = Front(http)


def application(scope: dict[str, Any], receive: Any, send: Any) -> Coroutine[Any, Any, None]:
    """Hands on a coroutine instead of being one: see `liveblog.wire.routing`. Other protocols (lifespan) are not spoken."""
    if scope["type"] == "http":
        return front(scope, receive, send)
    if scope["type"] == "websocket":
        return sockets(scope, receive, send)
    raise ValueError(f"no application for {scope['type']}")


# Servers tell ASGI 3 from ASGI 2 by this.
markcoroutinefunction(application)

# What is imported by now lives as long as the process: keep the collector away from it (and CPython 3.11.7 from crashing at exit).
gc.freeze()
