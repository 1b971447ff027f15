"""How sure we are: an editor's choice, and on a blog that asks for it nobody's default."""

from __future__ import annotations

import pytest
from django.urls import reverse

from newsroom.actions.drafts import schedule_entry, submit_entry
from newsroom.actions.entries import correct_entry, edit_entry, publish_entry, withdraw_entry
from newsroom.actions.releases import release_due
from newsroom.actions.reversals import restore_entry
from newsroom.actions.review import approve_entry
from newsroom.errors import Invalid
from newsroom.models import Change, Entry, LiveBlog, Standing
from tests import factories
from tests.factories import at
from tests.newsroom import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def blog():
    return factories.blog(standing_required=True)


@pytest.fixture
def chief(blog):
    return factories.chief_of(blog)


def refused(action, **fields) -> str:
    with pytest.raises(Invalid) as refusal:
        action(**fields)
    (fault,) = refusal.value.faults
    return fault.field


def test_nothing_is_published_without_it_and_what_is_not_confirmed_not_without_its_source(blog, chief):
    common = {"actor": chief, "blog": blog, "now": at(0)}
    assert refused(publish_entry, text=factories.text(), **common) == "standing"
    assert refused(publish_entry, text=factories.text(source="Reuters"), **common) == "standing"
    for standing in set(Standing) - {Standing.CONFIRMED}:
        assert refused(publish_entry, text=factories.text(standing=standing, source="  "), **common) == "source"
        assert publish_entry(text=factories.text(standing=standing, source="Reuters"), **common).standing == standing
    assert publish_entry(text=factories.text(standing="confirmed"), **common).source == ""
    assert Change.objects.count() == len(Standing)


def test_every_way_to_the_readers_asks_for_it(blog, chief):
    entry = factories.published(blog, standing="confirmed")
    common = {"actor": chief, "entry": entry, "text": factories.text(), "base_version": entry.version, "now": at(1)}
    assert refused(edit_entry, **common) == "standing"
    assert refused(correct_entry, note="It is 14, not 41.", **common) == "standing"
    draft = factories.draft(blog)
    assert refused(schedule_entry, actor=chief, entry=draft, base_version=1, at=at(9), now=at(1)) == "standing"
    handed_in = submit_entry(actor=chief, entry=draft, base_version=1, now=at(2))
    assert refused(approve_entry, actor=chief, entry=handed_in, base_version=2, now=at(3)) == "standing"


def test_what_was_complete_before_the_blog_asked_is_not_asked_again():
    blog = factories.blog()
    chief, draft = factories.chief_of(blog), factories.draft(blog)
    schedule_entry(actor=chief, entry=draft, base_version=1, at=at(5), now=at(1))
    gone = withdraw_entry(actor=chief, entry=factories.published(blog), reason="Wrong.", now=at(2))
    LiveBlog.objects.update(standing_required=True)
    assert [entry.pk for entry in release_due(now=at(6))] == [draft.pk]
    assert restore_entry(actor=chief, entry=Entry.objects.get(pk=gone.pk), now=at(7)).status == "published"


def test_both_desks_offer_no_default_and_keep_what_was_typed(blog, chief):
    client = desk.signed_in(chief)
    for page in (client.get(desk.add_address(blog)), client.get(reverse("admin:newsroom_liveblog_desk", args=[blog.pk]))):
        words = page.content.decode()
        assert "Not said" not in words
        assert not [line for line in words.splitlines() if 'name="standing"' in line and "checked" in line]
    sent = desk.typed(headline="Two pilots missing")
    del sent["standing"]
    answer = client.post(desk.add_address(blog), sent)
    assert (answer.status_code, "Two pilots missing" in answer.content.decode()) == (422, True)
    assert answer.context["form"].errors["standing"] == ["Say how sure we are: on this blog every entry does."]
    refused = client.post(reverse("desk:entries", args=[blog.slug]), sent)
    assert (refused.status_code, refused.json()["faults"][0]["field"]) == (422, "standing")
    assert client.post(desk.add_address(blog), sent | {"verb": "save", "key": ""}).status_code == 302
    assert Entry.objects.get().status == "draft"


def test_a_blog_that_does_not_ask_says_not_said():
    blog = factories.blog()
    client = desk.signed_in(factories.chief_of(blog))
    assert "Not said" in client.get(desk.add_address(blog)).content.decode()
    assert factories.published(blog).standing == ""
