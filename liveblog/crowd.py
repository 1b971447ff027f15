"""Notes how many read each blog, minute by minute, for the desk's chart: whether or not a desk is open.

Of the processes that have a blog's readers one notes it. Where they do not hear of each other each notes its own, and one of them stands.
"""

from __future__ import annotations

import asyncio
import logging
import time

from django.db import Error as DatabaseError
from django.utils import timezone

from liveblog.wire.asking import ask_database
from liveblog.wire.hub import Hub
from newsroom.actions.readers import note_readers

log = logging.getLogger(__name__)

NOTE_SECONDS = 60.0


async def note_crowds(hub: Hub) -> None:
    """At each full minute, for ever: one statement a process, and none where nobody reads."""
    while True:
        await asyncio.sleep(NOTE_SECONDS - time.time() % NOTE_SECONDS)
        counts = {feed.blog_id: hub.presence.total(feed) for feed in hub.feeds.values() if hub.presence.is_first(feed)}
        if not counts:
            continue
        try:
            await ask_database(note_readers, counts=counts, now=timezone.now())
        except DatabaseError as error:
            log.warning("How many read was not noted: %s. The next minute is.", error)
