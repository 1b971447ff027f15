"""A picture that readers may not have (any more) is still seen at the desk."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from newsroom.actions.entries import publish_entry, withdraw_entry
from newsroom.models import Entry, Image
from tests import factories
from tests.newsroom import desk, pictures

# Files move after the commit.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(blog):
    return desk.signed_in(factories.member(blog, "contributor"))


@pytest.fixture
def withheld(blog, client):
    """Its entry was withdrawn."""
    image = desk.uploaded(client, blog, pictures.jpeg())
    Image.objects.filter(pk=image.pk).update(alt="The span")
    entry = factories.published(blog, blocks=[{"type": "image", "image": image.ref}])
    withdraw_entry(actor=factories.chief_of(blog), entry=entry, reason="Said twice.", now=factories.at(1))
    image.refresh_from_db()
    assert image.withheld
    return image


def facts(client, blog, image):
    return client.get(reverse("desk:images", args=[blog.slug]), {"refs": image.ref}).json()["pictures"][image.ref]


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_block_editor_is_given_an_address_that_shows_it(client, blog, withheld):
    address = facts(client, blog, withheld)["url"]
    assert address.startswith(f"/desk/{blog.slug}/pictures/{withheld.ref}/")
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "no-store" in answer.headers["Cache-Control"]
    assert body(answer).startswith(b"\xff\xd8")


def test_a_preview_shows_every_file_of_it(client, blog, withheld):
    sent = desk.typed(blocks=[{"type": "image", "image": withheld.ref}])
    html = client.post(reverse("desk:preview", args=[blog.slug]), sent).json()["html"]
    addresses = set(re.findall(r"/desk/\S+?\.(?:jpg|webp|avif)", html))
    assert len(addresses) == len(withheld.renditions)
    assert withheld.folder not in html
    assert {client.get(address).status_code for address in addresses} == {200}


def test_a_picture_that_readers_may_have_keeps_its_public_address(client, blog):
    image = desk.uploaded(client, blog, pictures.jpeg())
    assert facts(client, blog, image)["url"].startswith("/media/pictures/")


def test_a_page_that_was_open_meanwhile_still_shows_it_once_it_is_public_again(client, blog, withheld):
    address = facts(client, blog, withheld)["url"]
    text = factories.text(blocks=[{"type": "image", "image": withheld.ref}])
    publish_entry(actor=factories.chief_of(blog), blog=blog, text=text, now=factories.at(2))
    withheld.refresh_from_db()
    assert not withheld.withheld
    assert client.get(address).status_code == 200


def test_readers_strangers_and_the_public_fragment_get_nothing_of_it(client, blog, withheld):
    address = facts(client, blog, withheld)["url"]
    from django.test import Client

    stranger = desk.signed_in(factories.member(factories.blog(), "chief"))
    # Whoever is not signed in learns nothing of what is there.
    refused = [Client().get(each) for each in (address, address.replace(blog.slug, "no-such-blog"))]
    assert [answer.status_code for answer in refused] == [401, 401]
    assert refused[0].content == refused[1].content
    assert stranger.get(address).status_code == 404
    assert desk.signed_in(factories.user(is_staff=False)).get(address).status_code == 404
    assert "/desk/" not in Entry.objects.get().fragment


@pytest.mark.parametrize("file", ["1.jpg", "960.svg", "..%2f..%2foriginals", "%2e%2e"])
def test_no_other_file_is_served(client, blog, withheld, file):
    assert client.get(f"/desk/{blog.slug}/pictures/{withheld.ref}/{file}").status_code == 404


def test_another_blogs_picture_is_not_served_under_ones_own(client, withheld):
    other = factories.blog()
    own = desk.signed_in(factories.member(other, "editor"))
    name = withheld.renditions[0]["name"].rpartition("/")[2]
    assert own.get(reverse("desk:picture", args=[other.slug, withheld.ref, name])).status_code == 404
