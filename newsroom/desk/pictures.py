"""Pictures between the block editor and the actions: what the editor is told of a picture, and what it says of one."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.actions.words import Words, refs_in
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


def desk_addresses(image: Image) -> dict[str, str]:
    """Where the desk shows the files of a picture that is withheld from readers, by their public addresses. Empty for all others."""
    if not image.withheld:
        return {}
    return {
        default_storage.url(row["name"]): reverse("desk:picture", args=[image.blog.slug, image.ref, PurePosixPath(row["name"]).name])
        for row in image.renditions
    }


def facts_of(image: Image) -> PictureFacts:
    view = view_picture(picture_of(image))
    return {
        "ref": image.ref,
        "url": desk_addresses(image).get(view.src, view.src),
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


def known_pictures(blog: LiveBlog, blocks: Any, said: dict[str, Words]) -> dict[str, PictureFacts]:
    """The facts of every picture in the blocks, with what was typed and not saved yet laid over them."""
    images = Image.objects.filter(blog=blog, ref__in=[*refs_in(blocks), *said]).select_related("blog")
    facts = {image.ref: facts_of(image) for image in images}
    for ref, words in said.items():
        if ref in facts:
            facts[ref].update(words)  # type: ignore[typeddict-item]
    return facts


def read_words(raw: str) -> dict[str, Words]:
    """The words as sent by the form. Raises `ValidationError` where they are not of that shape."""
    try:
        sent = json.loads(raw or "{}")
        return {str(ref): _words(words) for ref, words in sent.items()}
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError) as error:
        raise ValidationError(_("What was said of the pictures could not be read. Nothing was saved.")) from error


def _words(sent: dict[str, Any]) -> Words:
    return {
        "alt": str(sent["alt"]),
        "decorative": bool(sent["decorative"]),
        "caption": str(sent["caption"]),
        "credit": str(sent["credit"]),
        "focal_x": float(sent["focal_x"]),
        "focal_y": float(sent["focal_y"]),
    }
