"""What the log says while the database is away: a crowd that is told to come back is one line a second, not a traceback for each."""

from __future__ import annotations

import logging

SERVICE_UNAVAILABLE = 503
SECONDS = 1.0


class OnceASecond(logging.Filter):
    """Of answers 503, and of whatever has no status, one record a second for each kind of message, without its traceback.

    The next one says how many were left out. Everything else passes as it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", SERVICE_UNAVAILABLE) != SERVICE_UNAVAILABLE:
            return True
        kind = record.msg
        at, left_out = self._said.get(kind, (0.0, 0))
        if record.created - at < SECONDS:
            self._said[kind] = at, left_out + 1
            return False
        self._said[kind] = record.created, 0
        record.exc_info = record.exc_text = None
        if left_out:
            record.msg, record.args = f"{record.getMessage()} ({left_out} more like it)", ()
        return True
