"""`python -m bench.writer PORT`: publishes what is posted to `/<slug>`, through the action that the desk calls.

The answer says when the commit was done (`Committed-Ns`, of the machine's monotonic clock), so that the way from the commit to the
readers can be told from the write itself. A post to `/<slug>/size` is answered with the bytes of the frame as well. Of what is posted to
`/<slug>/together/N` each entry is committed at once, and the N pushes leave together after the last: a burst as a server process meets
it, whatever a commit costs.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")

import django

django.setup()

from django.db import connection  # noqa: E402 – Django is set up first

from bench.posts import Answer, serve_posts  # noqa: E402
from newsroom import frames  # noqa: E402
from newsroom.actions.entries import EntryText, publish_entry  # noqa: E402
from newsroom.announce import sender  # noqa: E402
from newsroom.models import LiveBlog  # noqa: E402


class Commits:
    """When the newest transaction was committed: Django runs the commit hooks directly after COMMIT."""

    def __init__(self, database: Any) -> None:
        self.at_ns = 0
        self._hooks = database.run_and_clear_commit_hooks
        database.run_and_clear_commit_hooks = self._committed

    def _committed(self) -> None:
        self.at_ns = time.monotonic_ns()
        self._hooks()


class Pushes:
    """Stands before the announcer and may hold what it is given until enough has come."""

    def __init__(self) -> None:
        self._send_soon = sender.send_soon
        self._held: list[dict[str, object]] = []
        self.wanted = 0
        sender.send_soon = self._take  # type: ignore[method-assign]

    def _take(self, messages: Sequence[dict[str, object]]) -> None:
        self._held += messages
        if len(self._held) >= self.wanted:
            self._send_soon(self._held)
            self._held = []


def main(port: int) -> None:
    connection.ensure_connection()
    commits, pushes = Commits(connection), Pushes()

    def publish(path: str, body: str) -> Answer:
        slug, _, wish = path.strip("/").partition("/")
        blog = LiveBlog.objects.get(slug=slug)
        actor = blog.memberships.get(role="chief").user
        text = EntryText(blocks=[{"type": "text", "html": f"<p>{body}</p>"}])
        pushes.wanted = int(wish.removeprefix("together/")) if wish.startswith("together/") else 0
        entry = publish_entry(actor=actor, blog=blog, text=text, now=datetime.now(UTC))
        answer = {"Committed-Ns": str(commits.at_ns)}
        if wish == "size":
            frame = frames.encode(frames.entry_frame(entry, seq=entry.last_seq, token=-(2**31)))
            answer["Frame-Bytes"] = str(len(frame.encode()))
        return answer

    serve_posts(port, publish)


if __name__ == "__main__":
    main(int(sys.argv[1]))
