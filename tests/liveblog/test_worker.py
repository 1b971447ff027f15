"""Releases and tasks beside each other: several workers at once, and one that is killed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from liveblog.worker import ReleaseTicker, task_worker
from newsroom.actions import media
from newsroom.actions.drafts import schedule_entry
from newsroom.actions.pulses import LOST_AFTER, TRIES, beat, take_up_lost
from newsroom.actions.releases import release_due
from newsroom.models import Change, Entry, EntryRevision, Image
from newsroom.tasks import add_avif
from tests import factories
from tests.factories import at
from tests.newsroom import pictures

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 3


def at_once(work: Callable[[], Any]) -> list[Any]:
    """What as many threads as there are workers answer, each with a connection and transactions of its own, started together."""
    ready = Barrier(WORKERS)

    def one(_: int) -> Any:
        try:
            connection.ensure_connection()
            ready.wait(10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(one, range(WORKERS)))


def test_workers_that_release_at_once_release_each_entry_once_and_in_order() -> None:
    blogs = [factories.blog(), factories.blog()]
    for number in range(16):
        blog = blogs[number % 2]
        draft = factories.draft(blog, f"Number {number}")
        schedule_entry(actor=factories.chief_of(blog), entry=draft, base_version=1, at=at(5 + number), now=at(1))
    # A worker that finds an entry taken passes it over, and looks again a second later.
    released = [entry.pk for _ in range(2) for found in at_once(lambda: release_due(now=at(60))) for entry in found]
    assert sorted(released) == sorted(Entry.objects.values_list("pk", flat=True))
    assert set(Entry.objects.values_list("status", "rev")) == {("published", 1)}
    assert EntryRevision.objects.count() == 16
    for blog in blogs:
        assert list(Change.objects.filter(blog=blog).order_by("seq").values_list("seq", flat=True)) == list(range(1, 9))


def test_what_became_due_while_no_worker_ran_is_released_at_the_first_tick() -> None:
    blog = factories.blog()
    now = timezone.now()
    schedule_entry(actor=factories.chief_of(blog), entry=factories.draft(blog), base_version=1, at=at(5), now=at(1))
    ticker = ReleaseTicker()
    # Stopped before it starts: it ticks once.
    ticker.stop()
    ticker.start()
    ticker.join(10)
    entry = Entry.objects.get()
    assert (entry.status, now <= entry.published_at <= timezone.now()) == ("published", True)


@pytest.fixture
def queue(settings: Any) -> Iterator[None]:
    """The queue of the product, instead of the tests' own that runs a task where it is put in."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    yield
    DBTaskResult.objects.all().delete()


def work_off(name: str) -> None:
    worker = task_worker(name)
    worker.batch = True
    worker.run()


def types(image: Image) -> set[str]:
    image.refresh_from_db()
    return {row["type"] for row in image.renditions}


@pytest.mark.usefixtures("queue")
def test_the_task_of_a_killed_worker_is_taken_up_by_another_and_that_of_a_living_one_is_not() -> None:
    blog, now = factories.blog(), timezone.now()
    upload = io.BytesIO(pictures.jpeg(40, 30))
    image = media.upload_image(actor=factories.chief_of(blog), blog=blog, file=upload, now=at(0), alt="A tug")
    task = DBTaskResult.objects.get()
    task.claim("killed")
    work_off("another")
    assert "image/avif" not in types(image)

    beat(worker="killed", now=now + LOST_AFTER)
    assert take_up_lost(now=now + LOST_AFTER + timedelta(seconds=1)) == 0
    later = now + 2 * LOST_AFTER + timedelta(seconds=1)
    assert sum(at_once(lambda: take_up_lost(now=later))) == 1
    work_off("another")
    assert "image/avif" in types(image)
    task.refresh_from_db()
    assert (task.status, task.worker_ids) == ("SUCCESSFUL", ["killed", "another"])


@pytest.mark.usefixtures("queue")
def test_a_task_that_ends_every_worker_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    now = timezone.now()
    add_avif.enqueue(1)
    for number in range(TRIES):
        DBTaskResult.objects.get().claim(f"killed {number}")
        assert take_up_lost(now=now + LOST_AFTER + timedelta(seconds=1)) == 1
    task = DBTaskResult.objects.get()
    assert (task.status, "given up" in caplog.text) == ("FAILED", True)
    assert take_up_lost(now=now + 9 * LOST_AFTER) == 0
