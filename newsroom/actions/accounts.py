"""What happens to an account: a line of the audit that belongs to no blog. Instance admins see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from newsroom.actions.audit import record
from newsroom.permissions import OPERATOR


def note_account(*, user: Any, verb: str, now: datetime) -> None:
    """A sign-in, a sign-out, a new password, a second factor that came or went."""
    record(actor=user, verb=verb, now=now, subject=user.get_username())


def end_sessions(*, user: Any, keep: str | None, only: int | None, now: datetime) -> int:
    """Ends the user's own sessions: the one with the key `only`, or all but the one whose session key is `keep`. How many it were.

    An open desk of an ended one closes within ten seconds.
    """
    with transaction.atomic():
        rows = [row for row in UserSession.objects.filter(user=user, **({"pk": only} if only else {})) if row.session_key != keep]
        for row in rows:
            row.end()
        if rows:
            record(actor=user, verb="end_sessions", now=now, subject=user.get_username(), after={"sessions": len(rows)})
    return len(rows)


def reset_second_factor(*, user: Any, now: datetime) -> int:
    """Takes every second factor off an account and ends its sessions: for who has lost the device. How many factors it were."""
    with transaction.atomic():
        removed = Authenticator.objects.filter(user=user).delete()[0]
        for row in UserSession.objects.filter(user=user):
            row.end()
        record(actor=OPERATOR, verb="reset_second_factor", now=now, subject=user.get_username(), after={"factors": removed})
    return removed
