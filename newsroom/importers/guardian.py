"""A Guardian-style live page's data (the JSON its page is rendered from) as a `Story`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from newsroom.importers import values
from newsroom.importers.errors import ImportRefused
from newsroom.importers.guardian_elements import ElementReader
from newsroom.importers.story import Item, Person, Story, Wording
from newsroom.sanitise import plain_text

SLUG, HEADLINE, STANDFIRST = 80, 200, 1000
MAX_ITEMS = 5000

# The desks' zones: the file prints its times in them and names them by the edition.
ZONES = {
    "UK": ("Europe/London", "UK"),
    "US": ("America/New_York", "Eastern"),
    "AU": ("Australia/Sydney", "Sydney"),
    "EUR": ("Europe/London", "UK"),
    "INT": ("Europe/London", "UK"),
}

_ID = re.compile(r"^[A-Za-z0-9_-]{1,100}$")
_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")
# A desk saves a block once more while it publishes it; that is not an edit.
SAME_SAVE = timedelta(minutes=1)


def slug_of(path: str) -> str:
    """The last part of the page's path, whole words of at most 80 characters."""
    name = re.sub(r"[^a-z0-9]+", "-", path.rstrip("/").rsplit("/", 1)[-1].lower()).strip("-")
    if len(name) > SLUG:
        name = name[: SLUG + 1].rsplit("-", 1)[0][:SLUG]
    return name


def parse_page(document: dict[str, Any]) -> Story:
    """The story, its items oldest first. Raises `ImportRefused` where the file is not what it should be."""
    page = "The page"
    title = plain_text(values.raw_text(document, "headline", page) or values.raw_text(document, "webTitle", page))
    path = values.text(document, "pageId", page) or values.text(document, "webURL", page)
    if not title or not path or not slug_of(path):
        raise ImportRefused("The page has no “headline” or no “pageId”: without them it cannot be named here. Nothing was imported.")
    language = values.text(document, "lang", page)
    zone, zone_label = ZONES.get(values.text(document, "editionId", page), ("UTC", ""))
    story = Story(
        source_id=values.shorten(f"guardian:{path}", 200),
        slug=slug_of(path),
        title=values.shorten(title, HEADLINE),
        # A list after its sentences is of links to read elsewhere.
        standfirst=values.shorten(plain_text(values.raw_text(document, "standfirst", page)[:100_000].split("<ul")[0]), STANDFIRST),
        kicker=values.shorten(values.text(document, "sectionLabel", page), 60),
        language=language if _LANGUAGE.match(language) else "en",
        zone=zone,
        zone_label=zone_label,
        editors=tuple(
            Person(values.shorten(values.text(tag, "title", page), 120))
            for tag in values.objects(document, "tags", page)
            if tag.get("type") == "Contributor" and values.text(tag, "title", page)
        ),
    )
    _account_for_the_page(story, document, title)
    _read_items(story, document)
    return story


def _account_for_the_page(story: Story, document: dict[str, Any], title: str) -> None:
    page = "The page"
    if len(title) > HEADLINE:
        story.lose("the page", "the end of the headline", f"it is longer than {HEADLINE} characters")
    if "<a " in values.raw_text(document, "standfirst", page):
        story.lose("the page", "the links of the standfirst", "a standfirst here is plain text")
    for _ in values.objects(document, "mainMediaElements", page):
        story.lose("the page", "the main picture or film", "a blog here has none above its entries")
    pages = values.whole(values.record(document, "pagination", page).get("totalPages"))
    if pages > 1:
        current = values.whole(document["pagination"].get("currentPage")) or 1
        story.lose(
            "the page",
            f"{pages - 1} of {pages} pages",
            f"the file holds page {current} only, and the key events of the others. Import the others too",
        )


def _read_items(story: Story, document: dict[str, Any]) -> None:
    """The page's blocks, and the key events and the pinned post that stand on other pages but are in the file."""
    rows = values.objects(document, "blocks", "The page")
    if len(rows) > MAX_ITEMS:
        raise ImportRefused(f"The page has {len(rows)} blocks; {MAX_ITEMS} is the most. Nothing was imported.")
    reader = ElementReader(story)
    known: set[str] = set()
    for number, row in enumerate(rows, 1):
        name = _id(row, f"Block {number}")
        if name in known:
            raise ImportRefused(f"Two blocks have the id “{name}”. Which of them is right cannot be known; nothing was imported.")
        known.add(name)
    pinned_post = values.record(document, "pinnedPost", "The page")
    pinned = _id(pinned_post, "The pinned post") if pinned_post else ""
    elsewhere = [*values.objects(document, "keyEvents", "The page"), *([pinned_post] if pinned else [])]
    for number, row in enumerate(elsewhere, 1):
        name = _id(row, f"Key event {number}")
        if name not in known:
            known.add(name)
            rows.append(row)
    for row in rows:
        item = _item(story, reader, row, pinned)
        if item:
            story.items.append(item)
    story.items.sort(key=lambda item: (item.published_at, item.source_id))


def _id(row: dict[str, Any], where: str) -> str:
    name = values.text(row, "id", where)
    if not _ID.match(name):
        raise ImportRefused(f"{where} has no usable “id”, by which it would be known again. Nothing was imported.")
    return name


def _item(story: Story, reader: ElementReader, row: dict[str, Any], pinned: str) -> Item | None:
    name = _id(row, "A block")
    where = f"Block {name}"
    marks = values.record(row, "attributes", where)
    title = plain_text(values.raw_text(row, "title", where)[:100_000])
    if len(title) > HEADLINE:
        story.lose(where, "the end of its title", f"it is longer than {HEADLINE} characters")
    stamp = row.get("blockFirstPublished")
    published = values.moment(row.get("blockCreatedOn") if stamp is None else stamp, f"{where}, “blockFirstPublished”,")
    updated = row.get("blockLastUpdated")
    edited = values.moment(updated, f"{where}, “blockLastUpdated”,") if updated is not None else None
    blocks = reader.blocks_of(values.objects(row, "elements", where), where)
    if not blocks:
        story.lose(where, "the whole block", "nothing of what it holds could be carried")
        return None
    summary = values.flag(marks, "summary", where)
    only_pictures = all(block["type"] in {"image", "gallery"} for block in blocks)
    return Item(
        source_id=f"guardian:{name}",
        published_at=published,
        first=Wording(
            kind="summary" if summary else "image" if only_pictures else "update",
            headline=values.shorten(title, HEADLINE),
            blocks=blocks,
            people=_people(row, where),
        ),
        key_event=values.flag(marks, "keyEvent", where),
        pinned=values.flag(marks, "pinned", where) or name == pinned,
        edited_at=edited if edited and edited - published > SAME_SAVE else None,
    )


def _people(row: dict[str, Any], where: str) -> tuple[Person, ...]:
    names = (values.shorten(values.text(person, "name", where), 120) for person in values.objects(row, "contributors", where))
    return tuple(Person(name) for name in dict.fromkeys(names) if name)
