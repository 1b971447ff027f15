"""How many read is noted minute by minute, with no desk open, by one process for all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections
from django.db.utils import OperationalError
from django.utils import timezone

from liveblog.wire import relay
from liveblog.wire.hub import Hub
from newsroom.actions.pruning import READERS_KEPT, prune
from newsroom.actions.readers import note_readers
from newsroom.models import LiveBlog, ReaderCount
from tests import factories
from tests.sockets import Socket
from tests.waiting import until_async

pytestmark = pytest.mark.django_db(transaction=True)

OFTEN = 0.2


@pytest_asyncio.fixture(autouse=True)
async def a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr("liveblog.crowd.NOTE_SECONDS", OFTEN)
    yield
    await relay.stop()
    await sync_to_async(connections.close_all)()


@sync_to_async
def noted(blog: LiveBlog) -> list[int]:
    return list(ReaderCount.objects.filter(blog=blog).values_list("count", flat=True))


async def until_noted(blog: LiveBlog, count: int) -> None:
    """Of the minute that it is: where one ends meanwhile there are two."""

    async def there() -> bool:
        return (await noted(blog))[-1:] == [count]

    await until_async(there)


async def reading(blog: LiveBlog) -> tuple[Socket, Hub]:
    socket = Socket(f"/ws/live/{blog.slug}/")
    await socket.open()
    return socket, relay.start()


async def test_readers_are_noted_where_no_desk_is_open_and_a_blog_without_any_is_not():
    blog, lonely = [await sync_to_async(factories.blog)() for _ in range(2)]
    first, hub = await reading(blog)
    await hub.feed_of(lonely.slug)
    await until_noted(blog, 1)
    second, _ = await reading(blog)
    await until_noted(blog, 2)
    assert await noted(lonely) == []
    await first.leave()
    await second.leave()


async def test_of_the_processes_that_have_readers_one_notes_them_all():
    blog = await sync_to_async(factories.blog)()
    socket, hub = await reading(blog)

    def hear(process: str, count: int) -> None:
        hub.presence.hear({"type": "presence", "process": process, "blog": blog.pk, "count": count})

    feed = await hub.feed_of(blog.slug)
    assert feed
    await until_noted(blog, 1)
    # One that comes later in the alphabet leaves it to this one, and so does an earlier one without a reader.
    hear("zzz", 40)
    hear("   ", 0)
    assert hub.presence.is_first(feed)
    await until_noted(blog, 41)
    hear("   ", 2)
    assert not hub.presence.is_first(feed)
    await sync_to_async(ReaderCount.objects.all().delete)()
    # Another blog's number is the sign that a round has passed.
    other = await sync_to_async(factories.blog)()
    beside, _ = await reading(other)
    await until_noted(other, 1)
    assert await noted(blog) == []
    await socket.leave()
    await beside.leave()


async def test_a_database_that_is_away_costs_a_minute_and_no_more(monkeypatch: pytest.MonkeyPatch):
    tries: list[int] = []

    def away_at_first(**what: Any) -> None:
        tries.append(len(tries))
        if len(tries) == 1:
            raise OperationalError("away")
        note_readers(**what)

    monkeypatch.setattr("liveblog.crowd.note_readers", away_at_first)
    blog = await sync_to_async(factories.blog)()
    socket, _ = await reading(blog)
    await until_noted(blog, 1)
    assert len(tries) >= 2
    await socket.leave()


@pytest.mark.django_db
def test_a_round_is_one_statement_and_what_is_old_is_forgotten(django_assert_num_queries):
    blogs, now = [factories.blog() for _ in range(3)], timezone.now()
    with django_assert_num_queries(1):
        note_readers(counts={blog.pk: 5 for blog in blogs}, now=now - READERS_KEPT - timedelta(minutes=2))
    for count in (7, 8):
        with django_assert_num_queries(1):
            note_readers(counts={blog.pk: count for blog in blogs}, now=now)
    prune(now=now)
    assert list(ReaderCount.objects.values_list("count", flat=True)) == [8, 8, 8]
