"""An export that was tampered with is refused with the place, and nothing of it is kept."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage

from newsroom.exporters.native import encode, export_blog
from newsroom.importers.errors import ImportRefused
from newsroom.importers.native import original_of, parse_export
from newsroom.importers.native_writer import write_export
from newsroom.models import Entry, Image, LiveBlog
from newsroom.models.media import new_folder
from newsroom.refs import new_entry_ref, new_image_ref
from tests.newsroom.full_blog import full_blog
from tests.newsroom.importing import NOW, an_admin

pytestmark = pytest.mark.django_db

Document = dict[str, Any]


_exported: list[str] = []


@pytest.fixture
def document() -> Document:
    """Made once a process: encoding its pictures is most of the time."""
    if not _exported:
        _exported.append(encode(export_blog(full_blog(an_admin()))))
    return dict(json.loads(_exported[0]))


def everything(document: Document) -> dict[str, Any]:
    return next(entry for entry in document["entries"] if entry["source_id"] == "elsewhere:1")


def test_an_export_is_sound_as_it_is(document: Document) -> None:
    assert len(parse_export(document).entries) == len(document["entries"])


def change(document: Document, path: str, value: Any) -> None:
    """Sets what lies at a path such as `entries.0.ref`; `entry` stands for the entry that has every block."""
    holder: Any = document
    *way, last = path.split(".")
    for part in way:
        holder = everything(document) if part == "entry" else holder[int(part)] if part.isdigit() else holder[part]
    holder[int(last) if last.isdigit() else last] = value


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("version", 2, "version 2; this software reads version 1"),
        ("blog.slug", "../../etc", "blog.slug"),
        ("blog.zone", "Mars/Olympus", "blog.zone"),
        ("blog.title", 7, "blog.title"),
        ("blog.surprise", 1, "blog.surprise"),
        ("blog.edited_by", [99], "a byline that it does not hold"),
        ("blog.pinned", "e-222222", "not among the published"),
        ("entry.ref", "e-<b>", "ref"),
        ("entry.kind", "advert", "kind"),
        ("entry.status", "draft", "not among the published ones"),
        ("entry.rev", 99, "does not fit its list of revisions"),
        ("entry.published_at", None, "no time of publication"),
        ("entry.published_at", "0001-01-01T00:00:00+00:00", "published_at"),
        ("entry.withdrawn_at", "2026-01-01T00:00:00+00:00", "time of withdrawal"),
        ("entry.blocks", [{"type": "marquee"}], "no block of the type “marquee”"),
        ("entry.blocks", [{"type": "image", "image": "i-22222222"}], "i-22222222, which the export does not hold"),
        ("entry.blocks", [{"type": "text", "html": "x" * 70_000}], "64 kB is the most"),
        ("entry.revisions.0.snapshot.ref", "e-222222", "text of another entry"),
        ("entry.revisions.0.snapshot.published_at", "soon", "published_at"),
        ("entry.revisions.0.snapshot.blog.slug", "a/../b", "slug"),
        ("images.0.folder", "../../../../outside", "folder"),
        ("images.0.remote_url", "javascript:alert(1)", "remote_url"),
        ("entries", "all of them", "entries"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(document: Document, path: str, value: Any, said: str) -> None:
    change(document, path, value)
    with pytest.raises(ImportRefused) as refused:
        parse_export(document)
    assert said in str(refused.value)
    assert "Nothing was imported." in str(refused.value)


def test_a_key_that_is_missing_is_named(document: Document) -> None:
    del document["blog"]["state"]
    with pytest.raises(ImportRefused, match=r"blog\.state"):
        parse_export(document)


def test_two_entries_of_one_name_are_refused(document: Document) -> None:
    document["entries"].append(copy.deepcopy(document["entries"][0]))
    with pytest.raises(ImportRefused, match="Two entries of the export are called"):
        parse_export(document)


def test_a_rendition_outside_the_pictures_folder_is_refused(document: Document) -> None:
    image = next(row for row in document["images"] if row["renditions"])
    image["renditions"][0]["name"] = "../private/secret-key.jpg"
    with pytest.raises(ImportRefused, match="renditions"):
        parse_export(document)


@pytest.mark.parametrize("tamper", [lambda row: row.update(sha256="0" * 64), lambda row: row.update(base64="no base64!")])
def test_a_file_that_is_not_the_one_exported_is_refused(document: Document, tamper: Callable[[dict[str, Any]], None]) -> None:
    image = next(row for row in document["images"] if row["original"])
    tamper(image["original"])
    with pytest.raises(ImportRefused, match=image["ref"]):
        original_of(next(row for row in parse_export(document).images if row.original and row.ref == image["ref"]))


def elsewhere(document: Document) -> None:
    """New names throughout, as if the file came from another site."""
    text = json.dumps(document)
    for row in document["entries"]:
        text = text.replace(row["ref"], new_entry_ref())
    for row in document["images"]:
        text = text.replace(row["ref"], new_image_ref()).replace(row["folder"], new_folder())
    document.clear()
    document.update(json.loads(text.replace('"slug": "full"', '"slug": "elsewhere"')))


def test_a_script_in_a_text_does_not_come_through(document: Document) -> None:
    elsewhere(document)
    entry = everything(document)
    evil = "<p>Hi<script>alert(1)</script><img src=x onerror=alert(1)></p>"
    entry["blocks"][0]["html"] = entry["revisions"][-1]["snapshot"]["blocks"][0]["html"] = evil
    entry["revisions"][-1]["snapshot"]["headline"] = "<script>alert(1)</script>"
    write_export(parse_export(document), actor=an_admin("other"), now=NOW)
    fragment = Entry.objects.get(ref=entry["ref"]).fragment
    assert "<script" not in fragment
    assert "onerror" not in fragment
    assert "&lt;script&gt;" in fragment


def test_a_picture_that_is_none_leaves_nothing_behind(document: Document) -> None:
    elsewhere(document)
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    last = [row for row in document["images"] if row["original"]][-1]
    last["original"] = {"sha256": hashlib.sha256(svg).hexdigest(), "base64": base64.b64encode(svg).decode()}
    blogs, images = LiveBlog.objects.count(), Image.objects.count()
    with pytest.raises(ImportRefused, match="SVG"):
        write_export(parse_export(document), actor=an_admin("other"), now=NOW)
    assert (LiveBlog.objects.count(), Image.objects.count()) == (blogs, images)
    assert not [row["name"] for image in document["images"] for row in image["renditions"] if default_storage.exists(row["name"])]


def test_somebody_who_may_not_open_blogs_brings_none_back(document: Document) -> None:
    elsewhere(document)
    with pytest.raises(ImportRefused, match="Only an administrator opens a blog"):
        write_export(parse_export(document), actor=User.objects.create_user("guest", is_staff=True), now=NOW)
    assert not LiveBlog.objects.filter(slug="elsewhere").exists()
