"""From a picture's facts to what `<picture>` needs. Renditions were made at upload: a reader's request makes none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from django.core.files.storage import default_storage

from newsroom.rendering.snapshot import Picture

# Smallest first in the reader's favour: the browser takes the first type it knows.
TYPE_ORDER = ("image/avif", "image/webp", "image/jpeg", "image/png")
FALLBACK_WIDTH = 960


@dataclass(frozen=True, slots=True)
class Source:
    type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """`sources` (all but the last type) and the `<img>` itself: `src`, `srcset`, `width`, `height`. `remote_host` is set for a mere link."""

    ref: str
    alt: str
    caption: str
    credit: str
    width: int
    height: int
    position: str
    src: str
    srcset: str
    sources: tuple[Source, ...]
    remote_url: str
    remote_host: str


def view_picture(picture: Picture) -> PictureView:
    renditions = sorted(picture["renditions"], key=lambda r: (TYPE_ORDER.index(r["type"]), r["width"]))
    by_type = {kind: list(group) for kind, group in groupby(renditions, key=lambda r: str(r["type"]))}
    sets = [Source(kind, ", ".join(f"{default_storage.url(r['name'])} {r['width']}w" for r in rows)) for kind, rows in by_type.items()]
    base = by_type[sets[-1].type] if sets else []
    fallback = next((r for r in base if r["width"] >= FALLBACK_WIDTH), base[-1] if base else None)
    return PictureView(
        ref=picture["ref"],
        alt="" if picture["decorative"] else picture["alt"],
        caption=picture["caption"],
        credit=picture["credit"],
        width=picture["width"],
        height=picture["height"],
        position=f"{picture['focal_x'] * 100:.0f}% {picture['focal_y'] * 100:.0f}%",
        src=default_storage.url(fallback["name"]) if fallback else "",
        srcset=sets[-1].srcset if sets else "",
        sources=tuple(sets[:-1]),
        remote_url=picture["remote_url"],
        remote_host=urlsplit(picture["remote_url"]).hostname or "",
    )
