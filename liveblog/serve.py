"""The server process: the application of `liveblog.asgi` under daphne or uvicorn, and the embedded worker where there is no other."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from typing import Literal

from django.core.management.base import CommandError

log = logging.getLogger(__name__)

SERVERS = ("daphne", "uvicorn")
JOIN_SECONDS = 10.0
# How long a thread that computes may keep the interpreter from the event loop. Each write to a socket gives the interpreter away, so
# beside a busy view a fan-out waits up to this long at every reader: with Python's own 5 ms, a second for 200 of them.
SWITCH_SECONDS = 0.00002


def run(
    *,
    host: str,
    port: int,
    worker: bool,
    ready: Callable[[], None] = lambda: None,
    server: Literal["daphne", "uvicorn"] = "daphne",
    fd: int | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT, then drains. `ready` is called once the port listens; with `worker` this process releases and runs
    tasks too. `fd` is a listening socket to use instead of `host` and `port`. Raises `CommandError` where the port cannot be had.
    """
    from liveblog.server.limits import DEFAULT
    from liveblog.server.listening import listen

    try:
        listener = listen(host=host, port=port, fd=fd, limits=DEFAULT)
    except OSError as error:
        place = f"File descriptor {fd}" if fd is not None else f"{host}:{port}"
        # A name that is not found has a number of its own, below zero.
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise CommandError(f"{place} cannot be used: {reason}. Choose another port, or stop who holds it.") from error

    # Imported late: it takes two seconds, and daphne installs Twisted's reactor, which no other command wants.
    if server == "uvicorn":
        from liveblog.server.uvicorn import serve
    else:
        from liveblog.server.daphne import serve
    from liveblog.asgi import application
    from liveblog.wire import relay
    from liveblog.wire.capacity import make_room
    from liveblog.worker import start_threads

    make_room()
    sys.setswitchinterval(SWITCH_SECONDS)
    threads = start_threads() if worker else []
    try:
        cut = serve(application, listener, limits=DEFAULT, ready=ready, farewell=farewell, at_last=relay.stop)
    finally:
        for thread in threads:
            thread.stop()
        for thread in threads:
            thread.join(JOIN_SECONDS)
    if cut:
        log.error("%s requests were still running when the time to finish them was over.", cut)
        sys.stdout.flush()
        sys.stderr.flush()
        # Their threads would keep the process; what they do is a transaction and rolls back.
        os._exit(0)


async def farewell() -> None:
    """From here on this process is not ready, and its readers are told to come back to another."""
    from liveblog.ops.state import start_draining
    from liveblog.wire import drain

    start_draining()
    await drain.drain()
