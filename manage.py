#!/usr/bin/env python
from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.INSTALLED_APPS  # noqa: B018 – reads the environment now, so that a wrong one ends in a sentence
    except ImproperlyConfigured as error:
        sys.exit(f"This site is not set up right. {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
