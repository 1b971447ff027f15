"""Waiting for something outside this process: asked often, never longer than said, and never by the clock alone."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


def until(ask: Callable[[], T], *, seconds: float, what: str) -> T:
    """The first true answer of `ask`, or a TimeoutError that says what did not come."""
    pause = threading.Event()
    end = time.monotonic() + seconds
    while not (answer := ask()):
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come within {seconds:g} s")
        pause.wait(0.05)
    return answer


async def until_async(ask: Callable[[], Awaitable[object]], *, seconds: float = 10.0) -> None:
    """Asks again and again, the event loop running on in between, until the answer is true."""
    async with asyncio.timeout(seconds):
        while not await ask():  # noqa: ASYNC110 – what is asked has no event to wait for
            await asyncio.sleep(0.02)
