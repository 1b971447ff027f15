from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage, storages

from newsroom.actions.media import add_avif, describe_image, link_image, upload_image
from newsroom.actions.members import remove_member
from newsroom.errors import Invalid, NotFound, PermissionRefused
from newsroom.models import Change, Entry, EntryRevision, Image, LiveBlog, Membership, Role
from tests import factories
from tests.newsroom import pictures

# The AVIF task runs when the upload is committed: only a test that really commits sees it.
pytestmark = pytest.mark.django_db


def upload(blog: LiveBlog, data: bytes | None = None, **words: object) -> Image:
    file = io.BytesIO(data or pictures.jpeg(700, 500))
    return upload_image(actor=factories.chief_of(blog), blog=blog, file=file, now=factories.NOON, **words)  # type: ignore[arg-type]


def showing(blog: LiveBlog, image: Image) -> Entry:
    return factories.published(blog, kind="image", blocks=[{"type": "image", "image": image.ref}])


def types(image: Image) -> set[str]:
    return {row["type"] for row in Image.objects.get(pk=image.pk).renditions}


def files_under(prefix: str) -> list[str]:
    try:
        return default_storage.listdir(prefix)[1]
    except FileNotFoundError:
        return []


def test_an_upload_is_public_in_two_formats_and_kept_in_private() -> None:
    original = pictures.jpeg(700, 500, exif=pictures.exif())
    image = upload(factories.blog(), original, alt="The bridge")

    assert types(image) == {"image/jpeg", "image/webp"}
    for row in image.renditions:
        assert default_storage.size(row["name"]) == row["bytes"]
    with storages["originals"].open(image.original.name) as kept:
        assert kept.read() == original
    assert not default_storage.exists(image.original.name)


def test_an_address_tells_neither_the_row_nor_the_name_of_the_file() -> None:
    blog = factories.blog()
    first, second = upload(blog, alt="One"), upload(blog, alt="Two")

    assert first.folder != second.folder
    assert all(len(image.folder) >= 22 for image in (first, second))


def test_caption_credit_and_alternative_text_come_from_the_file() -> None:
    packet = pictures.xmp(pictures.language("Iptc4xmpCore:AltTextAccessibility", "A steel bridge in fog"))
    original = pictures.with_iptc(
        pictures.jpeg(700, 500, xmp=packet), {pictures.CAPTION: "The span at dawn", pictures.BYLINE: "Ana Ruiz", pictures.CREDIT: "NW"}
    )
    image = upload(factories.blog(), original)

    assert (image.caption, image.credit, image.alt) == ("The span at dawn", "Ana Ruiz/NW", "A steel bridge in fog")


def test_what_the_editor_says_stands_over_what_the_file_says() -> None:
    original = pictures.with_iptc(pictures.jpeg(700, 500), {pictures.CAPTION: "from the file", pictures.CREDIT: "NW"})
    image = upload(factories.blog(), original, caption="", credit="Ours", alt="Bridge")

    assert (image.caption, image.credit, image.alt) == ("", "Ours", "Bridge")


def test_a_refused_file_leaves_no_row_and_no_file() -> None:
    blog = factories.blog()
    before = files_under("pictures")
    with pytest.raises(Invalid, match="megapixels"):
        upload(blog, pictures.png_bomb())
    with pytest.raises(Invalid, match="501 characters"):
        upload(blog, alt="x" * 501)

    assert not Image.objects.exists()
    assert files_under("pictures") == before


def test_an_upload_whose_row_is_refused_takes_its_files_away(monkeypatch: pytest.MonkeyPatch) -> None:
    blog = factories.blog()
    folder = "a-folder-of-this-test-"
    monkeypatch.setattr("newsroom.actions.media.new_folder", lambda: folder)
    Membership.objects.filter(blog=blog).delete()
    Membership.objects.create(blog=blog, user=factories.user("gone"), role=Role.CHIEF)
    monkeypatch.setattr(Image, "save", lambda image: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError, match="full"):
        upload(blog)

    assert files_under(f"pictures/{folder}") == []
    assert not storages["originals"].exists(f"originals/{folder}.jpg")


def test_a_contributor_uploads_and_a_stranger_does_not() -> None:
    blog = factories.blog()
    contributor = factories.member(blog, Role.CONTRIBUTOR)
    file = pictures.jpeg(400, 300)

    assert upload_image(actor=contributor, blog=blog, file=io.BytesIO(file), now=factories.NOON).uploaded_by == contributor
    with pytest.raises(NotFound):
        upload_image(actor=factories.user(), blog=blog, file=io.BytesIO(file), now=factories.NOON)
    remove_member(actor=factories.chief_of(blog), membership=Membership.objects.get(blog=blog, user=contributor), now=factories.NOON)
    with pytest.raises(NotFound):
        upload_image(actor=contributor, blog=blog, file=io.BytesIO(file), now=factories.NOON)


@pytest.mark.django_db(transaction=True)
def test_after_the_upload_a_task_adds_avif() -> None:
    assert types(upload(factories.blog(), alt="The bridge")) == {"image/jpeg", "image/webp", "image/avif"}


def test_avif_reaches_what_is_published_as_an_ordinary_change_and_once() -> None:
    blog = factories.blog()
    image = upload(blog, alt="The bridge")
    entry = showing(blog, image)
    seq, version = Change.objects.filter(blog=blog).count(), entry.version
    assert "image/avif" not in entry.fragment

    for _ in range(2):
        add_avif(image_id=image.pk, now=factories.at(1))

    entry.refresh_from_db()
    assert "image/avif" in entry.fragment
    assert Change.objects.filter(blog=blog).count() == seq + 1
    assert EntryRevision.objects.filter(entry=entry).first().reason == "pictures"  # type: ignore[union-attr]
    assert entry.version == version


