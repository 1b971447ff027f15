"""What happens to an account: a line of the audit that belongs to no blog. Instance admins see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.db import transaction

from newsroom.actions.audit import Facts, difference, record
from newsroom.permissions import OPERATOR


def note_account(*, user: Any, verb: str, now: datetime) -> None:
    """A sign-in, a sign-out, a new password, a second factor that came or went."""
    record(actor=user, verb=verb, now=now, subject=user.get_username())


class _Somebody:
    """Who tried and was not let in: nobody knows whom."""

    pk = None

    def __str__(self) -> str:
        return "somebody"


def note_refusal(*, name: str, verb: str, address: str, now: datetime) -> None:
    """A wrong password or code. Of a name that no account has nothing is kept: it may be a password in the wrong field."""
    known = get_user_model()._default_manager.filter(username=name).exists()
    record(actor=_Somebody(), verb=verb, now=now, subject=name if known else "", after={"address": address})


def account_facts(user: Any) -> dict[str, Any]:
    """What of an account decides who may do what."""
    facts: dict[str, Any] = {name: getattr(user, name) for name in ("username", "is_active", "is_staff", "is_superuser")}
    facts["groups"] = sorted(user.groups.values_list("name", flat=True))
    facts["user_permissions"] = sorted(user.user_permissions.values_list("codename", flat=True))
    return facts


def note_account_change(*, actor: Any, user: Any, verb: str, before: Facts | None, now: datetime) -> None:
    """An account that somebody made or changed. `before` of None: what changed is not told, as with a password."""
    was, became = difference(before, account_facts(user)) if before is not None else ({}, {})
    if was or became or before is None:
        record(actor=actor, verb=verb, now=now, subject=user.get_username(), before=was, after=became)


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


def set_password(*, user: Any, password: str, now: datetime) -> None:
    """A new password from the server's command line, for who has lost theirs. Every session of the account ends, and open desks close
    within ten seconds.
    """
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        rows = list(UserSession.objects.filter(user=user))
        for row in rows:
            row.end()
        record(actor=OPERATOR, verb="set_password", now=now, subject=user.get_username(), after={"sessions": len(rows)})


def reset_second_factor(*, user: Any, now: datetime) -> int:
    """Takes every second factor off an account and ends its sessions: for who has lost the device. How many factors it were."""
    with transaction.atomic():
        removed = Authenticator.objects.filter(user=user).delete()[0]
        for row in UserSession.objects.filter(user=user):
            row.end()
        record(actor=OPERATOR, verb="reset_second_factor", now=now, subject=user.get_username(), after={"factors": removed})
    return removed
