"""Public pages as ready bytes: rendered once a change, however many ask; what Django says, and nothing that a request could alter."""

from __future__ import annotations

import asyncio
import gzip
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import brotli
import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.core.exceptions import ValidationError
from django.db import OperationalError, connections
from django.db.models import F
from django.urls import Resolver404, resolve

from liveblog.asgi import http
from liveblog.feeds.names import FEEDS
from liveblog.kiosk import application as kiosks
from liveblog.kiosk.application import Kiosk
from liveblog.kiosk.ready import made_ready
from liveblog.kiosk.routes import Route, route_of
from liveblog.kiosk.shelf import Shelf
from liveblog.wire import hub as hubs
from liveblog.wire import relay
from liveblog.wire.routing import _LIVE
from newsroom import announce, catching_up, selectors
from newsroom.actions.blogs import set_state
from newsroom.actions.entries import withdraw_entry
from newsroom.frames import Numbered
from newsroom.models import Change, LiveBlog
from newsroom.models.blogs import valid_slug
from tests import factories
from tests.factories import at
from tests.waiting import until_async

pytestmark = pytest.mark.django_db(transaction=True)

blog_of = sync_to_async(factories.blog)
published = sync_to_async(factories.published)


class Rendered(Counter[str]):
    """Django, counting what it is asked."""

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self[scope["path"]] += 1
        await http(scope, receive, send)


@pytest_asyncio.fixture
async def django() -> AsyncIterator[Rendered]:
    yield Rendered()
    await relay.stop()
    await sync_to_async(connections.close_all)()


@pytest.fixture
def kiosk(django: Rendered) -> Kiosk:
    return Kiosk(django)


async def get(app: Any, path: str, query: str = "", *, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    sent = [(b"host", headers.pop("host", "localhost").encode())]
    sent += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": path,
        "raw_path": path.encode(), "root_path": "", "query_string": query.encode(), "client": ["127.0.0.1", 1], "server": ["localhost", 80],
        "headers": sent,
    }  # fmt: skip
    said: list[dict[str, Any]] = []
    inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    inbox.put_nowait({"type": "http.request", "body": b"", "more_body": False})

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await app(scope, inbox.get, send)
    names = {name.decode().lower(): value.decode() for name, value in said[0]["headers"]}
    return said[0]["status"], names, b"".join(message.get("body", b"") for message in said[1:])


async def test_a_page_is_rendered_once_however_many_ask_at_once(kiosk: Kiosk, django: Rendered):
    blog = await blog_of()
    await published(blog, "Ship strikes pier")
    path = f"/live/{blog.slug}/"
    answers = await asyncio.gather(*(get(kiosk, path) for _ in range(50)))
    assert django[path] == 1
    assert {body for _, _, body in answers} == {answers[0][2]}
    assert b"Ship strikes pier" in answers[0][2]


async def test_it_says_what_django_says(kiosk: Kiosk):
    blog = await blog_of()
    entry = await published(blog)
    for path, query in [
        (f"/live/{blog.slug}/", ""),
        (f"/live/{blog.slug}/{entry.ref}/", ""),
        (f"/live/{blog.slug}/snapshot", ""),
        (f"/live/{blog.slug}/changes", f"after=0&epoch={blog.epoch}&token=0"),
        (f"/embed/{blog.slug}/", "limit=3&theme=dark"),
        *((f"/live/{blog.slug}/{name}", "") for name in FEEDS),
    ]:
        status, headers, body = await get(kiosk, path, query)
        plain_status, plain_headers, plain_body = await get(http, path, query)
        assert (status, body) == (plain_status, plain_body)
        for name, value in plain_headers.items():
            assert headers[name] == value, (path, name)


async def test_a_change_is_in_the_next_page(kiosk: Kiosk, django: Rendered):
    blog = await blog_of()
    path = f"/live/{blog.slug}/"
    await get(kiosk, path)
    for minute in (1, 2):
        entry = await published(blog, f"News {minute}", minute=minute)

        async def is_there(ref: str = entry.ref) -> bool:
            return ref.encode() in (await get(kiosk, path))[2]

        await until_async(is_there)
    assert django[path] == 3


async def test_what_is_withdrawn_here_is_gone_from_here_at_once_with_the_bus_away(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch):
    async def goes_nowhere(*_: object) -> None:
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(announce.Sender, "_send", goes_nowhere)
    monkeypatch.setattr(relay, "SYNC_SECONDS", 3600.0)
    blog = await blog_of()
    path, chief = f"/live/{blog.slug}/", await sync_to_async(factories.chief_of)(blog)
    entry = await published(blog, "Libel")
    assert b"Libel" in (await get(kiosk, path))[2]
    await sync_to_async(withdraw_entry)(actor=chief, entry=entry, reason="It was wrong.", notice=False, now=at(1))
    assert b"Libel" not in (await get(kiosk, path))[2]


