"""The shelf: ready answers by what they show, the least recently asked for given up first."""

from __future__ import annotations

from collections import OrderedDict

from liveblog.kiosk.ready import Ready
from liveblog.kiosk.routes import Route
from liveblog.wire.feed import Heard

MAX_BYTES = 64 * 1024 * 1024

# What the hub had heard of when the answer was asked for: it shows that, or more.
State = Heard


class Shelf:
    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.bytes = 0
        self._max = max_bytes
        self._kept: OrderedDict[Route, tuple[State, Ready]] = OrderedDict()

    def get(self, route: Route, state: State) -> Ready | None:
        """The answer, if it shows `state`."""
        found = self.latest(route)
        return found[1] if found and found[0] == state else None

    def latest(self, route: Route) -> tuple[State, Ready] | None:
        """The latest answer there is, of any age, and what it shows."""
        found = self._kept.get(route)
        if found:
            self._kept.move_to_end(route)
        return found

    def put(self, route: Route, state: State, ready: Ready) -> None:
        self._drop(route)
        self._kept[route] = (state, ready)
        self.bytes += ready.size
        while self.bytes > self._max and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))

    def _drop(self, route: Route) -> None:
        found = self._kept.pop(route, None)
        if found:
            self.bytes -= found[1].size
