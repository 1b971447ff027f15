"""The two XML formats, by Django's generators, with what those leave out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, rfc3339_date

from liveblog.feeds.items import Channel


class Atom(Atom1Feed):
    """With the entry whole as its content, each author, and categories that have a label."""

    def latest_post_date(self) -> datetime:
        return self.feed["updated"]

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("icon", self.feed["icon"])

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, {**item, "description": None})
        for author in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", author["name"])
            handler.endElement("author")
        for category in item["labelled"]:
            handler.addQuickElement("category", "", {"term": category.term, "label": category.label})
        handler.addQuickElement("content", item["description"], {"type": "html"})


class Rss(Rss201rev2Feed):
    """With each author's name, and with the time of the last change, for which RSS has no word of its own."""

    def latest_post_date(self) -> datetime:
        return self.feed["updated"]

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:dc": "http://purl.org/dc/elements/1.1/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for author in item["authors"]:
            handler.addQuickElement("dc:creator", author["name"])
        for category in item["labelled"]:
            handler.addQuickElement("category", category.label)
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))


def feed_xml(generator: type[Atom | Rss], channel: Channel, *, address: str) -> str:
    """`address` is the feed's own."""
    feed = generator(
        title=channel.title,
        link=channel.url,
        description=channel.description,
        subtitle=channel.description,
        language=channel.language,
        author_name=channel.publisher,
        author_link=channel.publisher_url,
        feed_url=address,
        updated=channel.updated,
        icon=channel.icon,
    )
    for item in channel.items:
        feed.add_item(
            title=item.title,
            link=item.url,
            description=item.html,
            unique_id=item.url,
            unique_id_is_permalink=True,
            pubdate=item.published,
            updateddate=item.updated,
            authors=item.authors,
            labelled=item.categories,
        )
    return feed.writeString("utf-8")
