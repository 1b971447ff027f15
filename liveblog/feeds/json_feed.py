"""JSON Feed 1.1, with what this project knows besides under `_liveblog`."""

from __future__ import annotations

import json
from typing import Any

from liveblog.feeds.items import Channel, Item
from liveblog.reader.metadata import iso
from newsroom.rendering.snapshot import Signature

VERSION = "https://jsonfeed.org/version/1.1"


def feed_json(channel: Channel, *, address: str) -> str:
    """`address` is the feed's own."""
    found = {
        "version": VERSION,
        "title": channel.title,
        "home_page_url": channel.url,
        "feed_url": address,
        "description": channel.description,
        "language": channel.language,
        "favicon": channel.icon,
        "authors": [{"name": channel.publisher, "url": channel.publisher_url}],
        "_liveblog": {"updated": iso(channel.updated)},
        "items": [_item(item) for item in channel.items],
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _item(item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": item.url,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "image": item.picture.url if item.picture else "",
        "date_published": iso(item.published),
        "date_modified": iso(item.updated),
        "authors": [_author(line) for line in item.authors],
        "tags": [category.label for category in item.categories],
        "_liveblog": {name: value for name, value in item.facts.items() if value},
    }
    return {name: value for name, value in found.items() if value}


def _author(line: Signature) -> dict[str, Any]:
    facts = {name: value for name, value in (("role", line["role"]), ("place", line["place"])) if value}
    return {"name": line["name"], "_liveblog": facts} if facts else {"name": line["name"]}
