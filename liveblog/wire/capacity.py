"""How many readers' sockets this process holds at once. Beyond it a page polls, before memory or descriptors end for everyone."""

from __future__ import annotations

import logging
import math
import time

from django.conf import settings

log = logging.getLogger(__name__)

TELL_AGAIN_SECONDS = 60.0


class Capacity:
    """A number a process, and nothing a reader. The desks' sockets are few and not counted: no crowd keeps an editor out."""

    def __init__(self) -> None:
        self.taken = 0
        self._told_at = -math.inf

    def take(self) -> bool:
        """Whether there is room for one more; who was given it gives it back by `release`."""
        if self.taken < settings.MAX_SOCKETS:
            self.taken += 1
            return True
        now = time.monotonic()
        if now - self._told_at > TELL_AGAIN_SECONDS:
            self._told_at = now
            log.warning(
                "All %s sockets of this process are taken; who comes now polls. Start more processes, or raise MAX_SOCKETS.", self.taken
            )
        return False

    def release(self) -> None:
        self.taken -= 1
