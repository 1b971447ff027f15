"""How many readers' sockets this process holds at once. Beyond it a page polls, before memory or descriptors end for everyone."""

from __future__ import annotations

import logging
import math
import resource
import time

from django.conf import settings

log = logging.getLogger(__name__)

TELL_AGAIN_SECONDS = 60.0
# Left of a process's open files for pages, desks, the database and what it reads: readers' sockets take the rest at most.
OTHER_FILES = 256
# A limit that leaves nearly all is none that an operator has to hear of.
NEARLY = 0.9


def room() -> int:
    """MAX_SOCKETS, or fewer where this process may not open so many files."""
    files, _most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return settings.MAX_SOCKETS
    return min(settings.MAX_SOCKETS, max(files - OTHER_FILES, 1))


def make_room() -> None:
    """Raises this process's limit of open files as far as it may, and says where that is not far enough."""
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files != most:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        except (OSError, ValueError) as error:
            # Some systems name a limit that they do not grant.
            log.warning("The limit of open files stays at %s: %s.", files, error)
    if room() < settings.MAX_SOCKETS * NEARLY:
        log.warning(
            "MAX_SOCKETS is %s, and the limit of open files leaves %s: who comes then polls. Raise the limit (LimitNOFILE, ulimits).",
            settings.MAX_SOCKETS,
            room(),
        )


class Capacity:
    """A number a process, and nothing a reader. The desks' sockets are few and not counted: no crowd keeps an editor out."""

    def __init__(self) -> None:
        self.taken = 0
        self._told_at = -math.inf

    def take(self) -> bool:
        """Whether there is room for one more; who was given it gives it back by `release`."""
        if self.taken < room():
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
