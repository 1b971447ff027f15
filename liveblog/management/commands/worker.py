from __future__ import annotations

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from liveblog.worker import ReleaseTicker, TaskThread


class Command(BaseCommand):
    help = "Releases scheduled entries on the second and runs tasks. Run one or more beside the server processes."

    def handle(self, *args: Any, **options: Any) -> None:
        threads: list[ReleaseTicker | TaskThread] = [ReleaseTicker(), TaskThread()]

        def stop(signum: int, frame: FrameType | None) -> None:
            for thread in threads:
                thread.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        for thread in threads:
            thread.start()
        self.stdout.write("Worker started.")
        for thread in threads:
            thread.join()
