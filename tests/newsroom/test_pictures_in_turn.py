"""In which order readers are told and files are moved, and that no picture is lost between two entries that show it."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from newsroom import announce
from newsroom.actions import pictures as files
from newsroom.actions import publication
from newsroom.actions.entries import edit_entry, withdraw_entry
from newsroom.actions.media import upload_image
from newsroom.actions.reversals import restore_entry, undo_publication
from newsroom.models import Entry, Image, LiveBlog
from tests import factories
from tests.factories import at
from tests.newsroom import pictures
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


def upload(blog: LiveBlog) -> Image:
    file = io.BytesIO(pictures.jpeg())
    image = upload_image(actor=factories.chief_of(blog), blog=blog, file=file, now=at(0), alt="The bridge")
    return Image.objects.get(pk=image.pk)


def block(image: Image) -> dict[str, Any]:
    return {"type": "image", "image": image.ref}


def showing(blog: LiveBlog, image: Image) -> Entry:
    return factories.published(blog, blocks=[block(image)])


def withdraw(entry: Entry) -> Entry:
    return withdraw_entry(actor=factories.chief_of(entry.blog), entry=entry, reason="It showed a private person.", now=at(0.1))


def undo(entry: Entry) -> Entry:
    return undo_publication(actor=factories.chief_of(entry.blog), entry=entry, now=at(0.1))


def say_nothing_of_it(entry: Entry) -> Entry:
    """An edit that takes the picture out."""
    return edit_entry(actor=factories.chief_of(entry.blog), entry=entry, text=factories.text(), base_version=entry.version, now=at(0.1))


def is_public(image: Image) -> bool:
    image.refresh_from_db()
    there = {default_storage.exists(row["name"]) for row in image.renditions}
    assert there == {not image.withheld}
    return not image.withheld


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Each change as it is announced, with whether every picture is at its public address then."""
    found: list[tuple[str, bool]] = []

    def send(messages: Any, group: str = announce.GROUP) -> None:
        names = [row["name"] for image in Image.objects.all() for row in image.renditions]
        there = all(default_storage.exists(name) for name in names)
        found.extend((message["text"][7:10], there) for message in messages if message["type"] == "change")

    monkeypatch.setattr(announce.sender, "send_soon", send)
    return found


@pytest.mark.parametrize(("act", "op"), [(withdraw, "dro"), (undo, "dro"), (say_nothing_of_it, "put")])
def test_readers_are_told_before_the_files_of_what_goes_are_touched(act: Callable[[Entry], Entry], op: str, told):
    image = upload(factories.blog())
    act(showing(image.blog, image))
    assert told == [("put", True), (op, True)]
    assert not is_public(image)


def test_what_was_withheld_is_public_before_readers_are_told(told):
    image = upload(factories.blog())
    gone = withdraw(showing(image.blog, image))
    assert not is_public(image)
    told.clear()
    restore_entry(actor=factories.chief_of(image.blog), entry=gone, now=at(1))
    assert told == [("put", True)]
    assert is_public(image)


def test_a_picture_that_is_public_already_is_not_looked_for_again(monkeypatch: pytest.MonkeyPatch):
    image = upload(factories.blog())
    asked: list[list[str]] = []
    settle = files.settle_images
    monkeypatch.setattr(files, "settle_images", lambda refs, *, blog: asked.append(refs) or settle(refs, blog=blog))
    entry = showing(image.blog, image)
    assert asked == []
    say_nothing_of_it(entry)
    assert asked == [[image.ref]]


def left_unsettled(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Withdrawn by a process that has committed and not come to the files yet."""
    with monkeypatch.context() as slow:
        slow.setattr(files, "settle_images", lambda refs, *, blog: None)
        withdraw(entry)


def test_a_picture_that_is_withheld_while_an_entry_with_it_is_rendered_is_back(monkeypatch: pytest.MonkeyPatch, told):
    image = upload(factories.blog())
    left_unsettled(showing(image.blog, image), monkeypatch)
    snapshot = publication.take_snapshot

    def take_snapshot(*args: Any, **options: Any) -> Any:
        files.settle_images([image.ref], blog=image.blog)
        assert not is_public(image)
        return snapshot(*args, **options)

    monkeypatch.setattr(publication, "take_snapshot", take_snapshot)
    showing(image.blog, image)
    assert is_public(image)
    assert told[-1] == ("put", True)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there one writes at a time")
def test_who_would_withhold_a_picture_waits_for_an_entry_that_is_about_to_show_it(monkeypatch: pytest.MonkeyPatch):
    image = upload(factories.blog())
    left_unsettled(showing(image.blog, image), monkeypatch)

    def settle() -> None:
        try:
            files.settle_images([image.ref], blog=image.blog)
        finally:
            connection.close()

    other = threading.Thread(target=settle)
    hold = publication.hold_images

    def is_waiting() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            return cursor.fetchone()[0] > 0

    def hold_images(snapshot: Any) -> list[Image]:
        held = hold(snapshot)
        assert [image.withheld for image in held] == [False]
        other.start()
        until(is_waiting, seconds=10, what="the other process")
        return held

    monkeypatch.setattr(publication, "hold_images", hold_images)
    showing(image.blog, image)
    other.join(10)
    assert is_public(image)
