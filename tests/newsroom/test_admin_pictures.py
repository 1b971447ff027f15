"""The door for pictures: what comes in from the block editor, and what is told of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from newsroom.models import Image
from tests import factories
from tests.newsroom import desk, pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(blog):
    return desk.signed_in(factories.member(blog, "contributor"))


def test_a_picture_is_answered_with_what_the_editor_shows(client, blog):
    answer = desk.sent_picture(client, blog, pictures.jpeg())
    assert answer.status_code == 201
    facts = answer.json()
    image = Image.objects.get()
    assert (facts["ref"], facts["width"], facts["height"]) == (image.ref, 400, 267)
    assert facts["url"].startswith("/media/")
    assert "no-store" in answer.headers["Cache-Control"]


def test_caption_and_credit_come_from_the_file(client, blog):
    data = pictures.with_iptc(pictures.jpeg(), {pictures.CAPTION: "The span at noon", pictures.BYLINE: "A. Hart"})
    facts = desk.sent_picture(client, blog, data).json()
    assert facts["caption"] == "The span at noon"
    assert "A. Hart" in facts["credit"]


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>", "x.svg"), (pictures.png_bomb(), "x.png"), (b"", "x.jpg")],
)
def test_what_is_no_picture_for_a_page_is_refused_in_a_sentence(client, blog, data, name):
    answer = desk.sent_picture(client, blog, data, name)
    assert answer.status_code == 422
    (fault,) = answer.json()["faults"]
    assert fault["message"].endswith(".")
    assert not Image.objects.exists()


def test_a_stranger_does_not_learn_that_the_blog_exists(blog):
    stranger = desk.signed_in(factories.member(factories.blog(), "chief"))
    there = desk.sent_picture(stranger, blog, pictures.jpeg())
    nowhere = stranger.post(reverse("desk:images", args=["no-such-blog"]))
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
    assert there.status_code == 404


def test_somebody_who_is_no_staff_is_not_let_in(blog):
    reader = factories.user(is_staff=False)
    assert desk.sent_picture(desk.signed_in(reader), blog, pictures.jpeg()).status_code == 404


def test_pictures_of_the_blog_can_be_asked_for_by_their_refs(client, blog):
    image = desk.uploaded(client, blog, pictures.jpeg())
    answer = client.get(reverse("desk:images", args=[blog.slug]), {"refs": f"{image.ref},i-22222222"})
    assert list(answer.json()["pictures"]) == [image.ref]


def test_pictures_of_another_blog_cannot(client, blog):
    other = factories.blog()
    image = desk.uploaded(desk.signed_in(factories.member(other, "editor")), other, pictures.jpeg())
    assert client.get(reverse("desk:images", args=[blog.slug]), {"refs": image.ref}).json() == {"pictures": {}}
    assert client.get(reverse("desk:images", args=[other.slug]), {"refs": image.ref}).status_code == 404


def test_a_picture_is_described_on_its_own_page_and_entries_follow(blog):
    editor = desk.signed_in(factories.member(blog, "editor"))
    image = desk.uploaded(editor, blog, pictures.jpeg())
    facts = {"alt": "The span", "caption": "", "credit": "A. Hart", "focal_x": "0.5", "focal_y": "0.5"}
    address = reverse("admin:newsroom_image_change", args=[image.pk])
    assert editor.post(address, facts).status_code == 302
    entry = factories.published(blog, blocks=[{"type": "image", "image": image.ref}])
    assert editor.post(address, facts | {"alt": "The span from below"}).status_code == 302
    entry.refresh_from_db()
    assert 'alt="The span from below"' in entry.fragment


def test_a_picture_that_readers_see_cannot_lose_its_description(blog):
    editor = desk.signed_in(factories.member(blog, "editor"))
    image = desk.uploaded(editor, blog, pictures.jpeg())
    Image.objects.filter(pk=image.pk).update(alt="The span")
    factories.published(blog, blocks=[{"type": "image", "image": image.ref}])
    sent = {"alt": "", "caption": "New caption", "credit": "", "focal_x": "0.5", "focal_y": "0.5"}
    answer = editor.post(reverse("admin:newsroom_image_change", args=[image.pk]), sent)
    assert answer.status_code == 200
    assert "describe what it shows" in answer.content.decode()
    assert "New caption" in answer.content.decode()
    image.refresh_from_db()
    assert (image.alt, image.caption) == ("The span", "")


def test_a_picture_is_uploaded_on_its_own_page_for_the_blog_in_the_address(blog):
    from django.core.files.uploadedfile import SimpleUploadedFile

    editor = desk.signed_in(factories.member(blog, "editor"))
    address = f"{reverse('admin:newsroom_image_add')}?blog={blog.slug}"
    refused = editor.post(address, {"file": SimpleUploadedFile("x.svg", b"<svg/>"), "alt": "A drawing"})
    assert refused.status_code == 200
    assert "A drawing" in refused.content.decode()
    assert not Image.objects.exists()
    assert editor.post(address, {"file": SimpleUploadedFile("b.jpg", pictures.jpeg()), "alt": "The span"}).status_code == 302
    assert Image.objects.get().blog == blog
