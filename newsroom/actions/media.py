"""What the desk does with pictures: upload, link, describe. Files are encoded before any transaction begins."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from newsroom.actions import pictures
from newsroom.actions.audit import record
from newsroom.actions.rerendering import follow_words, rerender_entries
from newsroom.actions.words import WHOLE, faults_of, length_faults, tidied, write_words
from newsroom.errors import Fault, Invalid
from newsroom.media.intake import Readable, take_in
from newsroom.media.metadata import plain
from newsroom.media.renditions import AVIF, encode
from newsroom.models import Image, LiveBlog
from newsroom.models.media import new_folder
from newsroom.permissions import RELEASE_WORKER, require
from newsroom.tasks import add_avif as add_avif_task

MAX_LINK_LENGTH = 1000
MAX_LINK_SIDE = 100_000


def upload_image(
    *,
    actor: Any,
    blog: LiveBlog,
    file: Readable,
    now: datetime,
    alt: str = "",
    decorative: bool = False,
    caption: str | None = None,
    credit: str | None = None,
    source_id: str = "",
) -> Image:
    """A picture of the blog's own: checked, re-encoded as JPEG and WebP, the upload kept in the private storage.

    `caption` and `credit` of None are filled from the file's IPTC or XMP, and so is an empty `alt` of a picture that is not decorative.
    Raises `Invalid` (`file`, `alt`, `caption`, `credit`) and what `permissions.require` raises. AVIF follows by a task.
    """
    require(actor, "upload_image", blog)
    incoming = take_in(file)
    words = _clean_words(
        alt=alt or ("" if decorative else incoming.words.alt),
        caption=incoming.words.caption if caption is None else caption,
        credit=incoming.words.credit if credit is None else credit,
    )
    image = Image(
        blog=blog,
        folder=new_folder(),
        width=incoming.width,
        height=incoming.height,
        decorative=decorative,
        uploaded_by=actor,
        source_id=source_id,
        **words,
    )
    written: list[str] = []
    try:
        for encoded in encode(incoming.pixels, image.folder):
            written.append(encoded.facts["name"])
            pictures.put(default_storage, encoded.facts["name"], encoded.data)
            image.renditions.append(dict(encoded.facts))
        image.original.save(f"{image.folder}.{incoming.extension}", ContentFile(incoming.data), save=False)
        with transaction.atomic():
            image.save()
            record(actor=actor, verb="upload_image", now=now, blog=blog, subject=image.ref)
            transaction.on_commit(lambda: add_avif_task.enqueue(image.pk), robust=True)
    except BaseException:
        for name in written:
            default_storage.delete(name)
        if image.original:
            image.original.delete(save=False)
        raise
    return image


def link_image(
    *,
    actor: Any,
    blog: LiveBlog,
    remote_url: str,
    width: int,
    height: int,
    alt: str,
    caption: str,
    credit: str,
    now: datetime,
    source_id: str = "",
) -> Image:
    """A picture that another site holds: never fetched by the server, shown to readers as a link.

    With a `source_id` the blog already knows, its words and address are brought up to what is given, and no second row is made.
    Raises `Invalid` (`remote_url`, `width`, `alt`, `caption`, `credit`).
    """
    require(actor, "upload_image", blog)
    faults: list[Fault] = []
    try:
        parts = urlsplit(remote_url)
        web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        web = False
    if not web or len(remote_url) > MAX_LINK_LENGTH or any(character.isspace() for character in remote_url):
        faults.append(Fault("remote_url", "This is not the address of a picture on the web. It starts with https:// and has no spaces."))
    if not (0 < width <= MAX_LINK_SIDE and 0 < height <= MAX_LINK_SIDE):
        faults.append(Fault("width", "Give the picture's width and height in pixels, so that the page can keep room for it."))
    words = _clean_words(alt=alt, caption=caption, credit=credit, faults=faults)
    known = Image.objects.filter(blog=blog, source_id=source_id).exclude(remote_url="").first() if source_id else None
    image = known or Image(blog=blog, source_id=source_id, uploaded_by=actor)
    facts: dict[str, Any] = {"remote_url": remote_url, "width": width, "height": height, **words}
    changed = [name for name, value in facts.items() if getattr(image, name) != value]
    for name in changed:
        setattr(image, name, facts[name])
    if known is not None and changed and pictures.published_entries_showing(image):
        require(actor, "edit", blog)
    if changed:
        with transaction.atomic():
            image.save(update_fields=None if known is None else changed)
            record(actor=actor, verb="link_image", now=now, blog=blog, subject=image.ref, after={"changed": changed} if known else {})
        if known is not None and pictures.is_out_of_date(image):
            rerender_entries(blog=blog, image_ref=image.ref, now=now, actor=actor)
    return image


def describe_image(
    *,
    actor: Any,
    image: Image,
    now: datetime,
    alt: str,
    decorative: bool,
    caption: str,
    credit: str,
    focal_x: float = 0.5,
    focal_y: float = 0.5,
) -> Image:
    """The picture's words and focal point. What is published and shows it is rendered anew, as an ordinary change.

    A picture that readers see can be described by those who may edit, and keeps its alternative text or its mark as decorative.
    Raises `Invalid` (`alt`, `caption`, `credit`, `focal_x`, `focal_y`).
    """
    require(actor, "upload_image", image.blog)
    if pictures.published_entries_showing(image):
        require(actor, "edit", image.blog)
    words = tidied({"alt": alt, "decorative": decorative, "caption": caption, "credit": credit, "focal_x": focal_x, "focal_y": focal_y})
    faults = faults_of(image, words, actor=actor)
    if faults:
        raise Invalid(faults)
    with transaction.atomic():
        write_words({image.ref: words}, actor=actor, blog=image.blog, now=now)
    for name, value in words.items():
        setattr(image, name, value)
    follow_words(blog=image.blog, refs=[image.ref], now=now, actor=actor)
    return image


def add_avif(*, image_id: int, now: datetime) -> None:
    """AVIF renditions from the original, then an ordinary change where published entries show the picture.

    Idempotent: a second run finds the files made and the entries up to date. A picture that is withheld, gone or only linked is left.
    """
    image = Image.objects.select_related("blog").filter(pk=image_id, withheld=False).exclude(original="").first()
    if image is None:
        return
    if not _has_avif(image):
        with image.original.open("rb") as file:
            pixels = take_in(file).pixels
        made = list(encode(pixels, image.folder, (AVIF,)))
        with transaction.atomic():
            image = Image.objects.select_for_update(of=("self",)).select_related("blog").filter(pk=image_id, withheld=False).first()
            if image is None:
                return
            if not _has_avif(image):
                for encoded in made:
                    pictures.put(default_storage, encoded.facts["name"], encoded.data)
                image.renditions += [dict(encoded.facts) for encoded in made]
                image.save(update_fields=["renditions"])
    if pictures.is_out_of_date(image):
        rerender_entries(blog=image.blog, image_ref=image.ref, now=now, actor=RELEASE_WORKER)


def _has_avif(image: Image) -> bool:
    return any(row["type"] == AVIF.type for row in image.renditions)


def _clean_words(*, alt: str, caption: str, credit: str, faults: list[Fault] | None = None) -> dict[str, str]:
    """One line of plain text each. Raises `Invalid` with `faults` and those of the words together."""
    faults = list(faults or ())
    words = {"alt": plain(alt, WHOLE), "caption": plain(caption, WHOLE), "credit": plain(credit, WHOLE)}
    faults += length_faults(**words)
    if faults:
        raise Invalid(faults)
    return words
