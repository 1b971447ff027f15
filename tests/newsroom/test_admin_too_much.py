"""What is too large, or not let in: a page in plain words, in the project's dress."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from newsroom.desk.forms import MAX_BODY
from newsroom.models import Entry
from tests import factories
from tests.newsroom import desk


@pytest.fixture
def blog(db):
    return factories.blog()


@pytest.fixture
def client(blog):
    return desk.signed_in(factories.member(blog, "editor"))


def test_a_body_beyond_measure_is_refused_at_its_field_and_kept(client, blog):
    blocks = '[{"type": "text", "html": "' + "storm " * (MAX_BODY // 6 + 1) + '"}]'
    answer = client.post(desk.add_address(blog), desk.typed(blocks=blocks, source="Harbour radio"))
    assert answer.status_code == 422
    assert f"{MAX_BODY // 1000} kB is the most" in answer.content.decode()
    assert desk.shown_blocks(answer.content)[0]["html"].startswith("storm storm")
    assert b'value="Harbour radio"' in answer.content
    assert not Entry.objects.exists()


def test_the_most_that_the_form_takes_is_always_read(client, blog):
    # Every byte escaped, as a browser sends it.
    assert 3 * MAX_BODY + 1_000_000 < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert f'data-max-body="{MAX_BODY}"' in client.get(desk.add_address(blog)).content.decode()


def test_a_form_that_is_not_even_read_is_answered_in_sentences(client, blog):
    answer = client.post(desk.add_address(blog), desk.typed(blocks="x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "too large" in page
    assert "css/tokens" in page
    assert "Nothing was saved" in page
    assert not Entry.objects.exists()


def test_a_form_whose_token_does_not_fit_is_answered_in_sentences(blog):
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.member(blog, "editor"))
    answer = client.post(desk.add_address(blog), desk.typed())
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()
    assert not Entry.objects.exists()


def test_a_page_that_is_not_ones_own_is_refused_in_sentences(blog, client):
    answer = client.get(reverse("admin:newsroom_liveblog_add"))
    assert answer.status_code == 403
    assert "Your role does not allow it" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "500.html", "503.html"])
def test_the_pages_of_last_resort_need_no_context(name):
    page = get_template(name).render()
    assert page.count("<h1>") == 1
    assert "<title></title>" not in page
    assert "<script" not in page
    assert "style=" not in page
