"""The listening socket."""

from __future__ import annotations

import socket

from liveblog.server.limits import Limits


def listen(*, host: str, port: int, fd: int | None, limits: Limits) -> socket.socket:
    """A socket that listens on `host:port`, or the one a supervisor passed as file descriptor `fd`. Raises `OSError`.

    Connections inherit its TCP_USER_TIMEOUT, so a peer that has vanished is cut by the kernel however much is still unsent.
    """
    if fd is not None:
        listener = socket.socket(fileno=fd)
        listener.listen(limits.backlog)
    else:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address[:2], family=family, backlog=limits.backlog)
    listener.setblocking(False)
    # Linux has it; elsewhere the pings alone find out.
    if hasattr(socket, "TCP_USER_TIMEOUT") and listener.family in {socket.AF_INET, socket.AF_INET6}:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(limits.stuck_seconds * 1000))
    return listener
