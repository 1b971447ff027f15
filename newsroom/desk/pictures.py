"""Pictures between the block editor and the actions: what the editor is told of a picture, and what it says of one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from newsroom.actions.media import describe_image
from newsroom.errors import Fault, Invalid
from newsroom.models import Image, LiveBlog
from newsroom.rendering.pictures import view_picture
from newsroom.rendering.snapshot import picture_of


class PictureFacts(TypedDict):
    """A picture as the block editor knows it. `url` is empty and `remote` names the site where another site holds the picture."""

    ref: str
    url: str
    width: int
    height: int
    alt: str
    decorative: bool
    caption: str
    credit: str
    focal_x: float
    focal_y: float
    remote: str


class PictureWords(TypedDict):
    """What an editor said of a picture. The form sends these by ref, only for pictures that were touched."""

    alt: str
    decorative: bool
    caption: str
    credit: str
    focal_x: float
    focal_y: float


def facts_of(image: Image) -> PictureFacts:
    view = view_picture(picture_of(image))
    return {
        "ref": image.ref,
        "url": view.src,
        "width": image.width,
        "height": image.height,
        "alt": image.alt,
        "decorative": image.decorative,
        "caption": image.caption,
        "credit": image.credit,
        "focal_x": image.focal_x,
        "focal_y": image.focal_y,
        "remote": view.remote_host,
    }


def refs_in(blocks: Any) -> list[str]:
    """Every ref in blocks that nobody has judged yet: whatever is not of that shape is passed over."""
    refs: list[str] = []
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, dict):
            images = block.get("images")
            named = [block.get("image"), block.get("poster"), *(images if isinstance(images, list) else [])]
            refs += [ref for ref in named if isinstance(ref, str) and ref]
    return list(dict.fromkeys(refs))


def known_pictures(blog: LiveBlog, blocks: Any, said: dict[str, PictureWords]) -> dict[str, PictureFacts]:
    """The facts of every picture in the blocks, with what was typed and not saved yet laid over them."""
    images = Image.objects.filter(blog=blog, ref__in=[*refs_in(blocks), *said])
    facts = {image.ref: facts_of(image) for image in images}
    for ref, words in said.items():
        if ref in facts:
            facts[ref].update(words)  # type: ignore[typeddict-item]
    return facts


def read_words(raw: str) -> dict[str, PictureWords]:
    """The words as sent by the form. Raises `ValidationError` where they are not of that shape."""
    try:
        sent = json.loads(raw or "{}")
        return {str(ref): _words(words) for ref, words in sent.items()}
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise ValidationError(_("What was said of the pictures could not be read. Nothing was saved.")) from error


def _words(sent: dict[str, Any]) -> PictureWords:
    return {
        "alt": str(sent["alt"]),
        "decorative": bool(sent["decorative"]),
        "caption": str(sent["caption"]),
        "credit": str(sent["credit"]),
        "focal_x": float(sent["focal_x"]),
        "focal_y": float(sent["focal_y"]),
    }


def describe_pictures(*, actor: Any, blog: LiveBlog, said: dict[str, PictureWords], blocks: Any, now: datetime) -> None:
    """Stores the words of the blog's pictures that really changed. Faults are named by the block that shows the picture."""
    faults: list[Fault] = []
    for image in Image.objects.filter(blog=blog, ref__in=said).select_related("blog"):
        words = said[image.ref]
        if any(getattr(image, name) != value for name, value in words.items()):
            try:
                describe_image(actor=actor, image=image, now=now, **words)
            except Invalid as refusal:
                place = place_of(image.ref, blocks)
                faults += [Fault(place, fault.message) for fault in refusal.faults]
    if faults:
        raise Invalid(faults)


def place_of(ref: str, blocks: Iterable[Any]) -> str:
    """The field of the first block that shows the picture: `blocks.2.image`, `blocks.3.images.1`, `blocks.4.poster`."""
    for index, block in enumerate(blocks):
        if isinstance(block, dict):
            for key in ("image", "poster"):
                if block.get(key) == ref:
                    return f"blocks.{index}.{key}"
            images = block.get("images")
            if isinstance(images, list) and ref in images:
                return f"blocks.{index}.images.{images.index(ref)}"
    return "blocks"
