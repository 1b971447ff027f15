"""Questions that a server process itself puts to the database, from its event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.db import OperationalError

# A statement has five seconds in the database. With them a question waits for a thread and for a connection: where the database hangs,
# all of those are taken, and whoever asks next is not to wait for each of them in turn.
ANSWER_SECONDS = 6.0

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


async def ask_database(question: Callable[Asked, Answer], *arguments: Asked.args, **named: Asked.kwargs) -> Answer:
    """The answer, found in a thread. Raises `DatabaseError`, also where none has come in time."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await database_sync_to_async(question, thread_sensitive=False)(*arguments, **named)
    except TimeoutError as error:
        raise OperationalError(f"no answer within {ANSWER_SECONDS:g} s") from error
