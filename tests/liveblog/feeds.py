"""The three feeds of a blog, read as a feed reader would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from django.test import Client

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"


@dataclass(frozen=True, slots=True)
class Read:
    """One entry, whichever format it came in."""

    id: str
    url: str
    title: str
    html: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    categories: tuple[str, ...]


def words(element: Element, name: str) -> str:
    (found,) = element.findall(name)
    return found.text or ""


def atom(client: Client, slug: str = "story") -> Element:
    return fromstring(client.get(f"/live/{slug}/feed.atom").content)


def rss(client: Client, slug: str = "story") -> Element:
    (channel,) = fromstring(client.get(f"/live/{slug}/feed.rss").content).findall("channel")
    return channel


def json(client: Client, slug: str = "story") -> dict[str, Any]:
    return client.get(f"/live/{slug}/feed.json").json()


def of_atom(client: Client, slug: str = "story") -> list[Read]:
    return [
        Read(
            words(item, f"{ATOM}id"),
            item.find(f"{ATOM}link[@rel='alternate']").attrib["href"],
            words(item, f"{ATOM}title"),
            words(item, f"{ATOM}content[@type='html']"),
            datetime.fromisoformat(words(item, f"{ATOM}published")),
            datetime.fromisoformat(words(item, f"{ATOM}updated")),
            tuple(words(author, f"{ATOM}name") for author in item.findall(f"{ATOM}author")),
            tuple(category.attrib["label"] for category in item.findall(f"{ATOM}category")),
        )
        for item in atom(client, slug).findall(f"{ATOM}entry")
    ]


def of_rss(client: Client, slug: str = "story") -> list[Read]:
    return [
        Read(
            words(item, "guid[@isPermaLink='true']"),
            words(item, "link"),
            words(item, "title"),
            words(item, "description"),
            parsedate_to_datetime(words(item, "pubDate")),
            datetime.fromisoformat(words(item, f"{ATOM}updated")),
            tuple(author.text or "" for author in item.findall(f"{DC}creator")),
            tuple(category.text or "" for category in item.findall("category")),
        )
        for item in rss(client, slug).findall("item")
    ]


def of_json(client: Client, slug: str = "story") -> list[Read]:
    return [
        Read(
            item["id"],
            item["url"],
            item["title"],
            item["content_html"],
            datetime.fromisoformat(item["date_published"]),
            datetime.fromisoformat(item["date_modified"]),
            tuple(author["name"] for author in item.get("authors", [])),
            tuple(item.get("tags", [])),
        )
        for item in json(client, slug)["items"]
    ]


def read(client: Client, slug: str = "story") -> list[Read]:
    """The entries, which are the same in all three."""
    found = of_atom(client, slug)
    assert found == of_rss(client, slug) == of_json(client, slug)
    return found
