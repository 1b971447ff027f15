"""What the commands that read a file share."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from newsroom.importers.errors import ImportRefused


def actor_named(username: str) -> Any:
    """The user in whose name a command writes: the one named, or the first superuser. Raises `ImportRefused`."""
    users = get_user_model()._default_manager.filter(is_active=True)
    if username:
        user = users.filter(username=username).first()
        if user is None:
            raise ImportRefused(f"There is no active user “{username}”. Name another one with --as.")
        return user
    user = users.filter(is_superuser=True).order_by("pk").first()
    if user is None:
        raise ImportRefused("There is no superuser to write in whose name. Make one with createsuperuser, or name a user with --as.")
    return user
