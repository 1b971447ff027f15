"""From a stored block to what its template prints: pictures resolved, quotation marks set, hosts and durations in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from newsroom.players import player_of
from newsroom.rendering.languages import numerals
from newsroom.rendering.pictures import PictureView, view_picture
from newsroom.rendering.snapshot import Snapshot
from newsroom.rendering.times import stamp

Block = dict[str, Any]

# How a language opens and closes what somebody said; all others do as English does.
QUOTATION_MARKS = {
    "ar": ("«", "»"),
    "de": ("„", "“"),
    "es": ("«", "»"),
    "fa": ("«", "»"),
    "fr": ("«\N{NARROW NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}»"),
}
ENGLISH_MARKS = ("“", "”")
ANY_MARK = '"“”„«»\N{NARROW NO-BREAK SPACE}\N{NO-BREAK SPACE} '

# How much text the pinned copy shows whole, in characters: on a phone, and on a wide screen.
FITS_NARROW = 100
FITS_WIDE = 300
# From how much on an entry is long among others in little room, and what of that a picture and a card count as.
LONG = 2000
A_PICTURE = 900
A_CARD = 300


def quotation(text: str, language: str) -> list[str]:
    """The quote's paragraphs with the language's marks: each paragraph opens, the last one closes. Marks typed around it are dropped."""
    opening, closing = QUOTATION_MARKS.get(language.split("-")[0], ENGLISH_MARKS)
    paragraphs = [line.strip(ANY_MARK) for line in text.splitlines() if line.strip(ANY_MARK)]
    return [opening + paragraph + (closing if number == len(paragraphs) else "") for number, paragraph in enumerate(paragraphs, 1)]


def host_of(url: str) -> str:
    """The site's name; nothing where an older text holds what is no address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def duration(seconds: int | float | None) -> str:
    """`3:12` or `1:04:05` in the active language's digits; nothing where it is not known."""
    if not seconds:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return numerals(f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}")


def day_of(moment: str, zone: str) -> str:
    """The day of an ISO time in words, or the text as it came where it is not one."""
    try:
        when = datetime.fromisoformat(moment)
        return stamp(when if when.tzinfo else f"{when.isoformat()}+00:00", zone).day_label
    except (ValueError, OverflowError):
        return moment


def view_block(block: Block, pictures: dict[str, PictureView], language: str, zone: str) -> Block | None:
    """What the block's template sees, or None where nothing of it is left to show."""
    match block["type"]:
        case "image":
            picture = pictures.get(block["image"])
            return {**block, "picture": picture} if picture and picture.is_shown else None
        case "gallery":
            shown = [pictures[ref] for ref in block["images"] if ref in pictures and pictures[ref].is_shown]
            return {**block, "pictures": shown} if shown else None
        case "quote":
            url = block.get("source_url", "")
            return {**block, "paragraphs": quotation(block["text"], language), "source_label": block.get("source_label") or host_of(url)}
        case "embed":
            host = host_of(block["url"])
            published = block.get("published")
            player = player_of(block["url"])
            provider = block.get("provider") or (player.label if player else host)
            return {**block, "host": host, "provider": provider, "day": day_of(published, zone) if published else "", "player": player}
        case "audio" | "video":
            poster = pictures.get(block.get("poster", ""))
            return {
                **block,
                "host": host_of(block["url"]),
                "clock": duration(block.get("duration")),
                "picture": poster if poster and poster.src else None,
                "player": player_of(block["url"]),
            }
        case _:
            return block


def view_blocks(snapshot: Snapshot) -> list[Block]:
    """The blocks in their order. Call inside `translation.override(blog.language)`."""
    pictures = {ref: view_picture(facts) for ref, facts in snapshot["pictures"].items()}
    blog = snapshot["blog"]
    views = (view_block(block, pictures, blog["language"], blog["zone"]) for block in snapshot["blocks"])
    return [view for view in views if view is not None]


def fold_of(blocks: list[Block]) -> str:
    """Where the pinned copy of these blocks folds: `always`, `narrow` (only on a narrow screen) or nowhere, the empty string.

    A guess from the text alone, since a fragment knows no screen.
    """
    if any(block["type"] not in {"text", "list", "quote"} for block in blocks):
        return "always"
    text = sum(map(room_of, blocks))
    return "always" if text > FITS_WIDE else "narrow" if text > FITS_NARROW else ""


def is_long(blocks: list[Block]) -> bool:
    """Whether an entry of these folds where it stands among others in little room: at the desk and in the embed. A guess, as above."""
    return sum(map(room_of, blocks)) > LONG


def room_of(block: Block) -> int:
    """How much room it takes, in characters of text."""
    match block["type"]:
        case "text":
            return len(block["html"])
        case "list":
            return sum(len(item) + 40 for item in block["items"])
        case "quote":
            return len(block["text"]) * 2
        case "image" | "gallery":
            return A_PICTURE
        case _:
            return A_CARD
