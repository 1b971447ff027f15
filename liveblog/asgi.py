"""The ASGI application: ready bytes for public pages, Django for the rest of HTTP, the reader's socket for everything live."""

from __future__ import annotations

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402 – Django is set up first

from liveblog.front.application import Front  # noqa: E402
from liveblog.wire.routing import sockets  # noqa: E402

application = ProtocolTypeRouter({"http": Front(http), "websocket": sockets})

# What is imported by now lives as long as the process: keep the collector away from it (and CPython 3.11.7 from crashing at exit).
gc.freeze()
