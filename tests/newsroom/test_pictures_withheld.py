from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage, storages
from django.db import transaction

from newsroom.actions.drafts import schedule_entry
from newsroom.actions.entries import edit_entry, withdraw_entry
from newsroom.actions.media import add_avif, upload_image
from newsroom.actions.pictures import have_moved, hold_images, settle_images_on_commit, settle_withheld
from newsroom.actions.releases import release_due
from newsroom.models import Entry, Image, LiveBlog
from newsroom.rendering.snapshot import take_snapshot
from newsroom.tasks import settle_pictures
from tests import factories
from tests.newsroom import pictures

pytestmark = pytest.mark.django_db(transaction=True)


def upload(blog: LiveBlog) -> Image:
    file = io.BytesIO(pictures.jpeg(700, 500))
    image = upload_image(actor=factories.chief_of(blog), blog=blog, file=file, now=factories.NOON, alt="The bridge")
    return Image.objects.get(pk=image.pk)


def showing(blog: LiveBlog, *images: Image) -> Entry:
    one = [{"type": "image", "image": images[0].ref}]
    many = [{"type": "gallery", "images": [image.ref for image in images]}]
    return factories.published(blog, kind="image", blocks=many if len(images) > 1 else one)


def withdraw(entry: Entry) -> None:
    withdraw_entry(actor=factories.chief_of(entry.blog), entry=entry, reason="It showed a private person.", now=factories.at(5))


def is_public(image: Image) -> bool:
    """Every file is public, or none is and all are private: anything between fails."""
    image.refresh_from_db()
    names = [row["name"] for row in image.renditions]
    there = {default_storage.exists(name) for name in names}
    assert len(names) > 0
    assert len(there) == 1
    assert {storages["originals"].exists(name) for name in names} == {not there.copy().pop()}
    assert image.withheld is not there.copy().pop()
    return there.pop()


def test_a_withdrawn_picture_has_no_public_file_at_once() -> None:
    blog = factories.blog()
    image = upload(blog)
    entry = showing(blog, image)
    assert is_public(image)
    withdraw(entry)

    assert not is_public(image)


def test_a_released_entry_brings_its_withheld_picture_back() -> None:
    blog = factories.blog()
    image = upload(blog)
    withdraw(showing(blog, image))
    assert not is_public(image)
    draft = factories.draft(blog, "Planned", blocks=[{"type": "image", "image": image.ref}])
    schedule_entry(actor=factories.chief_of(blog), entry=draft, base_version=1, at=factories.at(20), now=factories.at(10))
    assert not is_public(image)

    assert release_due(now=factories.at(21))
    assert is_public(image)


def test_a_picture_that_another_entry_still_shows_stays() -> None:
    blog = factories.blog()
    image, alone = upload(blog), upload(blog)
    first, second = showing(blog, image, alone), showing(blog, image)
    withdraw(first)

    assert is_public(image)
    assert not is_public(alone)
    withdraw(second)
    assert not is_public(image)


def test_a_ref_that_is_only_mentioned_shows_nothing() -> None:
    blog = factories.blog()
    image = upload(blog)
    factories.published(blog, blocks=[factories.paragraph(f"Not a picture: {image.ref}")])
    withdraw(showing(blog, image))

    assert not is_public(image)


def test_a_picture_that_is_published_again_is_back_under_its_old_names() -> None:
    blog = factories.blog()
    image = upload(blog)
    withdraw(showing(blog, image))
    names = [row["name"] for row in image.renditions]
    showing(blog, image)

    assert is_public(image)
    assert [row["name"] for row in image.renditions] == names


def test_a_picture_that_an_edit_takes_out_is_withheld_and_the_one_put_in_is_back() -> None:
    blog = factories.blog()
    before, after = upload(blog), upload(blog)
    withdraw(showing(blog, after))
    entry = showing(blog, before)
    text = factories.text(kind="image", blocks=[{"type": "image", "image": after.ref}])
    edit_entry(actor=factories.chief_of(blog), entry=entry, text=text, base_version=entry.version, now=factories.at(6))

    assert not is_public(before)
    assert is_public(after)


def test_a_transaction_that_fails_leaves_the_files_where_they_are() -> None:
    blog = factories.blog()
    image = upload(blog)
    entry = showing(blog, image)

    @transaction.atomic
    def fail() -> None:
        Entry.objects.filter(pk=entry.pk).update(status="withdrawn")
        settle_images_on_commit([image.ref], blog=blog)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert is_public(image)


def test_a_storage_that_fails_does_not_stop_the_withdrawal_and_is_made_good(monkeypatch: pytest.MonkeyPatch) -> None:
    blog = factories.blog()
    image = upload(blog)
    entry = showing(blog, image)

    def broken(name: str) -> None:
        raise OSError("the storage is away")

    with monkeypatch.context() as away:
        away.setattr(default_storage, "delete", broken)
        withdraw(entry)
    entry.refresh_from_db()
    image.refresh_from_db()
    assert entry.status == "withdrawn"
    assert image.withheld
    assert default_storage.exists(image.renditions[0]["name"])

    settle_pictures.enqueue()
    assert not is_public(image)
    assert settle_withheld() == 0


def test_a_withheld_picture_gets_its_avif_when_it_is_back() -> None:
    blog = factories.blog()
    image = upload(blog)
    for row in [row for row in image.renditions if row["type"] == "image/avif"]:
        default_storage.delete(row["name"])
    image.renditions = [row for row in image.renditions if row["type"] != "image/avif"]
    image.save()
    withdraw(showing(blog, image))
    add_avif(image_id=image.pk, now=factories.at(7))
    assert not is_public(image)
    assert "image/avif" not in {row["type"] for row in image.renditions}

    showing(blog, image)
    assert is_public(image)
    assert "image/avif" in {row["type"] for row in image.renditions}


def test_outside_a_transaction_nobody_can_be_told_to_wait_for_its_commit() -> None:
    blog = factories.blog()
    with pytest.raises(RuntimeError, match="transaction"):
        settle_images_on_commit(["i-23456789"], blog=blog)


def test_a_text_rendered_before_its_picture_was_described_is_noticed() -> None:
    blog = factories.blog()
    image = upload(blog)
    snapshot = take_snapshot(showing(blog, image), rev=2)
    with transaction.atomic():
        assert not have_moved(snapshot, hold_images(snapshot))
    image.caption = "Another caption"
    image.save()

    with transaction.atomic():
        assert have_moved(snapshot, hold_images(snapshot))
