"""What stands on the desk's pages around the form's own behaviour: icon and labels."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.newsroom import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(blog):
    return desk.signed_in(factories.member(blog, "editor"))


def test_every_page_of_the_desk_has_the_icon(client, blog):
    assert finders.find("icons/rail.svg")
    signed_in = [
        (client, address) for address in (reverse("admin:index"), desk.add_address(blog), reverse("admin:newsroom_entry_changelist"))
    ]
    for who, address in [*signed_in, (Client(), reverse("account_login"))]:
        page = who.get(address).content.decode()
        assert page.count('rel="icon"') == 1, address
        assert "icons/rail" in page, address


def test_the_precision_of_a_time_is_asked_for_in_words_that_stand_alone(client, blog):
    page = client.get(desk.add_address(blog)).content.decode()
    assert '<label for="id_happened_precision">How precisely known</label>' in page


def test_what_the_form_says_of_its_button_and_of_breaking_news_holds_for_every_kind(client, blog):
    page = client.get(desk.add_address(blog)).content.decode()
    assert "Ctrl+Enter presses the coloured button." in page
    assert "blue button" not in page
    assert "Every open page gets it at once, marked in red." in page
    assert "takes the top" not in page


def test_no_browser_fills_a_fresh_form_with_an_old_text(client, blog):
    assert (
        f'<form method="post" action="{desk.add_address(blog)}" id="entry_form" autocomplete="off"'
        in client.get(desk.add_address(blog)).content.decode()
    )
