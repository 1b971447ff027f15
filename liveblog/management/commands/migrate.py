from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections


class Command(DjangoMigrate):
    """Django's own, with as much time a statement as it takes.

    Building an index may run for minutes, and the seconds that guard the site (`liveblog.environment`, `liveblog.postgres`) would cut it.
    `lock_timeout` stays: a migration that does not get its table within two seconds is undone and run again by hand, instead
    of holding up every reader behind it.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        connection.connection.takes_its_time = True
        try:
            super().handle(*args, **options)
        finally:
            # `manage.py demo` goes on to serve with what the pool holds.
            if connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("RESET statement_timeout")
                connection.connection.takes_its_time = False
