"""Where a picture's files are: public while a published entry shows it, private once none does.

An image's `withheld` is set before its files leave and cleared after they are back, so `withheld=False` means that every file is
public. Who takes a picture away, and who shows a withheld one, ask the same question after their own commit, under the image's row lock:
is it shown? The last to ask decides, and by then every commit that matters can be seen.

Who shows a picture that is not withheld need not ask: it holds the image's row until COMMIT (`hold_images`), and whoever would withhold the
picture waits for that row, and asks afterwards.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage, storages
from django.db import models, transaction
from django.db.models.functions import Cast

from newsroom.models import Entry, EntryRevision, Image, LiveBlog, Status
from newsroom.rendering.snapshot import Snapshot, image_refs, picture_of
from newsroom.tasks import add_avif

log = logging.getLogger(__name__)


def put(storage: Storage, name: str, data: bytes) -> None:
    """The file under exactly this name, an older one replaced: the name stands in published fragments."""
    if storage.exists(name):
        storage.delete(name)
    saved = storage.save(name, ContentFile(data))
    if saved != name:
        storage.delete(saved)
        raise OSError(f"the storage gave {name} another name")


def published_entries_showing(image: Image) -> list[Entry]:
    """The published entries whose body shows the image, posters of videos included."""
    rows = (
        Entry.objects.filter(blog_id=image.blog_id, status=Status.PUBLISHED)
        .annotate(body=Cast("blocks", models.TextField()))
        .filter(body__contains=image.ref)
    )
    return [entry for entry in rows if image.ref in image_refs(entry.blocks)]


def entries_out_of_date(image: Image) -> list[Entry]:
    """The published entries that still show the image as it was: their newest revision holds other facts."""
    facts = picture_of(image)

    def shows_another(entry: Entry) -> bool:
        snapshot = EntryRevision.objects.filter(entry=entry).order_by("-rev").values_list("snapshot", flat=True).first()
        return snapshot is None or snapshot["pictures"].get(image.ref) != facts

    return [entry for entry in published_entries_showing(image) if shows_another(entry)]


def is_out_of_date(image: Image) -> bool:
    """Whether a published entry still shows the image as it was."""
    return bool(entries_out_of_date(image))


def hold_images(snapshot: Snapshot) -> list[Image]:
    """The snapshot's images as they are now, locked until the caller's transaction ends."""
    refs = list(snapshot["pictures"])
    return list(Image.objects.select_for_update().filter(ref__in=refs).order_by("pk")) if refs else []


def have_moved(snapshot: Snapshot, held: Iterable[Image]) -> bool:
    """Whether a picture got other facts since the snapshot was taken. `held` are its images, locked.

    So a text that goes public while a picture is described shows the new words: either this sees them, or the describing action,
    which waits for the lock, sees the entry.
    """
    return {image.ref: picture_of(image) for image in held} != snapshot["pictures"]


def settle_images_on_commit(refs: Iterable[str], *, blog: LiveBlog) -> None:
    """For every action that shows withheld pictures or stops showing some: after COMMIT their files are where they belong.

    Call it inside the transaction: with what comes back before the change is announced, so that a picture is there before a page asks for
    it; with what goes after that, so that no reader waits for files. A failing storage is logged and holds up nobody; `settle_withheld`
    makes good.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("outside a transaction there is no commit to wait for: the pictures would be judged by the text before")
    wanted = sorted(set(refs))
    if wanted:
        transaction.on_commit(lambda: settle_images(wanted, blog=blog), robust=True)


def settle_images(refs: Iterable[str], *, blog: LiveBlog) -> None:
    """Withholds those of the images that no published entry shows, and brings back those that one shows. Idempotent."""
    for image in Image.objects.filter(blog=blog, ref__in=list(refs), remote_url=""):
        shown = bool(published_entries_showing(image))
        if shown and not image.withheld:
            continue
        if not shown:
            Image.objects.filter(pk=image.pk).update(withheld=True)
        _settle(image.pk)


def settle_withheld() -> int:
    """Finishes what a crash or a failing storage left: withheld images that still have public files. Returns how many it found."""
    left = 0
    for image in Image.objects.filter(withheld=True):
        if any(default_storage.exists(row["name"]) for row in image.renditions) or published_entries_showing(image):
            left += 1
            _settle(image.pk)
    return left


def _settle(pk: int) -> None:
    with transaction.atomic():
        image = Image.objects.select_for_update().get(pk=pk)
        if published_entries_showing(image):
            _move(image, storages["originals"], default_storage)
            image.withheld = False
            image.save(update_fields=["withheld"])
            # Its task may have come by while there was nothing to add to.
            transaction.on_commit(lambda: add_avif.enqueue(pk), robust=True)
            log.info("picture %s is public again", image.ref)
        else:
            _move(image, default_storage, storages["originals"])
            log.info("picture %s is withheld", image.ref)


def _move(image: Image, source: Storage, target: Storage) -> None:
    """Each file copied before it is deleted: what is interrupted can be run again."""
    for row in image.renditions:
        name = row["name"]
        if source.exists(name):
            with source.open(name, "rb") as file:
                put(target, name, file.read())
            source.delete(name)
