"""Where a run's blog is served, and what a request to there may fail with."""

from __future__ import annotations

import random
from dataclasses import dataclass

import aiohttp

UNREACHABLE = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass
class Blog:
    """Where the blog is served: each base address is one server (or a proxy before it)."""

    bases: list[str]
    slug: str

    def address(self, path: str) -> str:
        return f"{random.choice(self.bases)}{path.format(slug=self.slug)}"
