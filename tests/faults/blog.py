"""Where a run's blog is served, and what a request to there may fail with."""

from __future__ import annotations

import contextlib
import random
from dataclasses import dataclass
from typing import Any

import aiohttp

ANSWER_DUE = 15.0
UNREACHABLE = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass
class Blog:
    """Where the blog is served: each base address is one server (or a proxy before it)."""

    bases: list[str]
    slug: str

    async def get(self, session: aiohttp.ClientSession, path: str) -> tuple[str, int, str, Any]:
        """Who answered, and the answer: one server, or the next where that one takes no connection, as the proxy does."""
        bases = random.sample(self.bases, len(self.bases))
        for base in bases[:-1]:
            with contextlib.suppress(aiohttp.ClientConnectorError):
                return await self._ask(session, base, path)
        return await self._ask(session, bases[-1], path)

    async def _ask(self, session: aiohttp.ClientSession, base: str, path: str) -> tuple[str, int, str, Any]:
        async with session.get(f"{base}{path}", timeout=aiohttp.ClientTimeout(total=ANSWER_DUE)) as response:
            return base, response.status, await response.text(), response.headers

    def address(self, path: str) -> str:
        return f"{random.choice(self.bases)}{path.format(slug=self.slug)}"
