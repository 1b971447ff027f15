"""A reader: the browser's state machine (`static/js/wire.js` and `catchup.js`) on a Python event loop, with `tests/readers.py` as its page.

It is given several addresses of one site and takes one at random for each connection and question, as a load balancer would. Everything
it receives and applies goes into the history; it judges nothing itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.faults.blog import UNREACHABLE, Blog
from tests.faults.history import History, canaries, received
from tests.faults.pages import shape
from tests.readers import Page

LONGEST_WAIT = 30.0
HELLO_DUE = 10.0
SILENCE = 60.0
STEADY = 30.0
PAGE_DUE = 60.0
FAILED_CONNECTS = 3
PATIENCE = 3
NOTICED = 6.0
MOST_PARKED = 500
PROTOCOL = 1
GONE = {4404, 404, 410}


def backoff(attempt: int) -> float:
    return random.uniform(0, min(LONGEST_WAIT, 0.5 * 2**attempt))


@dataclass
class Reader:
    name: str
    blog: Blog
    history: History
    session: aiohttp.ClientSession
    sockets: bool = True
    poll_seconds: float = 15.0
    page: Page = field(init=False)
    live: bool = False
    want: int = 0
    asked: bool = False
    must_reset: bool = False
    busy: bool = False
    failed: int = 0
    attempt: int = 0
    denied: int = 0
    failures: int = 0
    resets: int = 0
    connection: int = 0
    foreign: bool = False
    stopped: bool = False
    bye: float | None = None
    parked: list[dict[str, Any]] = field(default_factory=list)
    told: tuple[int, int] | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    polling: asyncio.Task[None] | None = None
    catching: asyncio.Task[None] | None = None
    socket: aiohttp.ClientWebSocketResponse | None = None

    def note(self, kind: str, **facts: Any) -> None:
        self.history.note(kind, who=self.name, **facts)

    # A page, and following it

    async def open(self) -> None:
        """Loads the page, until a server gives it. `TimeoutError` where none does: such a site is not faulty, it is down."""
        async with asyncio.timeout(PAGE_DUE):
            while not await self._opened():
                await asyncio.sleep(backoff(1))

    async def _opened(self) -> bool:
        with contextlib.suppress(*UNREACHABLE):
            asked = time.monotonic()
            base, status, body, _ = await self._get("/live/{slug}/")
            if status == 200:
                self.page = Page.of(body)
                seen = {"epoch": self.page.epoch, "seq": self.page.seq, "token": self.page.token, "canaries": canaries(body)}
                self.note("opened", asked=asked, base=base, **seen)
                return True
        return False

    def follow(self) -> None:
        if not self.stopped:
            self._spawn(self._sockets() if self.sockets else self._poll())

    def _stop(self) -> None:
        """The blog is no longer there."""
        self.stopped, self.busy = True, False
        self._up(False)
        for task in self.tasks:
            task.cancel()

    async def close(self) -> None:
        """Stops, and leaves what it shows in the history."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self._up(False)
        self.note("end", **shape(self.page))

    async def nap(self, seconds: float) -> None:
        """The tab is frozen: the socket dies unheard, and when it wakes it looks."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.busy, self.polling, self.parked, self.told = False, None, [], None
        self._up(False)
        self.note("nap")
        await asyncio.sleep(seconds)
        self.asked = True
        self.follow()
        self._run()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def _up(self, live: bool) -> None:
        if live != self.live:
            self.live = live
            self.note("live" if live else "away")

    # The one function that alters what the page shows

    def _apply(self, frames: list[dict[str, Any]], epoch: str, seq: int, token: int, how: str) -> None:
        before = self.page.seq
        for frame in frames:
            self.page.apply(frame)
        self.page.epoch, self.page.seq, self.page.token = epoch, seq, token
        self.note("applied", since=before, to=seq, epoch=epoch, token=token, how=how)

    def _replace(self, body: str) -> None:
        self.page = Page.of(body, "live-snapshot")
        self.note("reset", epoch=self.page.epoch, to=self.page.seq, token=self.page.token)

    # The socket

    async def _sockets(self) -> None:
        while True:
            greeted = await self._one_socket()
            self._up(False)
            self.failed = 0 if greeted else self.failed + 1
            delay = backoff(self.attempt) if self.bye is None else self.bye
            if self.bye is None:
                self.attempt += 1
            self.bye = None
            if self.failed >= FAILED_CONNECTS and self.polling is None and not self.foreign:
                self.polling = self._spawn(self._poll())
            await asyncio.sleep(delay)

    async def _one_socket(self) -> bool:
        """One connection, to the next server where one takes none, as the proxy does. Says whether it greeted."""
        for base in random.sample(self.blog.bases, len(self.blog.bases)):
            with contextlib.suppress(aiohttp.ClientConnectorError):
                return await self._socket_of(base)
        return False

    async def _socket_of(self, base: str) -> bool:
        """From its handshake to its end. Raises `ClientConnectorError` where nobody listens."""
        self.connection += 1
        greeted, since, code = False, time.monotonic(), 0
        address = f"{base}/ws/live/{self.blog.slug}/"
        try:
            async with self.session.ws_connect(address.replace("http", "ws", 1), timeout=aiohttp.ClientWSTimeout(ws_close=1)) as socket:
                self.socket = socket
                while True:
                    async with asyncio.timeout(SILENCE if greeted else HELLO_DUE):
                        message = await socket.receive()
                    if message.type is not aiohttp.WSMsgType.TEXT:
                        code = socket.close_code or 0
                        break
                    self._receive(message.data)
                    if self.foreign:
                        break
                    if not greeted:
                        greeted = True
                        since = time.monotonic()
                    elif time.monotonic() - since > STEADY:
                        self.attempt = 0
        except aiohttp.ClientConnectorError:
            raise
        except UNREACHABLE:
            pass
        finally:
            # The next hello names a head that covers what waits, and may speak of another history.
            self.socket, self.parked, self.told = None, [], None
            self.note("closed", connection=self.connection, code=code, greeted=greeted, base=base)
        if code in GONE:
            self._stop()
            raise asyncio.CancelledError
        return greeted

    def _receive(self, text: str) -> None:
        frame, found = received(text)
        op = frame["op"]
        facts = {"seq": frame["seq"], "token": frame["token"]} if "seq" in frame else {}
        if op == "head":
            facts["head"] = frame["head"]
        self.note("push", connection=self.connection, op=op, canaries=found, **facts)
        if op in {"hello", "head", "reset"}:
            self.told = frame["head"], frame["token"]
        match op:
            case "hello":
                self._hello(frame)
            case "head":
                self._compare(frame["head"], frame["token"])
            case "reset":
                self._reset()
            case "bye":
                self.bye = random.uniform(*frame["reconnect"]) / 1000
            case "readers":
                pass
            case _:
                follows = self.told[1] if self.told and self.told[0] == frame["seq"] - 1 else None
                self.told = frame["seq"], frame["token"]
                self._push({**frame, "follows": follows})

    def _hello(self, frame: dict[str, Any]) -> None:
        self.foreign = frame["protocol"] != PROTOCOL
        if self.polling:
            self.polling.cancel()
            self.polling = None
        if self.foreign:
            # Nothing of that server is believed, over HTTP as well. What is missing is still missing at the next of one's own.
            if self.busy and self.catching:
                self.catching.cancel()
                self.busy, self.asked = False, True
            return
        self.note("hello", connection=self.connection, epoch=frame["epoch"], head=frame["head"], token=frame["token"])
        self.failed = 0
        if frame["epoch"] != self.page.epoch:
            self._reset()
        else:
            self._compare(frame["head"], frame["token"])
        self.wake.set()
        self._run()
        self._up(True)

    def _compare(self, head: int, token: int) -> None:
        if head > self.page.seq:
            self._want(head)
        elif head == self.page.seq and token != self.page.token:
            self._reset()
        elif head < self.page.seq:
            self._doubt()

    def _push(self, frame: dict[str, Any]) -> None:
        self.parked.append(frame)
        if len(self.parked) > MOST_PARKED:
            self.parked = []
            self._want(frame["seq"])
        self._drain()

    def _drain(self) -> None:
        """What follows the page is applied at once, whatever question is under way."""
        self.parked.sort(key=lambda frame: int(frame["seq"]))
        while not self.must_reset and self.parked and self.parked[0]["seq"] <= self.page.seq + 1:
            self._next(self.parked.pop(0))
        if self.parked and not self.busy:
            self._want(self.parked[0]["seq"] - 1)

    def _next(self, frame: dict[str, Any]) -> None:
        seq, at = frame["seq"], self.page.seq
        if seq < at:
            return
        if (frame["token"] if seq == at else frame["follows"]) not in {None, self.page.token}:
            self._reset()
        elif frame["op"] == "stale":
            self._want(seq)
        elif seq > at:
            self._apply([frame], self.page.epoch, seq, frame["token"], "push")

    # Catching up over HTTP

    def _want(self, seq: int) -> None:
        self.want = max(self.want, seq)
        self._run()

    def _ask(self) -> None:
        self.asked = True
        self._run()

    def _doubt(self) -> None:
        self._ask()
        self._spawn(self._ask_later())

    async def _ask_later(self) -> None:
        await asyncio.sleep(NOTICED)
        self._ask()

    def _reset(self) -> None:
        self.must_reset, self.parked = True, []
        self._run()

    @property
    def behind(self) -> bool:
        wanting = self.must_reset or self.asked or self.want > self.page.seq
        return wanting and not self.foreign and not self.stopped

    def _run(self) -> None:
        if not self.busy and self.behind:
            self.busy = True
            self.catching = self._spawn(self._catch_up())

    async def _catch_up(self) -> None:
        while self.behind:
            try:
                pause = await (self._snapshot() if self.must_reset else self._changes())
            except UNREACHABLE:
                pause = backoff(self.failures)
            self.failures = 0 if pause is None else self.failures + 1
            self._drain()
            if pause is not None:
                self.asked = True
                self.wake.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), pause)
        self.busy = False
        self._drain()

    async def _changes(self) -> float | None:
        epoch, seq, token, self.asked = self.page.epoch, self.page.seq, self.page.token, False
        want = f"&want={self.want}" if self.want > seq else ""
        asked = time.monotonic()
        path = f"/live/{{slug}}/changes?after={seq}&epoch={epoch}&token={token}{want}"
        base, status, body, headers = await self._get(path)
        if status == 503:
            self.denied += 1
            if self.denied >= PATIENCE:
                self.denied = self.want = 0
            return max(1.0, float(headers.get("Retry-After", 1))) * random.uniform(1, 1.5)
        self._must_be_there(status)
        answer = json.loads(body)
        self.denied = 0
        found = canaries(body)
        told = {"after": seq, "next": answer["next"], "head": answer["head"], **_numbers(answer)}
        self.note("answer", asked=asked, base=base, canaries=found, **told)
        self.want = max(self.want, answer["head"])
        page = self.page
        split = answer["next"] == page.seq and answer["token"] != page.token
        if not self.must_reset and (split or any(frame["op"] == "reset" for frame in answer["frames"])):
            self._reset()
        # Where pushes overtook it, an answer does not say whether it goes on from the last of them.
        if self.must_reset or page.seq > seq:
            return None
        if answer["next"] > seq:
            self.resets = 0
            self._apply(answer["frames"], epoch, answer["next"], answer["token"], "changes")
        elif self.want > seq:
            return backoff(self.failures)
        return None

    async def _snapshot(self) -> float | None:
        asked = time.monotonic()
        base, status, body, _ = await self._get("/live/{slug}/snapshot")
        self._must_be_there(status)
        self.note("snapshot", asked=asked, base=base, canaries=canaries(body))
        self._replace(body)
        self.must_reset, self.want = False, 0
        self._doubt()
        self.resets += 1
        return backoff(self.resets) if self.resets > 1 else None

    def _must_be_there(self, status: int) -> None:
        if status in GONE:
            self._stop()
        if status != 200:
            raise aiohttp.ClientError(f"{status}")

    async def _get(self, path: str) -> tuple[str, int, str, Any]:
        path = path.format(slug=self.blog.slug)
        answer = await self.blog.get(self.session, path)
        if answer[1] >= 500:
            self.note("denied", status=answer[1], path=path.partition("?")[0])
        return answer

    async def _poll(self) -> None:
        while True:
            self._ask()
            await asyncio.sleep(self.poll_seconds * random.uniform(0.8, 1.2))


def _numbers(answer: dict[str, Any]) -> dict[str, Any]:
    return {"numbers": [frame["seq"] for frame in answer["frames"] if "seq" in frame]}
