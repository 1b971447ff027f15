"""A purge: nothing of what a withdrawn entry said is anywhere afterwards, and that it was there still is."""

from __future__ import annotations

import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import serializers
from django.core.files.storage import default_storage, storages
from django.urls import reverse

from newsroom import models
from newsroom.actions import media
from newsroom.actions.drafts import save_draft
from newsroom.actions.entries import correct_entry, publish_entry, withdraw_entry
from newsroom.actions.purging import purge_entry
from newsroom.actions.reversals import restore_entry
from newsroom.actions.texts import text_of
from newsroom.errors import Invalid, WrongState
from newsroom.models import AuditLine, Change, Entry, EntryNote, Image
from tests import factories
from tests.factories import at
from tests.newsroom import desk, pictures

pytestmark = pytest.mark.django_db


def picture(blog, alt: str) -> Image:
    return media.upload_image(actor=factories.chief_of(blog), blog=blog, file=io.BytesIO(pictures.jpeg(40, 30)), now=at(0), alt=alt)


def withdrawn(blog, *images: Image) -> Entry:
    """An entry with a text, a correction, a note within the desk and tags, all of which say “slander”."""
    chief = factories.chief_of(blog)
    blocks = [factories.paragraph("A slander."), *({"type": "image", "image": image.ref} for image in images)]
    draft = factories.draft(blog, "Slander", source="slander", tags=["Slander"], blocks=blocks)
    EntryNote.objects.create(entry=draft, note="Is this slander?", at=at(0))
    entry = publish_entry(actor=chief, blog=blog, text=text_of(draft), entry=draft, base_version=1, now=at(1))
    text = text_of(entry)
    entry = correct_entry(actor=chief, entry=entry, text=text, note="No slander.", base_version=entry.version, now=at(2))
    return withdraw_entry(actor=chief, entry=entry, reason="On legal advice.", now=at(3))


def everything(*, but: Any = ()) -> str:
    tables = [table for table in vars(models).values() if hasattr(table, "_default_manager") and table not in but]
    return "".join(serializers.serialize("json", table._default_manager.all()) for table in tables)


def test_no_table_and_no_file_holds_anything_of_it_and_the_notice_stays(blog):
    shown, shared = picture(blog, "A slander in paint"), picture(blog, "Shared")
    entry = withdrawn(blog, shown, shared)
    save_draft(actor=factories.chief_of(blog), blog=blog, text=factories.text(blocks=[{"type": "image", "image": shared.ref}]), now=at(4))
    numbers, fragment = Change.objects.count(), entry.fragment
    assert "lander" in everything()
    purged = purge_entry(actor=factories.chief_of(blog), entry=entry, reason="Court order 7/26", now=at(5))

    # The name of a tag is the blog's own; nothing leads from it to the entry.
    assert "lander" not in everything(but=[models.Tag])
    assert not purged.tags.exists()
    assert (purged.status, purged.withdrawn_reason, purged.fragment) == ("withdrawn", "On legal advice.", fragment)
    assert [revision.reason for revision in purged.revisions.order_by("rev")] == ["publish", "correct", "withdraw"]
    assert Change.objects.count() == numbers
    assert set(Image.objects.values_list("ref", flat=True)) == {shared.ref}
    for storage in (default_storage, storages["originals"]):
        assert not any(storage.exists(row["name"]) for row in shown.renditions)
    assert not Path(settings.STORAGES["originals"]["OPTIONS"]["location"], str(shown.original.name)).exists()
    line = AuditLine.objects.get(verb="purge")
    assert (line.subject, line.after["purged_because"], line.after["pictures_deleted"]) == (entry.ref, "Court order 7/26", [shown.ref])


def test_only_what_is_withdrawn_is_purged_and_only_with_a_ground(blog):
    chief = factories.chief_of(blog)
    for entry in (factories.published(blog), factories.draft(blog)):
        with pytest.raises(WrongState):
            purge_entry(actor=chief, entry=entry, reason="Court order", now=at(5))
    with pytest.raises(Invalid, match="which ground"):
        purge_entry(actor=chief, entry=withdrawn(blog), reason=" ", now=at(5))
    assert "lander" in everything()


def test_a_second_press_is_answered_as_the_first_and_nothing_comes_back(blog):
    chief, entry, key = factories.chief_of(blog), withdrawn(blog), uuid.uuid4()
    first = purge_entry(actor=chief, entry=entry, reason="Court order", now=at(5), key=key)
    assert purge_entry(actor=chief, entry=entry, reason="Court order", now=at(6), key=key).version == first.version
    assert AuditLine.objects.filter(verb="purge").count() == 1
    with pytest.raises(Invalid, match="empty"):
        restore_entry(actor=chief, entry=first, now=at(7))


def test_a_file_that_cannot_be_deleted_leaves_everything_as_it_was(blog, monkeypatch):
    entry = withdrawn(blog, picture(blog, "A slander"))

    def refuse(name: str) -> None:
        raise PermissionError(name)

    monkeypatch.setattr(storages["originals"], "delete", refuse)
    with pytest.raises(WrongState, match="nothing was purged"):
        purge_entry(actor=factories.chief_of(blog), entry=entry, reason="Court order", now=at(5))
    assert Entry.objects.get(pk=entry.pk).blocks
    assert Image.objects.exists()


def test_its_history_still_opens(blog):
    entry = withdrawn(blog)
    purge_entry(actor=factories.chief_of(blog), entry=entry, reason="Court order", now=at(5))
    editor = desk.signed_in(factories.member(blog, "editor"))
    for name in ("history", "change"):
        answer = editor.get(reverse(f"admin:newsroom_entry_{name}", args=[entry.pk]))
        assert (answer.status_code, "lander" in answer.content.decode()) == (200, False)
