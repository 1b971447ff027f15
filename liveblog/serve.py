"""The server process: daphne with the application of `liveblog.asgi`, and the embedded worker where there is no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

PING_SECONDS = 15
PING_TIMEOUT_SECONDS = 20


def own_root(application: Any) -> Callable[..., Any]:
    """daphne lets any client name the path the site is mounted at (`Daphne-Root-Path`); ours is mounted at the root."""

    async def mounted(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await application({**scope, "root_path": ""}, receive, send)

    return mounted


def run(*, host: str, port: int, worker: bool, ready: Callable[[], None] = lambda: None) -> None:
    """Serves until SIGTERM or SIGINT. `ready` is called once the port listens; with `worker` this process releases and runs tasks too."""
    # Imported late: it takes two seconds and installs Twisted's reactor, which no other command wants.
    from daphne.endpoints import build_endpoint_description_strings
    from daphne.server import Server

    from liveblog.asgi import application
    from liveblog.worker import start_threads

    threads = start_threads() if worker else []
    server = Server(
        application=own_root(application),
        endpoints=build_endpoint_description_strings(host=host, port=port),
        signal_handlers=True,
        ping_interval=PING_SECONDS,
        ping_timeout=PING_TIMEOUT_SECONDS,
        websocket_timeout=-1,
        server_name="liveblog",
        ready_callable=ready,
    )
    try:
        server.run()
    finally:
        for thread in threads:
            thread.stop()
