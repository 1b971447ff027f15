"""What machines are told of a page: cards for those who share it and schema.org for those who search. Only what the page itself shows.

Everything is made from snapshots of published entries, the very facts that their fragments are made of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.storage import default_storage
from django.templatetags.static import static
from django.utils import translation

from newsroom.models import LiveBlog, State
from newsroom.rendering.entry import heading_of
from newsroom.rendering.snapshot import Picture, Snapshot, image_refs
from newsroom.rendering.times import stamp
from newsroom.sanitise import plain_text

DESCRIPTION = 200
BODY = 300
# A card's picture: the JPEG nearest to this from below, since not every reader of cards knows the newer formats.
CARD_WIDTH = 1280
LARGE_CARD = 600
PICTURES = 3


@dataclass(frozen=True, slots=True)
class CardPicture:
    """`url` is absolute; `width` and `height` are the file's."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a shared link shows (Open Graph, and the other card's few names)."""

    title: str
    description: str
    url: str
    locale: str
    picture: CardPicture | None = None
    published: str = ""
    modified: str = ""

    @property
    def shape(self) -> str:
        return "summary_large_image" if self.picture and self.picture.width >= LARGE_CARD else "summary"


def absolute(address: str) -> str:
    return urljoin(f"{settings.SITE_URL}/", address)


def iso(moment: str | datetime) -> str:
    return stamp(moment, "UTC").iso


def cut(text: str, most: int) -> str:
    """At most so many characters, whole words, with a sign that there is more."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:–—") + "…"


def body_of(snapshot: Snapshot) -> str:
    """The entry's words in reading order, as text."""
    parts: list[str] = []
    for block in snapshot["blocks"]:
        match block["type"]:
            case "text":
                parts.append(plain_text(block["html"]))
            case "quote":
                parts.append(f"“{' '.join(block['text'].split())}” – {block['speaker']}")
            case "list":
                parts += [plain_text(item) for item in block["items"]]
    return " ".join(part for part in parts if part)


def picture_of(snapshot: Snapshot) -> CardPicture | None:
    """Of the first picture of the entry whose files are ours."""
    for ref in image_refs(snapshot["blocks"]):
        found = snapshot["pictures"].get(ref)
        card = card_picture(found) if found else None
        if card:
            return card
    return None


def card_picture(picture: Picture) -> CardPicture | None:
    files = sorted((row for row in picture["renditions"] if row["type"] == "image/jpeg"), key=lambda row: int(row["width"]))
    if not files:
        return None
    best = next((row for row in reversed(files) if row["width"] <= CARD_WIDTH), files[0])
    alt = "" if picture["decorative"] else picture["alt"]
    return CardPicture(absolute(default_storage.url(best["name"])), best["width"], best["height"], alt)


def name_of(snapshot: Snapshot) -> str:
    """The entry's headline, the beginning of its text, or its kind and time. Call inside `translation.override(blog.language)`."""
    clock = stamp(snapshot["published_at"], snapshot["blog"]["zone"]).clock
    return snapshot["headline"] or cut(body_of(snapshot), 90) or heading_of(snapshot, clock)


def modified_at(snapshot: Snapshot) -> str:
    moments = [snapshot["published_at"], snapshot["edited_at"] or "", *(note["at"] for note in snapshot["corrections"])]
    return max(iso(moment) for moment in moments if moment)


def locale_of(blog: LiveBlog) -> str:
    return translation.to_locale(blog.language.lower())


def publisher() -> dict[str, Any]:
    logo = {"@type": "ImageObject", "url": absolute(static("icons/rail.svg"))}
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": f"{settings.SITE_URL}/", "logo": logo}


def posting(snapshot: Snapshot) -> dict[str, Any]:
    """One entry as a `BlogPosting`, its corrections included."""
    url = absolute(f"/live/{snapshot['blog']['slug']}/{snapshot['ref']}/")
    found: dict[str, Any] = {
        "@type": "BlogPosting",
        "headline": name_of(snapshot),
        "url": url,
        "datePublished": iso(snapshot["published_at"]),
        "dateModified": modified_at(snapshot),
        "articleBody": cut(body_of(snapshot), BODY),
        "author": [{"@type": "Person", "name": line["name"]} for line in snapshot["bylines"]],
        "keywords": [tag["name"] for tag in snapshot.get("tags", [])],
        "correction": [
            {"@type": "CorrectionComment", "text": note["note"], "datePublished": iso(note["at"])} for note in snapshot["corrections"]
        ],
    }
    picture = picture_of(snapshot)
    if picture:
        found["image"] = image_object(picture)
    return {name: value for name, value in found.items() if value}


def image_object(picture: CardPicture) -> dict[str, Any]:
    return {"@type": "ImageObject", "url": picture.url, "width": picture.width, "height": picture.height}


def live_blog_posting(blog: LiveBlog, snapshots: Iterable[Snapshot], *, url: str, changed: datetime | None) -> dict[str, Any]:
    """The page as a `LiveBlogPosting` with the updates that it shows, newest first.

    Coverage starts when it started or is planned to, and ends only once it has ended.
    """
    shown = list(snapshots)
    pictures = [picture for picture in map(picture_of, shown) if picture][:PICTURES]
    starts = blog.started_at or blog.planned_start
    times = {
        "datePublished": blog.started_at,
        "dateModified": changed or blog.started_at,
        "coverageStartTime": starts,
        "coverageEndTime": blog.ended_at if blog.state == State.ENDED else None,
    }
    return {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "headline": blog.title,
        **({"description": blog.standfirst} if blog.standfirst else {}),
        "url": url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "inLanguage": blog.language,
        **{name: iso(moment) for name, moment in times.items() if moment},
        "author": publisher(),
        "publisher": publisher(),
        **({"image": [image_object(picture) for picture in pictures]} if pictures else {}),
        **({"liveBlogUpdate": [posting(snapshot) for snapshot in shown]} if shown else {}),
    }


def blog_card(blog: LiveBlog, snapshots: Iterable[Snapshot], *, url: str) -> Card:
    picture = next((found for found in map(picture_of, snapshots) if found), None)
    return Card(blog.title, cut(blog.standfirst, DESCRIPTION), url, locale_of(blog), picture)


def entry_posting(blog: LiveBlog, snapshot: Snapshot) -> dict[str, Any]:
    """The entry's own page: a `BlogPosting` that is part of the live blog."""
    whole = {"@type": "LiveBlogPosting", "headline": blog.title, "url": absolute(blog.get_absolute_url())}
    found = {
        "@context": "https://schema.org",
        **posting(snapshot),
        "isPartOf": whole,
        "publisher": publisher(),
        "inLanguage": blog.language,
    }
    found.setdefault("author", publisher())
    found["mainEntityOfPage"] = {"@type": "WebPage", "@id": found["url"]}
    return found


def entry_card(blog: LiveBlog, snapshot: Snapshot) -> Card:
    return Card(
        title=name_of(snapshot),
        description=cut(body_of(snapshot) or blog.title, DESCRIPTION),
        url=absolute(f"/live/{blog.slug}/{snapshot['ref']}/"),
        locale=locale_of(blog),
        picture=picture_of(snapshot),
        published=iso(snapshot["published_at"]),
        modified=modified_at(snapshot),
    )
