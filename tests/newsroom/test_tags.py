"""Tags: one spelling each in any script, refused at their field, renamed without breaking a link, and lost by no export."""

from __future__ import annotations

import pytest
from django.urls import reverse

from newsroom.actions.drafts import save_draft
from newsroom.actions.entries import edit_entry
from newsroom.actions.tags import rename_tag, rerender_tagged_entries
from newsroom.actions.texts import text_of
from newsroom.errors import Invalid, NotFound
from newsroom.exporters.native import encode, export_blog
from newsroom.importers.native import parse_export
from newsroom.importers.native_writer import write_export
from newsroom.models import Entry, Tag
from newsroom.permissions import RELEASE_WORKER
from newsroom.tagging import key_of, split
from tests import factories
from tests.factories import at
from tests.newsroom.desk import add_address, change_address, signed_in, typed

pytestmark = pytest.mark.django_db(transaction=True)


def tagged(blog, *names, **fields):
    return factories.published(blog, **{"headline": "Bridge closed", "tags": list(names), **fields})


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Harbour, Rescue", ["Harbour", "Rescue"]),
        (" #Harbour ,, ", ["Harbour"]),
        ("ميناء، إنقاذ", ["ميناء", "إنقاذ"]),
        ("港口、救援", ["港口", "救援"]),
        ("", []),
    ],
)
def test_a_line_is_split_at_the_commas_of_every_script(typed, names):
    assert split(typed) == names


def test_a_name_is_folded_without_losing_what_makes_it_another_word():
    assert key_of("  HARBOUR bridge! ") == "harbour-bridge"
    assert key_of("Straße") == key_of("STRASSE")
    assert key_of("हिंदी") != key_of("हद")
    assert key_of("🚢") == ""


def test_two_spellings_are_one_tag_and_the_first_one_stands():
    blog = factories.blog()
    tagged(blog, "Harbour")
    second = tagged(blog, "HARBOUR", "harbour ", minute=1)
    assert Tag.objects.get().name == "Harbour"
    assert "Harbour</bdi>" in second.fragment
    assert "HARBOUR" not in second.fragment


def test_an_entry_names_its_tags_and_links_to_what_they_find():
    blog = factories.blog(slug="story")
    entry = tagged(blog, "ميناء", "Harbour")
    assert '<a href="/live/story/?tag=harbour"><bdi>Harbour</bdi></a>, <a href="/live/story/?tag=%D9%85' in entry.fragment
    assert 'class="tags"' not in factories.published(blog, minute=1).fragment


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["🚢"], "neither a letter nor a digit"),
        (["x" * 41], "41 characters; 40 is the most"),
        ([f"tag {n}" for n in range(11)], "11 tags; 10 is the most"),
    ],
)
def test_a_tag_that_cannot_be_is_refused_at_its_field(names, said):
    blog = factories.blog()
    with pytest.raises(Invalid) as refused:
        tagged(blog, *names)
    assert [fault.field for fault in refused.value.faults] == ["tags"]
    assert said in str(refused.value)
    assert not Entry.objects.exists()
    assert not Tag.objects.exists()


def test_a_renamed_tag_keeps_its_address_and_every_entry_follows():
    blog = factories.blog(slug="story")
    chief, entry = factories.chief_of(blog), tagged(blog, "Harbour")
    tag = rename_tag(actor=chief, tag=Tag.objects.get(), name="The port", now=at(1))
    rerender_tagged_entries(tag=tag, now=at(1), actor=RELEASE_WORKER)
    fresh = Entry.objects.get(pk=entry.pk)
    assert '?tag=harbour"><bdi>The port</bdi>' in fresh.fragment
    assert fresh.version == entry.version
    again = tagged(blog, "the PORT", minute=2)
    assert [tag.slug for tag in again.tags.all()] == ["harbour"]
    other = tagged(blog, "Harbour", minute=3)
    assert [tag.slug for tag in other.tags.all()] == ["harbour-2"]
    with pytest.raises(Invalid, match="of that name already"):
        rename_tag(actor=chief, tag=other.tags.get(), name="The  Port", now=at(4))
    with pytest.raises(NotFound):
        rename_tag(actor=factories.user("stranger"), tag=tag, name="Mine", now=at(4))


def test_an_edit_that_changes_the_tags_is_an_edit():
    blog = factories.blog()
    chief, entry = factories.chief_of(blog), tagged(blog, "Harbour")
    text = factories.text("Bridge closed", blocks=text_of(entry).blocks, tags=["Rescue"])
    edited = edit_entry(actor=chief, entry=entry, text=text, base_version=entry.version, now=at(1))
    assert (edited.rev, text_of(edited).tags) == (2, ["Rescue"])
    assert "Harbour" not in edited.fragment


def test_a_draft_keeps_its_tags():
    blog = factories.blog()
    draft = save_draft(actor=factories.chief_of(blog), blog=blog, text=factories.text(tags=["Secret plan"]), now=at(0))
    assert text_of(draft).tags == ["Secret plan"]


def test_an_export_brings_the_tags_back_byte_for_byte():
    blog = factories.blog(slug="story")
    chief = factories.chief_of(blog)
    entry = tagged(blog, "Harbour", "ميناء")
    tag = rename_tag(actor=chief, tag=Tag.objects.get(key="harbour"), name="Port", now=at(1))
    rerender_tagged_entries(tag=tag, now=at(1), actor=RELEASE_WORKER)
    before, fragment = encode(export_blog(blog)), Entry.objects.get(pk=entry.pk).fragment
    document = export_blog(blog)
    blog.delete()
    write_export(parse_export(document), actor=chief, now=at(5))
    back = Entry.objects.get(ref=entry.ref)
    assert encode(export_blog(back.blog)) == before
    assert back.fragment == fragment


def test_the_desk_writes_tags_in_one_line_and_keeps_what_it_refuses():
    blog = factories.blog(slug="story")
    client = signed_in(factories.chief_of(blog))
    refused = client.post(add_address(blog), typed(tags="Harbour, 🚢"))
    assert refused.status_code == 422
    assert 'value="Harbour, 🚢"' in refused.content.decode()
    assert "neither a letter nor a digit" in refused.content.decode()
    assert client.post(add_address(blog), typed(tags="Harbour, Rescue")).status_code == 302
    entry = Entry.objects.get()
    assert text_of(entry).tags == ["Harbour", "Rescue"]
    assert 'value="Harbour, Rescue"' in client.get(change_address(entry)).content.decode()


def test_the_admin_renames_a_tag():
    blog = factories.blog(slug="story")
    tagged(blog, "Harbour")
    tag = Tag.objects.get()
    address = reverse("admin:newsroom_tag_change", args=[tag.pk])
    client = signed_in(factories.chief_of(blog))
    assert client.get(reverse("admin:newsroom_tag_changelist")).status_code == 200
    refused = client.post(address, {"name": "🚢"})
    assert "neither a letter nor a digit" in refused.content.decode()
    assert client.post(address, {"name": "The port"}).status_code == 302
    tag.refresh_from_db()
    assert (tag.name, tag.key, tag.slug) == ("The port", "the-port", "harbour")
    assert signed_in(factories.member(blog, "contributor")).post(address, {"name": "Mine"}).status_code == 403
