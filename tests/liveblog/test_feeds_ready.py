"""Feeds through the kiosk: ready bytes, rendered once a change, gone with what is withdrawn."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from typing import Any

import brotli
import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import OperationalError, connections

from liveblog.feeds.names import FEEDS
from liveblog.kiosk.application import Kiosk
from liveblog.wire import relay
from newsroom import selectors
from newsroom.actions.entries import withdraw_entry
from tests import factories
from tests.factories import at
from tests.liveblog.test_kiosk import Rendered, blog_of, get, published
from tests.waiting import until_async

pytestmark = pytest.mark.django_db(transaction=True)


@pytest_asyncio.fixture
async def django() -> AsyncIterator[Rendered]:
    yield Rendered()
    await relay.stop()
    await sync_to_async(connections.close_all)()


@pytest.fixture
def kiosk(django: Rendered) -> Kiosk:
    return Kiosk(django)


every_feed = pytest.mark.parametrize("name", FEEDS)


@every_feed
async def test_a_feed_is_rendered_once_a_change_however_many_ask(kiosk: Kiosk, django: Rendered, name: str):
    blog = await blog_of()
    await published(blog, "Ship strikes pier")
    path = f"/live/{blog.slug}/{name}"
    answers = await asyncio.gather(*(get(kiosk, path, f"utm_source={number}") for number in range(30)))
    assert len({body for _, _, body in answers}) == 1
    assert b"Ship strikes pier" in answers[0][2]
    assert django[path] == 1
    entry = await published(blog, "Bridge closed", minute=1)

    async def is_there() -> bool:
        return entry.ref.encode() in (await get(kiosk, path))[2]

    await until_async(is_there)
    assert django[path] == 2


@every_feed
async def test_who_holds_it_is_told_so_and_who_takes_it_compressed_has_it_so(kiosk: Kiosk, name: str):
    blog = await blog_of()
    for minute in range(5):
        await published(blog, f"Entry {minute}", minute=minute)
    path = f"/live/{blog.slug}/{name}"
    status, headers, body = await get(kiosk, path)
    assert status == 200
    assert "set-cookie" not in headers
    status, again, empty = await get(kiosk, path, if_none_match=headers["etag"])
    assert (status, empty, again["cache-control"]) == (304, b"", headers["cache-control"])
    status, said, empty = await get(kiosk, path, method="HEAD")
    assert (status, empty, said["content-length"], said["content-type"]) == (200, b"", str(len(body)), headers["content-type"])
    for encoding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        _, said, packed = await get(kiosk, path, accept_encoding=encoding)
        assert said["content-encoding"] == encoding
        assert unpack(packed) == body
        assert len(packed) < len(body) / 2


@every_feed
async def test_a_kept_feed_asks_the_database_nothing(kiosk: Kiosk, django: Rendered, monkeypatch: pytest.MonkeyPatch, name: str):
    blog = await blog_of()
    await published(blog)
    path = f"/live/{blog.slug}/{name}"
    first = await get(kiosk, path)

    def gone(*_: Any, **__: Any) -> None:
        raise OperationalError("the database is gone")

    for question in ("public_blog", "head_of", "feed_states", "numbers_after", "latest"):
        monkeypatch.setattr(selectors, question, gone)
    assert await get(kiosk, path) == first
    assert django[path] == 1


@every_feed
async def test_what_is_withdrawn_is_gone_from_the_next_answer(kiosk: Kiosk, name: str):
    blog = await blog_of()
    chief = await sync_to_async(factories.chief_of)(blog)
    entry = await published(blog, "Libel")
    path = f"/live/{blog.slug}/{name}"
    _, headers, body = await get(kiosk, path)
    assert b"Libel" in body
    await sync_to_async(withdraw_entry)(actor=chief, entry=entry, reason="It was wrong.", now=at(1))
    status, _, body = await get(kiosk, path, if_none_match=headers["etag"])
    assert status == 200
    assert b"Libel" not in body
    assert b"It was wrong." in body
