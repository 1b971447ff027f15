"""The desk's socket: who may listen, what they hear, and when they are shown out."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.test import Client

from liveblog.wire import relay
from newsroom.desk import room
from newsroom.desk.acts import ACTS
from newsroom.desk.room import current_rooms
from newsroom.models import Membership
from tests import factories
from tests.roles import PEOPLE, TABLE, person
from tests.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)

HOST = "localhost"


@pytest_asyncio.fixture(autouse=True)
async def a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(room, "CHECK_SECONDS", 0.1)
    monkeypatch.setattr(room, "LOOK_SECONDS", 0.2)
    yield
    await current_rooms().stop()
    await relay.stop()
    await sync_to_async(connections.close_all)()


def key_of(user) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


async def desk_of(blog, user, *, origin: str = f"http://{HOST}") -> Socket:
    cookie = f"{settings.SESSION_COOKIE_NAME}={await sync_to_async(key_of)(user)}" if user else ""
    headers = [(b"host", HOST.encode()), (b"origin", origin.encode()), (b"cookie", cookie.encode())]
    socket = Socket(f"/ws/desk/{blog.slug}/", headers)
    await socket.open()
    return socket


async def until(socket: Socket, op: str, **facts):
    while True:
        frame = await socket.frame(10)
        if frame["op"] == op and all(frame.get(name) == value for name, value in facts.items()):
            return frame


@pytest_asyncio.fixture
async def blog():
    return await sync_to_async(factories.blog)()


member = sync_to_async(factories.member)


async def close_code(socket: Socket) -> int:
    while (message := await socket.message(10))["type"] != "websocket.close":
        pass
    return message["code"]


async def test_a_colleagues_draft_and_entry_are_heard_of(blog):
    socket = await desk_of(blog, await member(blog, "editor"))
    assert (await socket.frame())["op"] == "hello"
    draft = await sync_to_async(factories.draft)(blog, "In the making")
    told = await until(socket, "entry", ref=draft.ref)
    assert (told["tab"], "In the making" in told["html"]) == ("draft", True)
    entry = await sync_to_async(factories.published)(blog, "Out")
    assert entry.fragment in (await until(socket, "entry", ref=entry.ref))["html"]
    assert (await until(socket, "counts"))["counts"]["published"] == 1
    await socket.leave()


async def test_a_contributor_hears_nothing_of_the_drafts_of_others(blog):
    socket = await desk_of(blog, await member(blog, "contributor"))
    draft = await sync_to_async(factories.draft)(blog, "A secret")
    entry = await sync_to_async(factories.published)(blog, "Out")
    while (told := await socket.frame(10)) and told.get("ref") != entry.ref:
        assert told.get("ref") != draft.ref or told["op"] == "gone"
    await socket.leave()


@pytest.mark.parametrize("origin", ["https://elsewhere.example", f"https://{HOST}", f"http://{HOST}:81", "null"])
async def test_a_page_of_another_origin_is_shown_out(blog, origin):
    assert await close_code(await desk_of(blog, await member(blog, "editor"), origin=origin)) == 4406


async def test_nobody_and_strangers_are_shown_out(blog):
    assert await close_code(await desk_of(blog, None)) == 4401
    assert await close_code(await desk_of(blog, await sync_to_async(factories.user)())) == 4403


async def test_each_role_hears_and_is_offered_what_the_table_says(blog):
    chief = await sync_to_async(factories.chief_of)(blog)
    for role in PEOPLE:
        user = await sync_to_async(person)(role, blog)
        socket = await desk_of(blog, user if user.is_authenticated else None)
        if "read_drafts" not in TABLE[role]:
            assert await close_code(socket) in {4401, 4403}, role
            continue
        entry = await sync_to_async(factories.published)(blog, f"For the {role}", actor=chief)
        words = (await until(socket, "entry", ref=entry.ref))["html"]
        acts = ("pin", "key", "withdraw", "move")
        assert {act for act in acts if f'="{act}"' in words} == {act for act in acts if ACTS[act].right in TABLE[role]}, role
        await socket.leave()


async def test_who_leaves_the_team_is_shown_out(blog):
    user = await member(blog, "editor")
    socket = await desk_of(blog, user)
    await sync_to_async(Membership.objects.filter(user=user).delete)()
    assert await close_code(socket) == 4403


async def test_a_new_password_shows_the_old_session_out(blog):
    user = await member(blog, "editor")
    socket = await desk_of(blog, user)
    user.set_password("another one altogether")
    await sync_to_async(user.save)()
    assert await close_code(socket) == 4401


async def test_without_a_second_factor_nobody_stays_where_one_is_required(blog, settings):
    socket = await desk_of(blog, await member(blog, "editor"))
    assert (await socket.frame())["op"] == "hello"
    settings.REQUIRE_TWO_FACTOR = True
    assert await close_code(socket) == 4401
    assert await close_code(await desk_of(blog, await member(blog, "editor"))) == 4401


def test_both_are_asked_more_often_than_every_ten_seconds():
    from importlib import reload

    assert reload(room).CHECK_SECONDS * 2 <= 10


async def test_colleagues_see_who_is_here(blog):
    first = await desk_of(blog, await member(blog, "editor", "amina"))
    second = await desk_of(blog, await member(blog, "editor", "tomas"))
    await until(first, "people", names=["amina", "tomas"])
    await second.leave()
    await until(first, "people", names=["amina"])
    await first.leave()
