"""What the proxy lets in, what it keeps out, and the files it serves itself."""

from __future__ import annotations

import http.client
import re
import ssl
from pathlib import Path

import pytest

from tests.services import HERE
from tests.topology.asking import a_file_of, from_the_site, words
from tests.topology.place import Place
from tests.topology.visitor import NAME
from tests.waiting import until

RENDITION = "pictures/AbCdEfGhIjKlMnOp/320.jpg"


def test_a_hashed_file_from_the_disk_has_the_headers_and_the_bytes_of_the_site(place: Place) -> None:
    path = a_file_of(place)
    before = len(place.proxied(path))
    ours, theirs = place.visitor.ask(path), from_the_site(place, path)
    assert ours.body == theirs.body
    assert words(ours) == words(theirs)
    assert ours.headers["Content-Type"] == theirs.headers["Content-Type"].replace('"', "")
    until(lambda: len(place.proxied(path)) > before, seconds=5, what="the proxy's log")
    assert place.proxied(path)[before:] == [("-", "-")]


def test_a_file_lies_ready_compressed_on_the_disk(place: Place) -> None:
    path = a_file_of(place)
    answer = place.visitor.ask(path, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.body == (place.folder / "srv" / f"{path[1:]}.gz").read_bytes()


def test_a_file_that_only_the_site_has_is_asked_of_the_site(place: Place) -> None:
    path = a_file_of(place)
    file = place.folder / "srv" / path[1:]
    away = file.rename(file.with_suffix(".away"))
    try:
        answer = place.visitor.ask(path)
    finally:
        away.rename(file)
    assert answer.status == 200
    assert place.visitor.ask("/static/absent.0123456789ab.js").status == 404


@pytest.fixture
def picture(place: Place) -> Path:
    file = place.folder / "srv" / "media" / RENDITION
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"\xff\xd8\xff the bytes of a picture")
    return file


def test_a_picture_from_the_disk_has_the_headers_of_the_site(place: Place, picture: Path) -> None:
    ours, theirs = place.visitor.ask(f"/media/{RENDITION}"), from_the_site(place, f"/media/{RENDITION}")
    assert ours.body == theirs.body == picture.read_bytes()
    assert words(ours) == words(theirs)
    assert ours.headers["Content-Type"] == "image/jpeg"


def test_a_picture_that_is_withdrawn_is_gone_at_once(place: Place, picture: Path) -> None:
    assert place.visitor.ask(f"/media/{RENDITION}").status == 200
    picture.unlink()
    gone = place.visitor.ask(f"/media/{RENDITION}")
    assert (gone.status, gone.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("path", ["/media/../../data/secret-key", "/media/private/x.jpg", "/static/../run/nginx.conf", "/metrics"])
def test_nothing_else_on_the_disk_is_served(place: Place, path: str) -> None:
    assert place.visitor.ask(path).status in {400, 404}


def test_a_page_has_each_header_once(place: Place) -> None:
    path = f"/live/{place.open_blog()}/"
    assert words(place.visitor.ask(path)) == words(from_the_site(place, path))


def test_plain_http_is_sent_to_https(place: Place) -> None:
    port = int(re.search(r"listen 127\.0\.0\.1:(\d+) default_server", (place.folder / "run" / "nginx.conf").read_text())[1])
    connection = http.client.HTTPConnection(HERE, port, timeout=10)
    connection.request("GET", "/live/a-story/?before=x", headers={"Host": NAME})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (308, f"https://{NAME}/live/a-story/?before=x")


def test_another_name_is_not_answered(place: Place) -> None:
    assert place.visitor.ask("/", headers={"Host": "evil.example"}).status in {400, 421}
    connection = http.client.HTTPSConnection(HERE, place.visitor.port, timeout=10, context=ssl._create_unverified_context())
    with pytest.raises(ssl.SSLError):
        connection.request("GET", "/")


def test_a_request_too_large_is_refused_before_the_site_sees_it(place: Place) -> None:
    path = f"/desk/{place.open_blog()}/images/"
    assert place.editor.ask(path, method="POST", body=b"x" * (14 * 1024 * 1024)).status == 413
    assert place.visitor.ask("/", method="POST", body=b"x" * (65 * 1024)).status == 413
    until(lambda: place.proxied(path), seconds=5, what="the proxy's log")
    assert place.proxied(path) == [("-", "-")]


def test_a_sign_in_is_not_tried_without_end(place: Place) -> None:
    answers = [place.visitor.ask("/admin/login/", method="POST", body=b"").status for _ in range(14)]
    assert answers[0] == 403
    assert answers[-1] == 429
    assert place.editor.ask("/admin/").status == 200
