from __future__ import annotations

import json
import os

from django.apps import AppConfig


class Faults(AppConfig):
    """Puts the fail-points of `FAULT_POINTS` (JSON) and the defects of `SEEDED_BUG` into the product before it serves."""

    name = "tests.faults.site"
    label = "faults"

    def ready(self) -> None:
        from tests.faults.site import bugs, points

        points.install()
        points.turn(**json.loads(os.environ.get("FAULT_POINTS", "{}")))
        points.set_clock(float(os.environ.get("FAULT_CLOCK", "0")))
        bugs.plant(os.environ.get("SEEDED_BUG", ""))
