"""What the log says while the database is away: a crowd that is told to come back is one line a second, not a traceback for each."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError

SERVICE_UNAVAILABLE = 503
SECONDS = 1.0
# What was left out before a longer silence was of another outage.
FORGOTTEN_AFTER = 60.0


class OnceASecond(logging.Filter):
    """Of answers 503, and of whatever has no status, one record a second for each kind of message and cause.

    It names the cause, and the next one says how many were left out. The traceback goes where the database could not be reached at all;
    what it refused by a code of its own (a deadlock, a lock's or a statement's limit) keeps it. All else passes as it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, type | None], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", SERVICE_UNAVAILABLE) != SERVICE_UNAVAILABLE:
            return True
        cause = record.exc_info[1] if record.exc_info else None
        if code_of(cause):
            return True
        kind = record.msg, type(cause) if cause else None
        at, left_out = self._said.get(kind, (0.0, 0))
        if record.created - at < SECONDS:
            self._said[kind] = at, left_out + 1
            return False
        self._said[kind] = record.created, 0
        words = [record.getMessage()]
        if isinstance(cause, (OperationalError, InterfaceError)):
            words.append(f"({type(cause).__name__}: {str(cause).partition(chr(10))[0]})")
            record.exc_info = record.exc_text = None
        if left_out and record.created - at < FORGOTTEN_AFTER:
            words.append(f"({left_out} more like it)")
        record.msg, record.args = " ".join(words), ()
        return True


def code_of(cause: BaseException | None) -> str:
    """PostgreSQL's code of an error that it has answered with; empty where it did not answer."""
    return getattr(getattr(cause, "__cause__", None), "sqlstate", None) or ""
