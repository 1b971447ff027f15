#!/usr/bin/env python
from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
    try:
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import OperationalError, ProgrammingError
    except ImportError as error:
        sys.exit(f"{error.name} is not installed for this Python. Run `make install` once, then .venv/bin/python manage.py …")

    try:
        settings.INSTALLED_APPS  # noqa: B018 – reads the environment now, so that a wrong one ends in a sentence
    except ImproperlyConfigured as error:
        sys.exit(f"This site is not set up right. {error}")
    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, ProgrammingError) as error:
        if settings.DEBUG:
            raise
        reason = str(error).strip().splitlines()[0]
        sys.exit(f"The database cannot be used: {reason}. Is DATABASE_URL right, does it answer, and was `manage.py migrate` run?")


if __name__ == "__main__":
    main()
