from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections

from liveblog.wire import relay
from liveblog.wire.presence import Presence, thinned
from newsroom.actions.blogs import edit_blog
from tests import factories
from tests.factories import at
from tests.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)

blog_of = sync_to_async(factories.blog)


@pytest_asyncio.fixture(autouse=True)
async def a_process_of_its_own() -> AsyncIterator[None]:
    yield
    await relay.stop()
    await sync_to_async(connections.close_all)()


async def shown_blog():
    blog = await blog_of()
    return await sync_to_async(edit_blog)(actor=await sync_to_async(factories.chief_of)(blog), blog=blog, now=at(0), readers_shown=True)


async def count_told(socket: Socket, count: int | None) -> None:
    while (await socket.frame(10)) != {"op": "readers", "count": count}:
        pass


async def test_readers_are_told_how_many_they_are_where_the_desk_shows_it():
    blog = await shown_blog()
    first, second = Socket(f"/ws/live/{blog.slug}/"), Socket(f"/ws/live/{blog.slug}/")
    await first.open()
    await count_told(first, 1)
    await second.open()
    await count_told(first, 2)
    await second.leave()
    await count_told(first, 1)
    await first.leave()


async def test_they_are_not_told_where_it_is_switched_off():
    blog = await blog_of()
    socket = Socket(f"/ws/live/{blog.slug}/")
    await socket.open()
    await socket.frame()
    hub = relay.start()
    feed = hub.known(blog.slug)
    assert feed
    await hub.presence.tell(feed)
    assert await socket.is_quiet()
    await socket.leave()


async def test_the_readers_of_other_processes_count_and_those_of_a_lost_one_do_not(monkeypatch: pytest.MonkeyPatch):
    blog = await shown_blog()
    socket = Socket(f"/ws/live/{blog.slug}/")
    await socket.open()
    await socket.frame()
    hub = relay.start()
    feed = hub.known(blog.slug)
    assert feed
    other = Presence()
    hub.presence.hear({"type": "presence", "process": other.process, "blog": blog.pk, "count": 41})
    hub.presence.hear({"type": "presence", "process": hub.presence.process, "blog": blog.pk, "count": 1000})
    assert hub.presence.total(feed) == 42
    monkeypatch.setattr("liveblog.wire.presence.FORGET_SECONDS", -1.0)
    assert hub.presence.total(feed) == 1
    await socket.leave()


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (7, 7), (99, 99), (100, 100), (104, 100), (119, 110), (1_049, 1_000), (1_050, 1_050), (10_412, 10_400)]
)
def test_a_large_crowd_is_counted_roughly(count: int, shown: int):
    assert thinned(count) == shown
