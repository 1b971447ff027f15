from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from newsroom.demo.seed import seed


class Command(BaseCommand):
    help = "Makes the demo's users and blogs where they are missing. The visit is replayed as if it happened today."

    def handle(self, **options: Any) -> None:
        seeded = seed(timezone.now())
        if not seeded.fresh:
            self.stdout.write(f"The demo is here already: /live/{seeded.slug}/. Nothing was changed.")
            return
        self.stdout.write(
            f"The demo is ready: /live/{seeded.slug}/. Sign in as editor, contributor or admin with the password {seeded.password}"
        )
