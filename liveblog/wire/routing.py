from __future__ import annotations

from channels.routing import URLRouter
from django.urls import path, re_path

from liveblog.wire.consumer import no_such_socket, reader_socket

sockets = URLRouter(
    [
        path("ws/live/<slug:slug>/", reader_socket),  # type: ignore[arg-type, list-item]
        re_path(r"", no_such_socket),  # type: ignore[arg-type, list-item]
    ]
)