def test_avif_of_a_picture_that_nobody_sees_is_no_change() -> None:
    blog = factories.blog()
    image = upload(blog, alt="The bridge")
    before = Change.objects.filter(blog=blog).count()
    add_avif(image_id=image.pk, now=factories.at(1))

    assert "image/avif" in types(image)
    assert Change.objects.filter(blog=blog).count() == before


def test_avif_stopped_between_the_files_and_the_entries_is_finished_by_the_next_run() -> None:
    blog = factories.blog()
    image = upload(blog, alt="The bridge")
    entry = showing(blog, image)
    revision = EntryRevision.objects.get(entry=entry)
    add_avif(image_id=image.pk, now=factories.at(1))
    # As a crash would have left it: the image knows its AVIF, the entry does not.
    EntryRevision.objects.filter(entry=entry).exclude(pk=revision.pk).delete()
    Entry.objects.filter(pk=entry.pk).update(rev=revision.rev, fragment=entry.fragment)
    add_avif(image_id=image.pk, now=factories.at(2))

    entry.refresh_from_db()
    assert "image/avif" in entry.fragment


def test_a_task_for_a_picture_that_is_gone_does_nothing() -> None:
    add_avif(image_id=10**9, now=factories.NOON)

    assert not Image.objects.exists()


def describe(image: Image, **words: object) -> Image:
    said = {"alt": image.alt, "decorative": image.decorative, "caption": image.caption, "credit": image.credit} | words
    return describe_image(actor=factories.chief_of(image.blog), image=image, now=factories.at(5), **said)  # type: ignore[arg-type]


def test_new_words_reach_the_published_entry() -> None:
    blog = factories.blog()
    image = upload(blog, alt="The bridge", caption="Closed since noon", credit="Ours")
    entry = showing(blog, image)
    describe(image, caption="Closed since ten")

    entry.refresh_from_db()
    assert "Closed since ten" in entry.fragment
    assert "Closed since noon" not in entry.fragment


def test_words_that_say_the_same_are_no_change() -> None:
    blog = factories.blog()
    image = upload(blog, alt="The bridge", caption="Closed since noon")
    entry = showing(blog, image)
    describe(image)

    assert EntryRevision.objects.filter(entry=entry).count() == 1


def test_a_picture_that_readers_see_keeps_its_alternative_text() -> None:
    blog = factories.blog()
    image = upload(blog, alt="The bridge")
    describe(image, alt="")
    describe(image, alt="The bridge")
    showing(blog, image)
    with pytest.raises(Invalid) as refusal:
        describe(image, alt=" ")
    describe(image, alt="", decorative=True)

    assert [fault.field for fault in refusal.value.faults] == ["alt"]
    assert Image.objects.get(pk=image.pk).decorative


def test_a_contributor_describes_a_picture_until_readers_see_it() -> None:
    blog = factories.blog()
    image = upload(blog, alt="The bridge")
    contributor = factories.member(blog, Role.CONTRIBUTOR)
    words = {"alt": "A bridge", "decorative": False, "caption": "", "credit": ""}
    describe_image(actor=contributor, image=image, now=factories.NOON, **words)  # type: ignore[arg-type]
    showing(blog, image)
    with pytest.raises(PermissionRefused):
        describe_image(actor=contributor, image=image, now=factories.NOON, **words | {"alt": "Defaced"})  # type: ignore[arg-type]

    assert Image.objects.get(pk=image.pk).alt == "A bridge"


@pytest.mark.parametrize(("field", "value"), [("focal_x", 1.5), ("focal_y", -0.1), ("focal_x", float("nan")), ("credit", "x" * 201)])
def test_a_description_out_of_bounds_is_refused_at_its_field(field: str, value: object) -> None:
    image = upload(factories.blog(), alt="The bridge")
    with pytest.raises(Invalid) as refusal:
        describe(image, **{field: value})

    assert [fault.field for fault in refusal.value.faults] == [field]


def link(blog: LiveBlog, url: str = "https://pictures.example.org/bridge.jpg", **facts: object) -> Image:
    given = {"width": 1200, "height": 800, "alt": "The bridge", "caption": "", "credit": "Elsewhere"} | facts
    return link_image(actor=factories.chief_of(blog), blog=blog, remote_url=url, now=factories.NOON, **given)  # type: ignore[arg-type]


def test_a_linked_picture_is_an_address_and_no_file() -> None:
    image = link(factories.blog())

    assert (image.remote_url, image.renditions, image.original.name) == ("https://pictures.example.org/bridge.jpg", [], "")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:image/png;base64,AA",
        "//example.org/a.jpg",
        "https://",
        "https://[",
        "https://a b/",
        "https://e.org/" + "x" * 1000,
    ],
)
def test_a_link_to_anything_but_the_web_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refusal:
        link(factories.blog(), url)

    assert [fault.field for fault in refusal.value.faults] == ["remote_url"]


def test_a_link_without_its_size_is_refused() -> None:
    with pytest.raises(Invalid, match="width and height"):
        link(factories.blog(), width=0)


def test_the_same_source_is_linked_once_and_brought_up_to_date() -> None:
    blog = factories.blog()
    first = link(blog, source_id="g-1")
    entry = showing(blog, first)
    second = link(blog, source_id="g-1", caption="Seen from the west")
    other = link(blog, source_id="g-2")

    entry.refresh_from_db()
    assert first.pk == second.pk != other.pk
    assert "Seen from the west" in entry.fragment
