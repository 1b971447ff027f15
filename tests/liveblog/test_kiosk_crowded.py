"""Pages that readers can think up without end: searches, older pages, single entries. They take turns, and nothing from anybody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections

from liveblog.asgi import http
from liveblog.kiosk import application as kiosks
from liveblog.kiosk.application import Kiosk
from liveblog.kiosk.routes import route_of
from liveblog.ops.errors import AWAY
from liveblog.wire import relay
from tests import factories
from tests.liveblog.test_kiosk import get
from tests.waiting import until_async

pytestmark = pytest.mark.django_db(transaction=True)


class Slow:
    """Django, which holds what was thought up until it is let go, and says how many it had at once."""

    def __init__(self) -> None:
        self.held, self.most = 0, 0
        self.let_go = asyncio.Event()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        refused = scope.get("extensions", {}).get(AWAY)
        if scope["query_string"].startswith(b"q=") and not refused:
            self.held += 1
            self.most = max(self.most, self.held)
            await self.let_go.wait()
            self.held -= 1
        await http(scope, receive, send)


@pytest_asyncio.fixture
async def django() -> AsyncIterator[Slow]:
    yield Slow()
    await relay.stop()
    await sync_to_async(connections.close_all)()


async def test_what_is_thought_up_waits_and_the_blog_s_own_page_does_not(django: Slow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kiosks, "MANY_WAITING", 10)
    kiosk = Kiosk(django)
    blog = await sync_to_async(factories.blog)()
    entry = await sync_to_async(factories.published)(blog, "Ship strikes pier")
    path = f"/live/{blog.slug}/"
    page = f"{path}{entry.ref}/"
    assert (await get(kiosk, page))[0] == 200
    limit = kiosks.MANY_AT_ONCE + kiosks.MANY_WAITING
    asked = [asyncio.create_task(get(kiosk, path, f"q=word{number}")) for number in range(limit)]

    async def all_there() -> bool:
        return kiosk._many_asked == kiosks.MANY_WAITING and django.held == kiosks.MANY_AT_ONCE

    await until_async(all_there)
    async with asyncio.timeout(10):
        assert (await get(kiosk, path))[0] == 200
        assert (await get(kiosk, f"/live/{blog.slug}/snapshot"))[0] == 200
        status, headers, _ = await get(kiosk, path, "q=one-more")
    assert (status, headers["retry-after"]) == (503, "2")
    # Of what was made before there are last bytes.
    await sync_to_async(factories.published)(blog, "A second one", minute=2)
    async with asyncio.timeout(10):
        assert (await get(kiosk, page))[0] == 200
    django.let_go.set()
    assert {status for status, _, _ in await asyncio.gather(*asked)} == {200}
    assert (django.most, kiosk._many_asked) == (kiosks.MANY_AT_ONCE, 0)
    assert (await get(kiosk, path, "q=one-more"))[0] == 200


async def test_who_has_stood_in_line_for_too_long_is_told_to_come_back(django: Slow, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kiosks, "MANY_SECONDS", 0.1)
    kiosk = Kiosk(django)
    blog = await sync_to_async(factories.blog)()
    asked = [asyncio.create_task(get(kiosk, f"/live/{blog.slug}/", f"q=word{number}")) for number in range(kiosks.MANY_AT_ONCE)]

    async def all_there() -> bool:
        return django.held == kiosks.MANY_AT_ONCE

    await until_async(all_there)
    assert (await get(kiosk, f"/live/{blog.slug}/", "q=late"))[0] == 503
    django.let_go.set()
    assert {status for status, _, _ in await asyncio.gather(*asked)} == {200}
    assert (await get(kiosk, f"/live/{blog.slug}/", "q=late"))[0] == 200


@pytest.mark.parametrize(
    ("path", "query", "many"),
    [
        ("/live/a-story/", "", False),
        ("/live/a-story/", "q=bridge", True),
        ("/live/a-story/", "before=e-7f3k9q", True),
        ("/live/a-story/", "utm_source=x", False),
        ("/live/a-story/e-7f3k9q/", "", True),
        ("/live/e-7f3k9q/", "", False),
        ("/live/a-story/snapshot", "", False),
        ("/live/a-story/feed.atom", "", False),
        ("/live/a-story/changes", "after=3&epoch=aaaaaaaaaaaa&token=5", False),
        ("/embed/a-story/", "limit=5", False),
    ],
)
def test_which_there_can_be_any_number_of(path: str, query: str, many: bool):
    route = route_of(path, query)
    assert route
    assert route.is_one_of_many is many