@pytest.mark.parametrize("address", ["", "changes"])
async def test_a_withdrawal_is_known_while_a_number_before_it_is_still_on_its_way(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, address: str
):
    """This process has withdrawn, and has not heard yet of what another one published just before."""
    monkeypatch.setattr(hubs, "PATIENCE_SECONDS", 60.0)
    monkeypatch.setattr(relay, "SYNC_SECONDS", 3600.0)
    blog = await blog_of()
    path, chief = f"/live/{blog.slug}/{address}", await sync_to_async(factories.chief_of)(blog)
    cursor = f"after=0&epoch={blog.epoch}&token=0" if address else ""
    entry = await published(blog, "Libel")
    assert b"Libel" in (await get(kiosk, path, cursor))[2]
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(announce.sender, "send_soon", lambda messages: None)
        await published(blog, "Elsewhere", minute=1)
    await sync_to_async(withdraw_entry)(actor=chief, entry=entry, reason="It was wrong.", notice=False, now=at(2))
    feed = relay.start().known(blog.slug)
    assert feed
    assert feed.parked
    assert b"Libel" not in (await get(kiosk, path, cursor))[2]


async def test_a_blog_that_ends_says_so_in_the_next_page(kiosk: Kiosk):
    blog = await blog_of()
    path = f"/live/{blog.slug}/"
    await get(kiosk, path)
    chief = await sync_to_async(factories.chief_of)(blog)
    await sync_to_async(set_state)(actor=chief, blog=blog, state="ended", now=at(1))

    async def has_ended() -> bool:
        return b'data-state="ended"' in (await get(kiosk, path))[2]

    await until_async(has_ended)


async def test_a_kept_page_costs_no_query(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch):
    blog = await blog_of()
    path = f"/live/{blog.slug}/"
    _, _, body = await get(kiosk, path)

    def gone(*args: Any) -> None:
        raise OperationalError("the database is gone")

    for name in ("public_blog", "head_of", "feed_states", "numbers_after", "blog_page"):
        monkeypatch.setattr(selectors, name, gone)
    assert await get(kiosk, path) == (await get(kiosk, path))
    assert (await get(kiosk, path))[2] == body


