"""Waiting for something outside this process: asked often, never longer than said, and never by the clock alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
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
