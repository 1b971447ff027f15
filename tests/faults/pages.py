"""What a page shows, in a form that two pages can be compared by, and the same from the rows of the database."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.readers import Page


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def shape(page: Page) -> dict[str, Any]:
    """`articles` is a list of [ref, rev, order, digest], newest first; `whole` says that nothing older exists."""
    return {
        "epoch": page.epoch,
        "seq": page.seq,
        "token": page.token,
        "state": page.state,
        "front": digest(page.front),
        "board": digest(page.board),
        "whole": not page.more,
        "articles": [[article.ref, article.rev, article.order, digest(article.html)] for article in page.articles],
    }


def row_shape(rows: list[tuple[str, int, str, str]]) -> list[list[Any]]:
    """The same of entries as (ref, rev, order, fragment), in any order."""
    return [[ref, rev, order, digest(fragment)] for ref, rev, order, fragment in sorted(rows, key=lambda row: row[2], reverse=True)]
