"""From a picture's facts to what `<picture>` needs. Renditions were made at upload: a reader's request makes none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from newsroom.rendering.snapshot import Picture

# Smallest first in the reader's favour: the browser takes the first type it knows.
TYPE_ORDER = ("image/avif", "image/webp", "image/jpeg", "image/png")
FALLBACK_WIDTH = 960
# Taller than this for its width, a picture does not take the whole column.
TALL = 1.1
# A cropped picture is positioned by classes, since inline styles are forbidden: the focal point goes to the nearest of five lines.
FOCUS_STEPS = 4


@dataclass(frozen=True, slots=True)
class Source:
    type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """`sources` (all but the last type) and the `<img>` itself: `src`, `srcset`, `width`, `height`; `largest` is its widest file.

    `remote_host` is set for a mere link.

    `shape` is `tall` or empty, `focus_x` and `focus_y` are 0 to 4 from the left and the top, `credit_line` is the credit as printed.
    """

    ref: str
    alt: str
    caption: str
    credit: str
    width: int
    height: int
    credit_line: str
    shape: str
    focus_x: int
    focus_y: int
    src: str
    largest: str
    srcset: str
    sources: tuple[Source, ...]
    remote_url: str
    remote_host: str

    @property
    def is_shown(self) -> bool:
        """A picture without files and without a link has nothing to show."""
        return bool(self.src or self.remote_url)

    @property
    def repeats(self) -> bool:
        """The caption says all that the alternative text does, so a picture shown in words alone needs only one of them."""
        return _said(self.alt) in _said(self.caption)


def _said(text: str) -> str:
    return " ".join(text.split()).rstrip(" .").casefold()


def credit_line(credit: str) -> str:
    """“Photograph: J. Okafor/Ledger”. A credit that names its own craft (“Illustration: …”) stands as it is."""
    return credit if not credit or ":" in credit else _("Photograph: %(credit)s") % {"credit": credit}


def view_picture(picture: Picture) -> PictureView:
    """Call inside `translation.override(blog.language)`."""
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
        credit_line=credit_line(picture["credit"]),
        shape="tall" if picture["height"] > picture["width"] * TALL else "",
        focus_x=round(picture["focal_x"] * FOCUS_STEPS),
        focus_y=round(picture["focal_y"] * FOCUS_STEPS),
        src=default_storage.url(fallback["name"]) if fallback else "",
        largest=default_storage.url(base[-1]["name"]) if base else "",
        srcset=sets[-1].srcset if sets else "",
        sources=tuple(sets[:-1]),
        remote_url=picture["remote_url"],
        remote_host=urlsplit(picture["remote_url"]).hostname or "",
    )
