"""What happens without anyone asking: releases on the second, tasks, and forgetting what is past its time.

On the embedded default two threads of the server process do it; otherwise `manage.py worker` does, in as many processes as one likes.
Each says every few seconds that it is there; the tasks of one that says so no longer are taken up by the others.
"""

from __future__ import annotations

import logging
import math
import secrets
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from newsroom.actions.pruning import prune
from newsroom.actions.pulses import BEAT, beat, take_up_lost
from newsroom.actions.releases import release_due
from newsroom.models import Image
from newsroom.tasks import settle_pictures

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
PRUNE_SECONDS = 600.0


class ReleaseTicker(threading.Thread):
    """Releases what is due, at once and then every second. A database that does not answer is tried again on the next tick.

    `pulse` is a file touched after each tick that the database answered: once it is some seconds old, nothing is being released.
    `worker` says under which name this process runs tasks, so that they are left to it while it lives.
    """

    def __init__(self, pulse: Path | None = None, worker: Callable[[], str] = str) -> None:
        super().__init__(name="release-ticker", daemon=True)
        self._stopping = threading.Event()
        self._pulse = pulse
        self._worker = worker

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        # At the first tick too: what a crash left unfinished does not wait.
        pruned = beaten = -math.inf
        while True:
            try:
                release_due(now=timezone.now())
                if self._pulse:
                    self._pulse.touch()
                if time.monotonic() - beaten > BEAT.total_seconds():
                    beaten = time.monotonic()
                    if worker := self._worker():
                        beat(worker=worker, now=timezone.now())
                    take_up_lost(now=timezone.now())
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
            if self._stopping.wait(TICK_SECONDS):
                return


class TaskThread(threading.Thread):
    """Runs queued tasks (a picture's AVIF renditions) one after another, under a name that is new with each start."""

    def __init__(self) -> None:
        super().__init__(name="task-worker", daemon=True)
        self.worker_name = ""
        self._worker: Worker | None = None
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()
        if self._worker:
            self._worker.running = False

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.worker_name = f"{socket.gethostname()[:40]}-{secrets.token_hex(8)}"
                self._worker = task_worker(self.worker_name)
                self._worker.run()
            except DatabaseError as error:
                log.warning("The task worker lost the database: %s. Starting again in a second.", error)
                self._stopping.wait(TICK_SECONDS)


def task_worker(name: str) -> Worker:
    return Worker(
        queue_names=["default"],
        interval=TICK_SECONDS,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )


def start_threads(pulse: Path | None = None) -> list[ReleaseTicker | TaskThread]:
    tasks = TaskThread()
    threads: list[ReleaseTicker | TaskThread] = [ReleaseTicker(pulse, worker=lambda: tasks.worker_name), tasks]
    for thread in threads:
        thread.start()
    return threads
