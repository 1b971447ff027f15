"""With SSL_REDIRECT: what came over TLS is the kiosk's, by the proxy's word as Django takes it, and the rest is sent there by Django."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import connections
from pytest_django.fixtures import Settings

from liveblog.kiosk.application import Kiosk, came_over_tls
from liveblog.wire import relay
from tests.liveblog.test_kiosk import blog_of, get

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/live/story/"


class Passed(Counter[bool]):
    """Django, counting what readers asked it and what the kiosk did (which has no client)."""

    def __init__(self) -> None:
        super().__init__()
        self._django = ASGIHandler()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self[scope["client"] is not None] += 1
        await self._django(scope, receive, send)

    @property
    def readers(self) -> int:
        return self[True]


@pytest_asyncio.fixture
async def django(settings: Settings) -> AsyncIterator[Passed]:
    settings.SITE_URL, settings.ALLOWED_HOSTS, settings.SECURE = "https://localhost", ["localhost"], True
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    await blog_of(slug="story")
    # Its middleware reads the settings when it is made.
    yield Passed()
    await relay.stop()
    await sync_to_async(connections.close_all)()


@pytest.mark.parametrize("word", ["https", " https ", "https, http"])
async def test_a_page_that_came_to_the_proxy_over_tls_is_served_and_does_not_pass_through_django(django: Passed, word: str):
    kiosk = Kiosk(django)
    for _ in range(2):
        assert (await get(kiosk, PAGE, x_forwarded_proto=word))[0] == 200
    assert (django.readers, django[False]) == (0, 1)


@pytest.mark.parametrize("said", [{}, {"x_forwarded_proto": "http"}, {"x_forwarded_proto": "http, https"}, {"x_forwarded_proto": ""}])
async def test_a_page_that_did_not_is_sent_there_by_django(django: Passed, said: dict[str, str]):
    status, headers, _ = await get(Kiosk(django), PAGE, **said)
    assert (status, headers["location"], django.readers) == (301, f"https://localhost{PAGE}", 1)


async def test_a_header_that_the_setting_does_not_trust_says_nothing(django: Passed, settings: Settings):
    for trusted in (None, ("HTTP_X_SCHEME", "https")):
        settings.SECURE_PROXY_SSL_HEADER = trusted
        assert (await get(Kiosk(django), PAGE, x_forwarded_proto="https"))[0] == 301
    assert (await get(Kiosk(django), PAGE, x_scheme="https"))[0] == 200
    assert django.readers == 2


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("trusted", [None, ("HTTP_X_FORWARDED_PROTO", "https")])
@pytest.mark.parametrize("sent", [[], [b"https"], [b"http"], [b"https", b"http"], [b"http", b"https"], [b"HTTPS"], [b"https,http"]])
def test_the_kiosk_judges_as_django_does(settings: Settings, scheme: str, trusted: tuple[str, str] | None, sent: list[bytes]):
    settings.SECURE_PROXY_SSL_HEADER = trusted
    headers = [(b"host", b"localhost"), *((b"x-forwarded-proto", value) for value in sent)]
    scope = {"type": "http", "method": "GET", "path": PAGE, "scheme": scheme, "headers": headers}
    assert came_over_tls(scope) == ASGIHandler.request_class(scope, None).is_secure()
