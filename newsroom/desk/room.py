"""The desks that are open in this process, and what they are told (docs/contracts/desk-socket.md).

Each process hears in one group of the channel layer which entries of which blog to look at again, and looks by itself every few seconds
as well: with the layer gone a desk is late, never wrong. What a colleague may see is asked of the database at each look.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import Error as DatabaseError
from django.utils import timezone

from newsroom.desk.feed import Viewer
from newsroom.desk.looking import Desk, Message, look_again, past_readers
from newsroom.desk.sessions import person_of
from newsroom.desk_news import DESK_GROUP
from newsroom.hearing import hear_group
from newsroom.models import LiveBlog

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
CHECK_SECONDS = 5.0
PEOPLE_SECONDS = 10.0
COUNT_SECONDS = 60.0
FORGET_SECONDS = 30.0
REASSERT_SECONDS = 5.0
RETRY_SECONDS = 0.5
SEND_SECONDS = 1.0
# What was saved in a transaction that was slow to commit is still found.
OVERLAP = timedelta(seconds=10)

SIGNED_OUT = 4401
NOT_ON_TEAM = 4403


@dataclass(eq=False)
class Room:
    """One blog's desks in this process. `seen` is what each recently saved entry looked like when the desks were told of it."""

    blog_id: int
    desks: set[Desk] = field(default_factory=set)
    since: datetime = field(default_factory=timezone.now)
    seen: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    refs: set[str] = field(default_factory=set)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    # Who is at the desk in other processes: process to (names, when heard).
    elsewhere: dict[str, tuple[list[str], float]] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)

    def look_at(self, refs: list[str]) -> None:
        self.refs.update(refs)
        self.told.set()


class Rooms:
    """All methods run on the process's one event loop."""

    def __init__(self) -> None:
        self.process = secrets.token_hex(6)
        self._rooms: dict[int, Room] = {}
        self._listening: asyncio.Task[None] | None = None

    def join(self, desk: Desk) -> Room:
        if self._listening is None:
            self._listening = asyncio.create_task(hear_group(DESK_GROUP, self._hear, reassert=REASSERT_SECONDS), name="desks")
        blog_id = desk.viewer.blog.pk
        room = self._rooms.get(blog_id)
        if room is None:
            room = self._rooms[blog_id] = Room(blog_id)
            room.since = timezone.now() - OVERLAP
            room.tasks = [asyncio.create_task(work(room)) for work in (self._follow, self._check, self._introduce, self._count)]
        room.desks.add(desk)
        return room

    async def leave(self, desk: Desk) -> None:
        room = self._rooms.get(desk.viewer.blog.pk)
        if room is None:
            return
        room.desks.discard(desk)
        if room.desks:
            await self.introduce(room)
            return
        del self._rooms[room.blog_id]
        for task in room.tasks:
            task.cancel()
        await self._say(room, [])

    async def stop(self) -> None:
        tasks = [task for room in self._rooms.values() for task in room.tasks] + ([self._listening] if self._listening else [])
        self._rooms.clear()
        self._listening = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # Entries

    async def _follow(self, room: Room) -> None:
        while True:
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await room.told.wait()
            except TimeoutError:
                pass
            room.told.clear()
            refs, room.refs = room.refs, set()
            try:
                look = await _in_thread(look_again, room.blog_id, list(room.desks), refs, room.since, dict(room.seen))
            except DatabaseError as error:
                room.refs |= refs
                log.warning("A desk could not ask the database: %s. It asks again.", error)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            room.seen = look.saved
            room.since = max(room.since, timezone.now() - OVERLAP)
            for desk, messages in look.messages:
                for message in messages:
                    await desk.send(message)

    # How many read

    async def _count(self, room: Room) -> None:
        """Tells the desks each minute what was noted for the chart."""
        while True:
            await asyncio.sleep(COUNT_SECONDS)
            try:
                past = await _in_thread(past_readers, room.blog_id, timezone.now())
            except DatabaseError:
                continue
            for desk in list(room.desks):
                await desk.send(past)

    # Who may stay

    async def _check(self, room: Room) -> None:
        """Asks again, for every desk, whether the session still holds and the person is still on the team."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            for desk in list(room.desks):
                try:
                    code, viewer = await _in_thread(standing_of, desk.session_key, desk.viewer.blog.pk)
                except DatabaseError:
                    break
                if code:
                    await desk.close(code)
                else:
                    desk.viewer = viewer

    # Who is here

    async def _introduce(self, room: Room) -> None:
        while True:
            await self.introduce(room)
            await asyncio.sleep(PEOPLE_SECONDS)

    async def introduce(self, room: Room) -> None:
        await self._say(room, sorted({str(desk.viewer.user) for desk in room.desks}))
        await self._tell_people(room, always=False)

    async def greet(self, room: Room, desk: Desk) -> None:
        await self.introduce(room)
        await desk.send({"op": "people", "names": room.people})
        with contextlib.suppress(DatabaseError):
            await desk.send(await _in_thread(past_readers, room.blog_id, timezone.now()))

    async def _tell_people(self, room: Room, *, always: bool) -> None:
        now = asyncio.get_running_loop().time()
        room.elsewhere = {name: heard for name, heard in room.elsewhere.items() if now - heard[1] < FORGET_SECONDS}
        names = {str(desk.viewer.user) for desk in room.desks}
        people = sorted(names.union(*(heard[0] for heard in room.elsewhere.values())))
        if people != room.people or always:
            room.people = people
            for desk in list(room.desks):
                await desk.send({"op": "people", "names": people})

    async def _say(self, room: Room, names: list[str]) -> None:
        layer = get_channel_layer()
        if layer is None:
            return
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await layer.group_send(DESK_GROUP, {"type": "people", "process": self.process, "blog": room.blog_id, "names": names})
        except Exception as error:  # noqa: BLE001 – whatever the layer's client raises: who is here is never worth a fault
            log.debug("Who is at the desk was not passed on: %s", error)

    # The layer

    async def _hear(self, message: Message) -> None:
        room = self._rooms.get(message["blog"])
        if room is None:
            return
        if message["type"] == "desk":
            room.look_at(message["refs"])
        elif message["process"] != self.process:
            room.elsewhere[message["process"]] = (message["names"], asyncio.get_running_loop().time())
            await self._tell_people(room, always=False)


async def _in_thread(ask: Callable[..., Any], *arguments: Any) -> Any:
    return await database_sync_to_async(ask, thread_sensitive=False)(*arguments)


def standing_of(session_key: str, blog_id: int) -> tuple[int, Viewer | None]:
    """Zero and the viewer where the session still holds and its person may look at the desk; otherwise the code that closes the socket."""
    user = person_of(session_key)
    if user is None:
        return SIGNED_OUT, None
    blog = LiveBlog.objects.filter(pk=blog_id).first()
    viewer = Viewer.of(user, blog) if blog else None
    return (0, viewer) if viewer and viewer.may_look else (NOT_ON_TEAM, None)


_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, Rooms] = WeakKeyDictionary()


def current_rooms() -> Rooms:
    """Of the running event loop: one a server process."""
    loop = asyncio.get_running_loop()
    rooms = _rooms.get(loop)
    if rooms is None:
        rooms = _rooms[loop] = Rooms()
    return rooms
