from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser


class AccountCommand(ABC, BaseCommand):
    """A command that does one thing to one account, named on its line."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: Any) -> None:
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account “{username}”.")
        self.stdout.write(f"{user}: {self.done_to(user)}")

    @abstractmethod
    def done_to(self, user: Any) -> str:
        """Does it, and says what has been done. Raises `CommandError` where nothing was."""
