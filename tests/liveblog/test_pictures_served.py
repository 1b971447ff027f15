from __future__ import annotations

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.test import Client

from newsroom.actions.entries import withdraw_entry
from newsroom.actions.media import upload_image
from newsroom.models import Image
from tests import factories
from tests.newsroom import pictures

TYPES = {"jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif"}
FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture
def image(transactional_db: None) -> Image:
    blog = factories.blog()
    file = io.BytesIO(pictures.jpeg(700, 500, exif=pictures.exif()))
    made = upload_image(actor=factories.chief_of(blog), blog=blog, file=file, now=factories.NOON, alt="The bridge")
    made.refresh_from_db()
    return made


@pytest.fixture
def reader() -> Client:
    return Client()


def addresses(image: Image) -> list[str]:
    return [default_storage.url(row["name"]) for row in image.renditions]


def test_each_rendition_is_served_whole_with_its_type(image: Image, reader: Client) -> None:
    for row, address in zip(image.renditions, addresses(image), strict=True):
        response = reader.get(address)
        assert response.status_code == 200
        assert response["Content-Type"] == TYPES[address.rpartition(".")[2]] == row["type"]
        assert len(response.content) == row["bytes"] == int(response["Content-Length"])
    assert {row["type"] for row in image.renditions} == set(TYPES.values())


def test_a_picture_may_be_kept_for_ever_shown_anywhere_and_run_nothing(image: Image, reader: Client) -> None:
    response = reader.get(addresses(image)[0])

    assert response["Cache-Control"] == FOREVER
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_who_holds_a_picture_is_told_so_without_it(image: Image, reader: Client) -> None:
    address, other = addresses(image)[:2]
    tag = reader.get(address)["ETag"]
    again = reader.get(address, headers={"If-None-Match": f'"else", W/{tag}'})

    assert (again.status_code, again.content, again["ETag"], again["Cache-Control"]) == (304, b"", tag, FOREVER)
    assert reader.get(other, headers={"If-None-Match": tag}).status_code == 200


def test_a_head_tells_the_size_and_sends_nothing(image: Image, reader: Client) -> None:
    address = addresses(image)[0]
    head, got = reader.head(address), reader.get(address)

    assert head.content == b""
    assert {name: head[name] for name in ("Content-Length", "Content-Type", "ETag")} == {
        name: got[name] for name in ("Content-Length", "Content-Type", "ETag")
    }


def test_a_withdrawn_picture_is_gone_in_every_way_of_asking(image: Image, reader: Client) -> None:
    entry = factories.published(image.blog, kind="image", blocks=[{"type": "image", "image": image.ref}])
    tags = {address: reader.get(address)["ETag"] for address in addresses(image)}
    withdraw_entry(actor=factories.chief_of(image.blog), entry=entry, reason="A private person.", now=factories.at(1))
    never = reader.get("/media/pictures/AAAAAAAAAAAAAAAAAAAAAA/320.jpg")

    for address, tag in tags.items():
        for response in (reader.get(address), reader.head(address), reader.get(address, headers={"If-None-Match": tag})):
            assert response.status_code == 404
            assert response["Cache-Control"] == "no-store"
            assert response.headers == never.headers
        assert reader.get(address).content == never.content


def test_the_original_has_no_address(image: Image, reader: Client) -> None:
    name = image.original.name
    assert storages["originals"].exists(name)

    for address in (f"/media/{name}", f"/media/private/{name}", f"/media/../private/{name}", f"/media/pictures/../../private/{name}"):
        assert reader.get(address).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "",
        "pictures/",
        "pictures/AAAAAAAAAAAAAAAAAAAAAA/",
        "pictures/AAAAAAAAAAAAAAAAAAAAAA/320.svg",
        "pictures/AAAAAAAAAAAAAAAAAAAAAA/320.jpg.html",
        "pictures/AAAAAAAAAAAAAAAAAAAAAA/0320.jpg",
        "pictures/AAAAAAAAAAAAAAAAAAAAAA/320.JPG",
        "pictures/AAAAAAAAAAAAAAAAAAAAAA/320.jpg%00",
        "pictures/AAAAAAAAAAAAAAAAAAAAAA/320.jpg%0A",
        "pictures/..%2f..%2fliveblog.sqlite3",
        "..%2fsecret-key",
        "%2fetc%2fpasswd",
        "pictures/AAAAAAAAAAAAAAAAAAAAAA/..\\..\\secret-key",
        "report.pdf",
    ],
)
def test_no_other_name_is_looked_up(name: str, reader: Client) -> None:
    response = reader.get(f"/media/{name}")

    assert response.status_code == 404


def test_what_else_lies_in_the_public_storage_is_not_served(reader: Client) -> None:
    name = default_storage.save("report.txt", ContentFile(b"for the desk"))
    try:
        assert reader.get(f"/media/{name}").status_code == 404
    finally:
        default_storage.delete(name)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_nothing_can_be_done_to_a_picture_but_looking(method: str, image: Image, reader: Client) -> None:
    assert getattr(reader, method)(addresses(image)[0]).status_code == 405
