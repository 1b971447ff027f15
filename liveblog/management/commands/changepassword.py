from __future__ import annotations

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import timezone

from newsroom.actions.accounts import set_password
from newsroom.management.account_command import AccountCommand

TRIES = 3


class Command(AccountCommand):
    """In place of Django's, which leaves no line of the audit."""

    help = "Asks for a new password for an account, signs it out everywhere, and leaves a line of the audit."

    def done_to(self, user: Any) -> str:
        set_password(user=user, password=self._asked_for(user), now=timezone.now())
        return "the password is changed, signed out everywhere."

    def _asked_for(self, user: Any) -> str:
        for _try in range(TRIES):
            password = getpass.getpass(f"New password for {user}: ")
            if password != getpass.getpass("The same again: "):
                self.stderr.write("The two are not the same.")
                continue
            try:
                validate_password(password, user)
            except ValidationError as refusal:
                self.stderr.write("\n".join(refusal.messages))
                continue
            return password
        raise CommandError(f"{user}: the password is as it was.")
