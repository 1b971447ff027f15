"""What happens without anyone asking: releases on the second, tasks, and forgetting what is past its time.

On the embedded default two threads of the server process do it; otherwise `manage.py worker` does, in as many processes as one likes.
"""

from __future__ import annotations

import logging
import math
import socket
import threading
import time
from pathlib import Path

from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from newsroom.actions.changes import prune
from newsroom.actions.releases import release_due
from newsroom.models import Image
from newsroom.tasks import settle_pictures

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
PRUNE_SECONDS = 600.0


class ReleaseTicker(threading.Thread):
    """Releases what is due, every second. A database that does not answer is tried again on the next tick.

    `pulse` is a file touched after each tick that the database answered: once it is some seconds old, nothing is being released.
    """

    def __init__(self, pulse: Path | None = None) -> None:
        super().__init__(name="release-ticker", daemon=True)
        self._stopping = threading.Event()
        self._pulse = pulse

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        pruned = -math.inf  # at the first tick too: what a crash left unfinished does not wait
        while not self._stopping.wait(TICK_SECONDS):
            try:
                release_due(now=timezone.now())
                if self._pulse:
                    self._pulse.touch()
                if time.monotonic() - pruned > PRUNE_SECONDS:
                    pruned = time.monotonic()
                    prune(now=timezone.now())
                    if Image.objects.filter(withheld=True).exists():
                        settle_pictures.enqueue()
            except DatabaseError as error:
                log.warning("Nothing could be released: %s. Trying again in a second.", error)
            except Exception:
                log.exception("The release ticker stumbled and goes on.")
            finally:
                close_old_connections()


class TaskThread(threading.Thread):
    """Runs queued tasks (a picture's AVIF renditions) one after another."""

    def __init__(self) -> None:
        super().__init__(name="task-worker", daemon=True)
        self._worker: Worker | None = None
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()
        if self._worker:
            self._worker.running = False

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._worker = task_worker()
                self._worker.run()
            except DatabaseError as error:
                log.warning("The task worker lost the database: %s. Starting again in a second.", error)
                self._stopping.wait(TICK_SECONDS)


def task_worker() -> Worker:
    return Worker(
        queue_names=["default"],
        interval=TICK_SECONDS,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{socket.gethostname()[:32]}-{threading.get_ident()}"[:64],
        excluded_queue_names=[],
    )


def start_threads() -> list[ReleaseTicker | TaskThread]:
    threads: list[ReleaseTicker | TaskThread] = [ReleaseTicker(), TaskThread()]
    for thread in threads:
        thread.start()
    return threads
