"""Which socket a path opens.

A plain function that hands on a coroutine: a router that is one itself (as Channels' is) would keep its frame and two copies of the scope
for every reader as long as the page is open.
"""

from __future__ import annotations

import re
from collections.abc import Coroutine
from typing import Any

from liveblog.wire.consumer import Receive, no_such_socket, reader_socket
from liveblog.wire.reader import Send
from liveblog.wire.writer import EXTENSION
from newsroom.refs import SLUG

_LIVE = re.compile(rf"/ws/live/({SLUG})/")


def sockets(scope: dict[str, Any], receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
    match = _LIVE.fullmatch(scope["path"])
    if match is None:
        return no_such_socket(receive, send)
    return reader_socket(match[1], (scope.get("extensions") or {}).get(EXTENSION), receive, send)
