"""The desk of a run: several writers who do every verb there is, with a key for each write, and repeat it until they are answered.

Three of ten writes are sent twice, half of those at the same moment: as an impatient browser and a lost answer do.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.faults.blog import UNREACHABLE, Blog
from tests.faults.history import History

# How often each verb comes, of a hundred.
MIX = {
    "publish": 40, "edit": 14, "correct": 9, "withdraw": 9, "mark": 7, "pin": 5, "unpin": 2,
    "front": 3, "state": 4, "draft": 4, "schedule": 3,
}  # fmt: skip
NEEDS_AN_ENTRY = {"edit", "correct", "withdraw", "mark", "pin"}
TWICE = 0.3
GIVES_UP_AFTER = 60.0
ANSWER_DUE = aiohttp.ClientTimeout(total=10)


@dataclass
class Own:
    """An entry that a writer has published, and every text it has had."""

    ref: str
    canaries: list[str]
    key_event: bool = False


@dataclass
class Writer:
    name: str
    blog: Blog
    history: History
    session: aiohttp.ClientSession
    sets_state: bool = False
    hold: float = 0.0
    length: int = 6
    entries: list[Own] = field(default_factory=list)
    paused: bool = False
    made: int = 0

    async def work(self, plan: list[str], pause: float) -> None:
        """Does the verbs of `plan`, one after another, with about `pause` seconds between two."""
        for verb in plan:
            began = time.monotonic()
            if verb in NEEDS_AN_ENTRY and not self.entries:
                verb = "publish"
            if verb == "state" and not self.sets_state:
                verb = "front"
            await getattr(self, verb)()
            await asyncio.sleep(max(0.0, random.uniform(0.6, 1.4) * pause - (time.monotonic() - began)))

    # The verbs

    async def publish(self) -> None:
        text, canary = self._text()
        back = random.choice([0, 0, 0, 30])
        done = await self._write("publish", **text, back=back)
        if done:
            self.entries.append(Own(done["ref"], [canary]))

    async def edit(self, verb: str = "edit") -> None:
        own = random.choice(self.entries)
        text, canary = self._text()
        own.canaries.append(canary)
        await self._write(verb, ref=own.ref, **text)

    async def correct(self) -> None:
        await self.edit("correct")

    async def withdraw(self) -> None:
        own = self.entries.pop(random.randrange(len(self.entries)))
        done = await self._write("withdraw", ref=own.ref, notice=random.random() < 0.5)
        if done:
            by = done["base"] if done["here"] else None
            self.history.note("withdrawn", ref=own.ref, seq=done["seq"], canaries=own.canaries, t=done["t"], base=by)

    async def mark(self) -> None:
        own = random.choice(self.entries)
        own.key_event = not own.key_event
        await self._write("mark", ref=own.ref, key_event=own.key_event)

    async def pin(self) -> None:
        await self._write("pin", ref=random.choice(self.entries).ref)

    async def unpin(self) -> None:
        await self._write("unpin")

    async def front(self) -> None:
        await self._write("front", title=f"The crowd watches {secrets.token_hex(3)}")

    async def state(self) -> None:
        self.paused = not self.paused
        await self._write("state", state="paused" if self.paused else "live")

    async def draft(self) -> None:
        text, canary = self._text()
        self.history.note("secret", canaries=[canary], until=None)
        await self._write("draft", **text)

    async def schedule(self) -> None:
        text, canary = self._text()
        after = random.uniform(0.5, 1.5)
        self.history.note("secret", canaries=[canary], until=time.monotonic() + after)
        await self._write("schedule", **text, after=after)

    async def burst(self, count: int, seconds: float) -> None:
        """Publishes `count` entries within the server while its event loop is made to stand still for `seconds`."""
        texts = [{"key": str(uuid.uuid4()), **self._text()[0]} for _ in range(count)]
        asked = time.monotonic()
        body = {"blog": self.blog.slug, "actor": self.name, "seconds": seconds, "texts": texts}
        async with self.session.post(self.blog.address("/door/burst"), json=body, timeout=ANSWER_DUE) as response:
            for answer in (await response.json())["answers"]:
                self.history.note("ack", verb="publish", tries=1, asked=asked, **answer)

    # A write, until it is answered

    def _text(self) -> tuple[dict[str, Any], str]:
        self.made += 1
        canary = f"canary{secrets.token_hex(5)}"
        return {
            "headline": f"{self.name}, number {self.made}",
            "html": f"<p>{canary} {'says what is known so far. ' * self.length}</p>",
        }, canary

    async def _write(self, verb: str, **facts: Any) -> dict[str, Any] | None:
        """The answer, or None where the newsroom refused or nobody answered for a minute."""
        body = {"blog": self.blog.slug, "actor": self.name, "key": str(uuid.uuid4()), "hold": self.hold, **facts}
        twice = random.random()
        if twice < TWICE / 2:
            answers = await asyncio.gather(self._until_answered(verb, body), self._until_answered(verb, body))
        else:
            answers = [await self._until_answered(verb, body)]
            if twice < TWICE:
                answers.append(await self._until_answered(verb, body))
        given = [answer for answer in answers if answer]
        return next((answer for answer in given if answer["here"]), given[0] if given else None)

    async def _until_answered(self, verb: str, body: dict[str, Any]) -> dict[str, Any] | None:
        asked, tries = time.monotonic(), 0
        while time.monotonic() < asked + GIVES_UP_AFTER:
            tries += 1
            try:
                base = self.blog.address("")
                async with self.session.post(f"{base}/door/{verb}", json=body, timeout=ANSWER_DUE) as response:
                    answer: dict[str, Any] = await response.json() if response.status in {200, 409} else {}
                    if response.status == 200:
                        answer |= {"t": time.monotonic(), "base": base}
                        self.history.note("ack", verb=verb, key=body["key"], tries=tries, asked=asked, **answer)
                        return answer
                    if response.status == 409:
                        self.history.note("refused", verb=verb, why=answer["refused"])
                        if answer["refused"].startswith("NotFound"):
                            # A restore has taken it back.
                            self.entries = [own for own in self.entries if own.ref != body.get("ref")]
                        return None
                    self.history.note("trouble", verb=verb, status=response.status)
            except aiohttp.ClientConnectorError:
                # Nobody listens there: this write was never in flight.
                pass
            except UNREACHABLE as error:
                self.history.note("lost", verb=verb, why=type(error).__name__)
            await asyncio.sleep(random.uniform(0.05, 0.4))
        self.history.note("unanswered", verb=verb)
        return None


def plan(number: int, without: frozenset[str]) -> list[str]:
    """`number` verbs: first one of each, then by their shares."""
    mix = {verb: share for verb, share in MIX.items() if verb not in without}
    every = ["publish", "publish", *mix]
    return (every + random.choices([*mix], weights=[*mix.values()], k=number))[:number]
