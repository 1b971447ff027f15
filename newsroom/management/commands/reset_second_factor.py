from __future__ import annotations

from typing import Any

from django.utils import timezone

from newsroom.actions.accounts import reset_second_factor
from newsroom.management.account_command import AccountCommand


class Command(AccountCommand):
    help = "Takes the authenticator app, passkeys and recovery codes off an account whose owner has lost them, and signs it out."

    def done_to(self, user: Any) -> str:
        removed = reset_second_factor(user=user, now=timezone.now())
        return f"{removed} removed, signed out everywhere. The next sign-in asks for the password alone."
