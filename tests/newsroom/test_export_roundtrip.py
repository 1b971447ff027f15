"""import(export(blog)) is the same blog: what is exported from it, and every fragment that readers get, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command

from newsroom.exporters.native import encode, export_blog
from newsroom.importers.errors import ImportRefused
from newsroom.importers.native import parse_export
from newsroom.importers.native_writer import write_export
from newsroom.importers.report import Report
from newsroom.models import Change, Entry, Image, LiveBlog, Membership
from newsroom.rendering.board import render_board, render_front
from tests.newsroom.full_blog import full_blog
from tests.newsroom.importing import NOW, an_admin

ENTRIES = 9

# On commit, pictures find their place: a test that rolls back would never see it.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    return an_admin()


@pytest.fixture
def blog(admin: User) -> LiveBlog:
    return full_blog(admin)


def leave(blog: LiveBlog) -> None:
    """The site forgets the blog and its files, as a new site would never have had them."""
    for image in blog.images.all():
        for row in image.renditions:
            default_storage.delete(row["name"])
            storages["originals"].delete(row["name"])
        image.original.delete(save=False) if image.original else None
    LiveBlog.objects.filter(pk=blog.pk).update(pinned=None)
    Change.objects.filter(blog=blog).delete()
    Membership.objects.filter(blog=blog).delete()
    blog.delete()


def bring_back(text: str, admin: User, **options: Any) -> Report:
    return write_export(parse_export(json.loads(text)), actor=admin, now=NOW, **options)


def seen_by_readers(blog: LiveBlog) -> list[Any]:
    feed = list(blog.entries.exclude(fragment="").order_by("-order").values_list("ref", "order", "rev", "status", "fragment"))
    return [feed, render_board(blog), render_front(blog)]


def test_the_same_blog_comes_back(blog: LiveBlog, admin: User) -> None:
    text, before = encode(export_blog(blog)), seen_by_readers(blog)
    leave(blog)
    report = bring_back(text, admin)
    back = LiveBlog.objects.get(slug="full")
    assert encode(export_blog(back)) == text
    assert seen_by_readers(back) == before
    assert report.entries["new"] == ENTRIES
    assert report.losses == []


def test_two_exports_of_one_blog_are_the_same_bytes(blog: LiveBlog) -> None:
    assert encode(export_blog(blog)) == encode(export_blog(blog))


def test_every_picture_is_where_it_was(blog: LiveBlog, admin: User) -> None:
    text = encode(export_blog(blog))
    names = {image.ref: [row["name"] for row in image.renditions] for image in blog.images.all()}
    leave(blog)
    bring_back(text, admin)
    for image in Image.objects.filter(remote_url=""):
        assert [row["name"] for row in image.renditions] == names[image.ref]
        public, private = (
            [storage.exists(row["name"]) for row in image.renditions] for storage in (default_storage, storages["originals"])
        )
        assert (any(public), all(private)) == ((False, True) if image.withheld else (True, False))
        assert image.original.size > 0
    assert Image.objects.filter(withheld=True).count() == 1


def test_a_second_import_changes_nothing_and_says_so(blog: LiveBlog, admin: User) -> None:
    text = encode(export_blog(blog))
    report = bring_back(text, admin)
    assert report.changed_nothing
    assert report.entries["unchanged"] == ENTRIES
    assert LiveBlog.objects.get().pk == blog.pk


def test_a_blog_that_has_moved_on_is_left_as_it_is(blog: LiveBlog, admin: User) -> None:
    document = export_blog(blog)
    document["entries"][0]["headline"] = "Another text"
    with pytest.raises(ImportRefused, match=rf"1 of its entries differ \({document['entries'][0]['ref']}\)"):
        bring_back(encode(document), admin)
    assert encode(export_blog(LiveBlog.objects.get())) == encode(export_blog(blog))


def test_an_entry_that_another_blog_holds_is_refused(blog: LiveBlog, admin: User) -> None:
    text = encode(export_blog(blog)).replace('"slug": "full"', '"slug": "taken"', 1)
    with pytest.raises(ImportRefused, match="holds the entry e-"):
        bring_back(text, admin)


def test_a_dry_run_writes_nothing_not_even_files(blog: LiveBlog, admin: User) -> None:
    text = encode(export_blog(blog))
    names = [row["name"] for image in blog.images.all() for row in image.renditions]
    leave(blog)
    report = bring_back(text, admin, dry_run=True)
    assert report.entries["new"] == ENTRIES
    assert not LiveBlog.objects.exists()
    assert not [name for name in names if default_storage.exists(name) or storages["originals"].exists(name)]


def test_without_its_pictures_a_blog_keeps_their_words(blog: LiveBlog, admin: User) -> None:
    text = encode(export_blog(blog, with_pictures=False))
    assert "base64" not in text
    leave(blog)
    report = bring_back(text, admin)
    assert {loss.what for loss in report.losses} == {"the picture itself"}
    fragment = Entry.objects.get(source_id="elsewhere:1").fragment
    assert "srcset" not in fragment


def test_users_this_site_does_not_know_are_named_and_left_out(blog: LiveBlog, admin: User) -> None:
    text = encode(export_blog(blog))
    leave(blog)
    admin.username = "somebody-else"
    admin.save()
    report = bring_back(text, admin)
    assert [loss.what for loss in report.losses] == ["the user “admin”"]
    assert set(Entry.objects.values_list("created_by", flat=True)) == {None}
    assert bring_back(text, admin).changed_nothing


def test_a_planned_time_that_has_passed_publishes_nothing(blog: LiveBlog, admin: User) -> None:
    document = export_blog(blog)
    (planned,) = [entry for entry in document["entries"] if entry["status"] == "scheduled"]
    planned["scheduled_for"] = "2026-01-01T00:00:00+00:00"
    leave(blog)
    report = bring_back(encode(document), admin)
    assert Entry.objects.get(ref=planned["ref"]).status == "draft"
    assert [loss.what for loss in report.losses] == ["its planned time"]


def test_the_commands_write_and_read_the_file(blog: LiveBlog, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "full.json"
    call_command("export_blog", "full", output=path)
    assert path.read_text(encoding="utf-8") == encode(export_blog(blog))
    leave(blog)
    call_command("import_blog", path, json=True)
    printed = capsys.readouterr().out
    assert json.loads(printed[printed.index("{") :])["entries"]["new"] == ENTRIES
    assert [item.name for item in tmp_path.iterdir()] == ["full.json"]


def test_an_export_of_no_blog_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="no blog at /live/none/"):
        call_command("export_blog", "none")
