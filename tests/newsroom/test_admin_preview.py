"""The preview is the fragment itself, and leaves no trace."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from newsroom.models import Change, Entry, EntryRevision, Write
from tests import factories
from tests.newsroom import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(blog):
    return desk.signed_in(factories.member(blog, "editor"))


@time_machine.travel("2026-03-14T15:00:00Z", tick=False)
def test_the_preview_is_the_fragment_that_publishing_makes(blog):
    """Of an entry that stands under an earlier time, which says when it was added."""
    client = desk.signed_in(factories.member(blog, "editor"))
    sent = desk.typed(kind="breaking", standing="reported", source="Harbour radio", published_at="2026-03-14T12:00")
    shown = client.post(reverse("desk:preview", args=[blog.slug]), sent).json()["html"]
    client.post(desk.add_address(blog), sent)
    entry = Entry.objects.get()
    ref = shown.split('data-ref="')[1].split('"')[0]
    assert shown.replace(ref, entry.ref) == entry.fragment
    assert "Added" in shown


def test_a_preview_changes_nothing(client, blog):
    entry = factories.published(blog)
    before = Entry.objects.values().get()
    counts = [model.objects.count() for model in (Change, EntryRevision, Write)]
    answer = client.post(f"{reverse('desk:preview', args=[blog.slug])}?entry={entry.pk}", desk.edited(entry, headline="Only looking"))
    assert "Only looking" in answer.json()["html"]
    assert Entry.objects.values().get() == before
    assert [model.objects.count() for model in (Change, EntryRevision, Write)] == counts


def test_a_preview_is_asked_for_by_post_only(client, blog):
    assert client.get(reverse("desk:preview", args=[blog.slug])).status_code == 405


def test_a_preview_says_what_would_be_refused(client, blog):
    answer = client.post(reverse("desk:preview", args=[blog.slug]), desk.typed(blocks=[{"type": "poll"}]))
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"] == "blocks.0"


def test_a_preview_runs_no_script_of_the_text(client, blog):
    sent = desk.typed(headline="<script>x()</script>", blocks=[{"type": "text", "html": "<p>a</p><img src=x onerror=x()>"}])
    html = client.post(reverse("desk:preview", args=[blog.slug]), sent).json()["html"]
    assert "<script" not in html
    assert "onerror" not in html


def test_a_contributor_cannot_preview_over_somebody_else_s_draft(blog):
    draft = factories.draft(blog)
    client = desk.signed_in(factories.member(blog, "contributor"))
    assert client.post(f"{reverse('desk:preview', args=[blog.slug])}?entry={draft.pk}", desk.typed()).status_code == 404
    assert client.post(reverse("desk:preview", args=[blog.slug]), desk.typed()).status_code == 200
