from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from liveblog.worker import ReleaseTicker, TaskThread, start_threads


class Command(BaseCommand):
    help = "Releases scheduled entries on the second and runs tasks. Run one or more beside the server processes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pulse", type=Path, default=None, help="A file to touch each second in which releases were possible.")

    def handle(self, *args: Any, **options: Any) -> None:
        threads: list[ReleaseTicker | TaskThread] = []

        def stop(signum: int, frame: FrameType | None) -> None:
            for thread in threads:
                thread.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        threads += start_threads(options["pulse"])
        self.stdout.write("Worker started.")
        for thread in threads:
            thread.join()
