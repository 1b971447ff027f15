"""The flow without scripts: each act on an entry is a button of its page or a page that asks first."""

from __future__ import annotations

import re
import uuid
import zoneinfo
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from newsroom.actions.drafts import submit_entry
from newsroom.actions.entries import publish_entry, withdraw_entry
from newsroom.actions.review import set_embargo
from newsroom.desk.acts import ACTS, BY_STATUS, IN_THE_FORM
from newsroom.models import AuditLine, Entry, LiveBlog
from tests import factories
from tests.factories import at
from tests.newsroom import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def blog():
    return factories.blog(zone="Europe/Berlin")


@pytest.fixture
def vera(blog):
    return factories.member(blog, "editor", "vera")


@pytest.fixture
def client(vera):
    return desk.signed_in(vera)


def handed_in(blog):
    writer = factories.member(blog, "contributor")
    draft = factories.draft(blog, "From the quay", actor=writer)
    return submit_entry(actor=writer, entry=draft, base_version=1, now=at(1))


def press(client: Client, act: str, entry: Entry, **sent: object):
    """As a browser without scripts: the page of the entry or of the act is opened, and its form is sent."""
    page = client.get(desk.act_address(act, entry)) if ACTS[act].warns else client.get(desk.change_address(entry))
    hidden = dict(re.findall(r'name="(key|version\.[\w-]+)" value="([\w-]+)"', page.content.decode().split('data-part="mark-form"')[-1]))
    return client.post(desk.act_address(act, entry), {**hidden, **sent}, follow=True)


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


@pytest.mark.parametrize("status", BY_STATUS)
def test_the_page_of_an_entry_offers_what_fits_it(blog, client, status):
    entry = handed_in(blog)
    Entry.objects.filter(pk=entry.pk).update(status=status, published_at=at(0), order="1")
    page = client.get(desk.change_address(entry)).content.decode()
    offered = set(re.findall(r"/do/([\w-]+)/\?refs", page))
    # To purge is a chief's; to undo is for who has just published.
    assert offered == set(BY_STATUS[status]) - IN_THE_FORM - {"purge"}


def test_a_published_entry_is_taken_back_at_once(blog, vera, client):
    entry = publish_entry(actor=vera, blog=blog, text=factories.text("A slip"), now=timezone.now())
    assert said(press(client, "undo", entry)) == ["Taken back: off every page. It is a draft again."]
    # Its own page says what became of it, and has no way to put its text beside the draft.
    page = client.get(desk.change_address(entry)).content.decode()
    assert "Its text went on as a draft" in page
    assert "/do/restore/" not in page
    assert "/do/duplicate/" in page
    assert "cannot be done" in said(press(client, "restore", entry))[0]
    assert {row.headline: row.status for row in Entry.objects.filter(status="draft")} == {"A slip": "draft"}
    assert "undo" not in client.get(desk.change_address(factories.published(blog, minute=5))).content.decode()


def test_an_entry_is_moved_on_the_clock_of_its_blog(blog, client):
    entry = factories.published(blog)
    assert 'value="2026-03-14T13:00"' in client.get(desk.act_address("move", entry)).content.decode()
    press(client, "move", entry, at="2026-03-14T09:30")
    entry.refresh_from_db()
    assert entry.published_at == at(-210)
    refused = press(client, "move", entry, at="2099-01-01T10:00")
    assert (refused.status_code, "yet to come" in refused.content.decode()) == (422, True)
    assert 'value="2099-01-01T10:00"' in refused.content.decode()


def test_what_was_handed_in_is_sent_back_with_a_note_and_approved(blog, client):
    entry = handed_in(blog)
    refused = press(client, "send-back", entry, note=" ")
    assert (refused.status_code, "Say what is missing" in refused.content.decode()) == (422, True)
    press(client, "send-back", entry, note="Who says so?")
    entry.refresh_from_db()
    assert (entry.status, entry.notes.get().note) == ("draft", "Who says so?")
    submit_entry(actor=entry.created_by, entry=entry, base_version=entry.version, now=at(2))
    assert said(press(client, "approve", entry)) == ["Approved: it is on every open page."]
    entry.refresh_from_db()
    assert entry.status == "published"


