"""Fail-points: places where a running server can be made to fail, from outside, for a while."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from newsroom import announce, catching_up, selectors
from newsroom.actions import changes
from newsroom.models import LiveBlog
from tests.faults.history import ORPHANS


@dataclass
class Points:
    """`drop`: the share of pushes that vanish on their way to the other processes. `roll_back`: the share of writes that fail just before
    COMMIT. `die`: the blog whose next announcement kills the process instead, between COMMIT and publish; the file `ORPHANS` then holds
    the numbers that nobody announced.
    """

    drop: float = 0.0
    roll_back: float = 0.0
    die: str = ""


class RolledBack(OperationalError):
    """A write that the database has undone at the last moment, as it does in a deadlock: nothing of it may ever be seen."""


points = Points()
# When this thread's last write was committed, by the monotonic clock.
moments = threading.local()

# When each catch-up asked the database, in seconds of the monotonic clock.
catch_ups: list[float] = []


def busiest_second() -> int:
    """The most catch-ups that asked the database within one second."""
    return max((sum(start <= at < start + 1 for at in catch_ups) for start in catch_ups), default=0)


def turn(**values: Any) -> None:
    for name, value in values.items():
        setattr(points, name, type(getattr(points, name))(value))


def install() -> None:
    """Wraps the product's functions; with all points at rest they do what they did."""
    really_announce, really_commit = announce.Sender.send_soon, changes.commit_change
    really_send = announce.Sender._send

    def announce_or_die(sender: announce.Sender, messages: Sequence[dict[str, Any]], group: str = announce.GROUP) -> None:
        if group == announce.GROUP:
            moments.committed = getattr(moments, "committed", None) or time.monotonic()
            if points.die and LiveBlog.objects.filter(pk=messages[0]["blog"], slug=points.die).exists():
                (settings.VAR_DIR / ORPHANS).write_text(json.dumps([message["seq"] for message in messages]))
                os.kill(os.getpid(), signal.SIGKILL)
        really_announce(sender, messages, group)

    async def send_or_lose(sender: announce.Sender, messages: Sequence[dict[str, Any]], group: str) -> None:
        if group != announce.GROUP or random.random() >= points.drop:
            await really_send(sender, messages, group)

    def commit_or_fail(**arguments: Any) -> changes.Committed:
        respond = arguments.pop("respond", dict)

        def answer() -> dict[str, Any]:
            if random.random() < points.roll_back:
                raise RolledBack
            return respond()

        return really_commit(**arguments, respond=answer)

    really_read, really_numbers_after = catching_up.read_stretch, selectors.numbers_after

    def counted(really: Any) -> Any:
        def ask(*arguments: Any, **named: Any) -> Any:
            catch_ups.append(time.monotonic())
            return really(*arguments, **named)

        return ask

    catching_up.read_stretch, selectors.numbers_after = counted(really_read), counted(really_numbers_after)
    announce.Sender.send_soon = announce_or_die  # type: ignore[method-assign]
    announce.Sender._send = send_or_lose  # type: ignore[method-assign]
    everywhere("commit_change", really_commit, commit_or_fail)


def set_clock(wrong_by: float) -> None:
    """This process's idea of now."""
    really = timezone.now
    if wrong_by:
        timezone.now = lambda: really() + timedelta(seconds=wrong_by)


def everywhere(name: str, old: Any, new: Any) -> None:
    """Replaces a function in every module of the product that has imported it by name."""
    import sys

    from newsroom.actions import blogs, drafts, entries, media, releases, rerendering, restore

    assert [blogs, drafts, entries, media, releases, rerendering, restore]
    for module in [module for title, module in list(sys.modules.items()) if title.startswith(("newsroom", "liveblog", "tests.faults"))]:
        if getattr(module, name, None) is old:
            setattr(module, name, new)