async def test_without_the_database_the_last_bytes_are_served(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch):
    blog = await blog_of()
    path = f"/live/{blog.slug}/"
    _, _, body = await get(kiosk, path)

    def gone(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("the database is gone")

    hub = relay.start()
    feed = hub.known(blog.slug)
    assert feed
    # A number was heard of, so the page must be rendered anew, and cannot be.
    feed.fan_out(Numbered(feed.head + 1, 7, "{}", withdraws=False))
    monkeypatch.setattr(selectors, "blog_page", gone)
    monkeypatch.setattr(selectors, "feed_states", gone)
    assert (await get(kiosk, path))[2] == body


async def test_without_the_database_a_catch_up_is_told_to_come_back(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch):
    blog = await blog_of()
    await published(blog)
    path, query = f"/live/{blog.slug}/changes", f"after=0&epoch={blog.epoch}&token=0"
    assert (await get(kiosk, path, query))[0] == 200

    def gone(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("the database is gone")

    feed = relay.start().known(blog.slug)
    assert feed
    feed.head += 1
    monkeypatch.setattr(selectors, "feed_states", gone)
    monkeypatch.setattr(catching_up, "stretch_of", gone)
    status, headers, _ = await get(kiosk, path, query)
    assert (status, headers["retry-after"]) == (503, "2")


async def test_what_is_unchanged_is_answered_with_304_and_head_without_a_body(kiosk: Kiosk):
    blog = await blog_of()
    path = f"/live/{blog.slug}/"
    _, headers, body = await get(kiosk, path)
    status, again, empty = await get(kiosk, path, if_none_match=f'"x", {headers["etag"]}')
    assert (status, empty, again["etag"]) == (304, b"", headers["etag"])
    assert again["content-security-policy"] == headers["content-security-policy"]
    status, said, empty = await get(kiosk, path, method="HEAD")
    assert (status, empty, said["content-length"]) == (200, b"", str(len(body)))
    assert (await get(kiosk, path, if_none_match='"other"'))[0] == 200


async def test_a_page_of_another_history_that_reached_the_same_number_is_not_confirmed():
    blog = await blog_of()
    await published(blog, "Of the history that is gone")
    for path in (f"/live/{blog.slug}/", f"/embed/{blog.slug}/"):
        _, headers, _ = await get(http, path)
        assert (await get(http, path, if_none_match=headers["etag"]))[0] == 304
        # A restored backup that was written to again, without a new epoch: number 1 has another token, and another text.
        await Change.objects.filter(blog=blog, seq=1).aupdate(token=F("token") + 1)
        assert (await get(http, path, if_none_match=headers["etag"]))[0] == 200


async def test_compressed_bytes_are_made_once_and_given_to_those_who_take_them(kiosk: Kiosk):
    blog = await blog_of()
    for minute in range(5):
        await published(blog, f"Entry {minute}", minute=minute)
    path = f"/live/{blog.slug}/"
    _, _, body = await get(kiosk, path)
    _, headers, packed = await get(kiosk, path, accept_encoding="gzip, deflate, br")
    assert headers["content-encoding"] == "br"
    assert brotli.decompress(packed) == body
    _, headers, packed = await get(kiosk, path, accept_encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == body
    assert headers["vary"] == "Accept-Encoding"
    assert headers["etag"].startswith('W/"')
    assert "content-encoding" not in (await get(kiosk, path, accept_encoding="br;q=0, identity"))[1]
    assert (await get(kiosk, path, accept_encoding="br", if_none_match=headers["etag"]))[0] == 304


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/admin/", ""),
        ("/", ""),
        ("/healthz", ""),
        ("/live/x/changes", "after=1"),
        ("/live/x/e-zzz/", ""),
        ("/live//", ""),
        ("/live/x/feed", ""),
        ("/live/x/feed.atom/", ""),
        ("/live/x/feedxatom", ""),
        ("/embed.js", ""),
    ],
)
def test_everything_else_is_djangos(path: str, query: str):
    assert route_of(path, query) is None


@pytest.mark.parametrize("name", ["a", "a-b-2", "2026", "A", "a_b", "a--b", "-a", "a-", "é", "a%20b"])
def test_an_address_takes_a_name_at_every_door_or_at_none(name: str):
    try:
        valid_slug(name)
    except ValidationError:
        good = False
    else:
        good = True
    assert (route_of(f"/live/{name}/", "") is not None) == good
    assert (_LIVE.fullmatch(f"/ws/live/{name}/") is not None) == good
    for address in (
        f"/live/{name}/",
        f"/live/{name}/e-234567/",
        f"/live/{name}/changes",
        f"/live/{name}/feed.rss",
        f"/embed/{name}/",
        f"/desk/{name}/feed/",
    ):
        try:
            resolve(address)
        except Resolver404:
            assert not good, address
        else:
            assert good, address


def test_one_answer_has_one_name():
    assert route_of("/live/A_b/", "") is None
    assert route_of("/live/a/", "utm_source=x") == route_of("/live/a/", "") == Route("a", "/live/a/", "")
    assert route_of("/live/a/", "x=1&before=e-234567") == Route("a", "/live/a/", "before=e-234567")
    assert route_of("/live/a/feed.rss", "utm_source=x") == Route("a", "/live/a/feed.rss", "")
    assert route_of("/embed/a/", "") == route_of("/embed/a/", "theme=nonsense&limit=999")


async def test_a_cookie_changes_no_byte_and_a_foreign_host_gets_nothing(kiosk: Kiosk, django: Rendered):
    blog = await blog_of()
    path = f"/live/{blog.slug}/"
    plain = await get(kiosk, path)
    assert await get(kiosk, path, cookie="sessionid=x", authorization="Bearer x", x_forwarded_host="evil.example") == plain
    assert (await get(kiosk, path, host="evil.example"))[0] == 400
    assert (await get(kiosk, path, method="POST"))[0] == 405


async def test_an_absent_blog_is_djangos_to_answer_and_is_not_kept(kiosk: Kiosk, django: Rendered):
    for _ in range(2):
        assert (await get(kiosk, "/live/never-was/"))[0] == 404
    assert django["/live/never-was/"] == 2
    hidden = await blog_of(state="draft")
    assert (await get(kiosk, f"/live/{hidden.slug}/"))[0] == 404


async def test_what_is_absent_from_a_blog_is_rendered_once_a_question_and_not_kept(kiosk: Kiosk, django: Rendered):
    blog = await blog_of()
    path = f"/live/{blog.slug}/e-zzzzzz/"
    status, headers, body = await get(kiosk, path)
    assert django[path] == 1
    plain_status, plain_headers, plain_body = await get(http, path)
    assert (status, body) == (plain_status, plain_body)
    assert status == 404
    for name, value in plain_headers.items():
        assert headers[name] == value, name
    await get(kiosk, path)
    assert django[path] == 2


async def test_one_who_leaves_does_not_take_the_page_from_the_others(kiosk: Kiosk, django: Rendered, monkeypatch: pytest.MonkeyPatch):
    blog = await blog_of()
    await LiveBlog.objects.aget(pk=blog.pk)
    path = f"/live/{blog.slug}/"
    begun, go_on = asyncio.Event(), asyncio.Event()
    ask = kiosks.ask

    async def slow(*args: Any) -> Any:
        begun.set()
        await go_on.wait()
        return await ask(*args)

    monkeypatch.setattr(kiosks, "ask", slow)
    leaver = asyncio.create_task(get(kiosk, path))
    await begun.wait()
    stayer = asyncio.create_task(get(kiosk, path))
    await asyncio.sleep(0)
    leaver.cancel()
    go_on.set()
    assert (await stayer)[0] == 200
    assert django[path] == 1


def test_the_shelf_holds_no_more_than_it_may():
    shelf = Shelf(max_bytes=10_000)
    for number in range(100):
        shelf.put(Route("a", f"/live/a/{number}/", ""), ("epoch", 1, 7, 1), made_ready(200, [], b"x" * 500))
    assert shelf.bytes <= 10_000
    assert shelf.get(Route("a", "/live/a/0/", ""), ("epoch", 1, 7, 1)) is None
    newest = Route("a", "/live/a/99/", "")
    assert shelf.get(newest, ("epoch", 1, 7, 1)) is not None
    assert shelf.get(newest, ("epoch", 1, 8, 1)) is None