def test_nobody_is_said_to_see_an_entry_of_a_story_that_is_not_public(blog, client):
    blog.state = "draft"
    blog.save()
    [approved] = said(press(client, "approve", handed_in(blog)))
    [published] = said(client.post(desk.add_address(blog), desk.typed(headline="Begun"), follow=True))
    assert "nobody sees it yet" in approved
    assert published.startswith(approved)


def test_a_text_that_changed_since_it_was_read_is_not_approved(blog, client):
    entry = handed_in(blog)
    answer = client.post(desk.act_address("approve", entry), {f"version.{entry.ref}": entry.version - 1}, follow=True)
    assert "saved this entry after you opened it" in said(answer)[0]
    entry.refresh_from_db()
    assert entry.status == "submitted"


def test_an_embargo_is_set_and_lifted(blog, vera, client):
    entry = handed_in(blog)
    until = timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)
    press(client, "embargo", entry, until=f"{until.astimezone(zoneinfo.ZoneInfo(blog.zone)):%Y-%m-%dT%H:%M}")
    entry.refresh_from_db()
    assert entry.embargo_until == until
    page = client.get(desk.change_address(entry)).content.decode()
    assert "under embargo until" in page
    press(client, "embargo", entry, until="")
    entry.refresh_from_db()
    assert entry.embargo_until is None
    set_embargo(actor=vera, entry=entry, until=until, now=timezone.now())
    assert said(press(client, "approve", entry)) == ["Approved: it goes out when its embargo ends."]


def test_several_withdrawn_entries_come_back_together(blog, vera, client):
    gone = [withdraw_entry(actor=vera, entry=factories.published(blog, minute=n), reason="Wrong.", now=at(9)) for n in range(2)]
    client.post(desk.act_address("restore", *gone), {"key": str(uuid.uuid4())})
    assert {entry.status for entry in Entry.objects.all()} == {"published"}


def test_a_duplicate_opens_as_a_draft_of_ones_own(blog, vera, client):
    answer = press(client, "duplicate", factories.published(blog, "Bridge closed"))
    copy = Entry.objects.get(status="draft")
    assert (copy.created_by, answer.redirect_chain[-1][0]) == (vera, desk.change_address(copy))


def test_a_draft_is_discarded_once_and_a_second_press_is_told_the_same(blog, client):
    draft, key = factories.draft(blog), str(uuid.uuid4())
    answers = [client.post(desk.act_address("spike", draft), {"key": key}, follow=True) for _ in range(2)]
    assert [said(answer) for answer in answers] == [["The draft is discarded."]] * 2
    assert AuditLine.objects.filter(verb="spike").count() == 1
    assert said(client.post(desk.act_address("spike", draft), {"key": str(uuid.uuid4())}, follow=True)) != ["The draft is discarded."]


def test_the_story_is_wrapped_up_from_the_form_once(blog):
    chief = desk.signed_in(factories.chief_of(blog))
    assert "wrap-up" in chief.get(desk.add_address(blog)).content.decode()
    sent = desk.typed("wrap-up", headline="The day in short")
    for _ in range(2):
        assert chief.post(desk.add_address(blog), sent).status_code == 302
    summary = Entry.objects.get()
    blog = LiveBlog.objects.get(pk=blog.pk)
    assert (summary.kind, blog.state, blog.pinned) == ("summary", "ended", summary)
    assert 'value="wrap-up"' not in chief.get(desk.add_address(blog)).content.decode()


def test_who_reads_the_list_or_the_question_has_read_the_draft(blog, client):
    draft = factories.draft(blog)
    client.get(desk.act_address("spike", draft))
    assert AuditLine.objects.filter(verb="read", who="vera", subject=draft.ref).count() == 1
    other = factories.draft(blog)
    for _ in range(2):
        client.get(f"/admin/newsroom/entry/?blog={blog.slug}")
    assert AuditLine.objects.filter(verb="read", who="vera", subject=other.ref).count() == 1
