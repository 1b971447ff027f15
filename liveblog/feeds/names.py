"""The names under which a blog's feeds stand, for whoever must tell them from pages."""

from __future__ import annotations

ATOM, RSS, JSON = "feed.atom", "feed.rss", "feed.json"
FEEDS = (ATOM, RSS, JSON)
