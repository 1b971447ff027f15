"""An entry that slots in where something newer was told before it says when it was added, and one that did not says nothing."""

from __future__ import annotations

import pytest

from newsroom.actions.entries import correct_entry, edit_entry
from newsroom.actions.places import move_entry
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db


def test_it_says_so_in_every_later_text_too_and_in_the_language_of_the_blog():
    blog = factories.blog(zone="UTC", language="de")
    chief = factories.chief_of(blog)
    entry = factories.published(blog, minute=30, published_at=at(0))
    said = f'Nachgetragen: <time datetime="{at(30):%Y-%m-%dT%H:%M:%SZ}">'
    assert said in entry.fragment
    edited = edit_entry(actor=chief, entry=entry, text=factories.text("Other"), base_version=entry.version, now=at(40))
    corrected = correct_entry(
        actor=chief, entry=edited, text=factories.text("Another"), note="Wrong.", base_version=edited.version, now=at(50)
    )
    assert said in edited.fragment
    assert said in corrected.fragment
    assert "Nachgetragen" not in move_entry(actor=chief, entry=corrected, published_at=at(30), now=at(60)).fragment


def test_one_at_its_own_time_and_one_from_elsewhere_say_nothing_until_they_are_put_back():
    blog = factories.blog(zone="UTC")
    own = factories.published(blog, minute=30)
    elsewhere = factories.published(blog, minute=30, published_at=at(0), source_id="there:1")
    assert "Added" not in own.fragment + elsewhere.fragment
    back = move_entry(actor=factories.chief_of(blog), entry=own, published_at=at(10), now=at(60))
    assert f'Added <time datetime="{at(30):%Y-%m-%dT%H:%M:%SZ}">' in back.fragment
