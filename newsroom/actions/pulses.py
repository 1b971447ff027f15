"""What becomes of a task whose worker was killed: another one takes it up. Every task may be run twice, and says so by its result."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from newsroom.models import Pulse

log = logging.getLogger(__name__)

BEAT = timedelta(seconds=5)
# So many times over, a worker that is only slow would have been heard.
LOST_AFTER = timedelta(seconds=30)
# A task that ends its worker each time is not given to a fourth.
TRIES = 3


class WorkerLost(Exception):
    """The process that ran the task ended before the task did."""


def beat(*, worker: str, now: datetime) -> None:
    """The worker is there. Nothing is audited: it changes nothing that anybody sees."""
    Pulse.objects.update_or_create(worker=worker, defaults={"at": now})


def take_up_lost(*, now: datetime) -> int:
    """Puts the tasks of workers that are not heard of any more back into the queue; returns how many. Any number may call it at once."""
    there = set(Pulse.objects.filter(at__gt=now - LOST_AFTER).values_list("worker", flat=True))
    with transaction.atomic():
        running = DBTaskResult.objects.running().filter(started_at__lt=now - LOST_AFTER).select_for_update(skip_locked=True)
        lost = [task for task in running if not task.worker_ids or task.worker_ids[-1] not in there]
        for task in lost:
            if len(task.worker_ids) >= TRIES:
                log.error("Task %s ended its worker %s times and is given up.", task.task_path, len(task.worker_ids))
                task.set_failed(WorkerLost(f"{len(task.worker_ids)} workers ended while they ran it"))
                continue
            log.warning("Task %s goes back into the queue: its worker is gone.", task.task_path)
            task.status = "READY"
            task.started_at = None
            task.save(update_fields=["status", "started_at"])
        Pulse.objects.filter(at__lt=now - 10 * LOST_AFTER).delete()
    return len(lost)
