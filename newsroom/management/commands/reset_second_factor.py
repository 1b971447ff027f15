from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from newsroom.actions.accounts import reset_second_factor


class Command(BaseCommand):
    help = "Takes the authenticator app, passkeys and recovery codes off an account whose owner has lost them, and signs it out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = get_user_model().objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account “{options['username']}”.")
        removed = reset_second_factor(user=user, now=timezone.now())
        self.stdout.write(f"{user}: {removed} removed, signed out everywhere. The next sign-in asks for the password alone.")
