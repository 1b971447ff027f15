"""What the kiosk has at hand for a server that can write it without running an application: what it would say itself, or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from liveblog.kiosk.application import Kiosk
from newsroom.actions.entries import withdraw_entry
from tests import factories
from tests.factories import at
from tests.liveblog.test_kiosk import Rendered, blog_of, django, get, kiosk, published

__all__ = ["django", "kiosk"]

pytestmark = pytest.mark.django_db(transaction=True)


class AtHand:
    """The kiosk as such a server sees it; 0 is the status of what is not at hand."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        status, headers, body = self._kiosk.at_once(scope) or (0, [], b"")
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def test_it_is_what_the_kiosk_says_once_that_is_rendered(kiosk: Kiosk, django: Rendered) -> None:
    blog, at_hand = await blog_of(), AtHand(kiosk)
    await published(blog, "Ship strikes pier")
    path = f"/live/{blog.slug}/"
    assert (await get(at_hand, path))[0] == 0
    _, said, _ = await get(kiosk, path)
    for wanted in ({}, {"method": "HEAD"}, {"accept_encoding": "gzip, br"}, {"if_none_match": said["etag"]}):
        assert await get(at_hand, path, **wanted) == await get(kiosk, path, **wanted)
    assert django[path] == 1


async def test_nothing_is_at_hand_of_a_page_that_is_true_no_more(kiosk: Kiosk) -> None:
    blog, at_hand = await blog_of(), AtHand(kiosk)
    chief = await sync_to_async(factories.chief_of)(blog)
    entry = await published(blog, "Libel")
    path = f"/live/{blog.slug}/"
    assert b"Libel" in (await get(kiosk, path))[2]
    assert b"Libel" in (await get(at_hand, path))[2]
    await sync_to_async(withdraw_entry)(actor=chief, entry=entry, reason="It was wrong.", notice=False, now=at(1))
    assert await get(at_hand, path) == (0, {}, b"")
    assert b"Libel" not in (await get(kiosk, path))[2]
    assert b"Libel" not in (await get(at_hand, path))[2]


@pytest.mark.parametrize("other", [{"method": "POST"}, {"host": "elsewhere.example.org"}, {"query": "q=ship"}])
async def test_nor_of_anything_that_the_kiosk_hands_on(kiosk: Kiosk, other: dict[str, str]) -> None:
    blog, at_hand = await blog_of(), AtHand(kiosk)
    path = f"/live/{blog.slug}/"
    await get(kiosk, path)
    assert (await get(at_hand, path))[0] == 200
    assert (await get(at_hand, path, **other))[0] == 0
    assert (await get(at_hand, "/admin/"))[0] == 0
