"""Who has an entry open: told to colleagues, never in the way of a save."""

from __future__ import annotations

import pytest

from newsroom.actions.drafts import save_draft
from newsroom.actions.locks import hold, holders, let_go
from newsroom.errors import NotFound, PermissionRefused
from newsroom.models import EntryLock
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(blog):
    return factories.draft(blog)


@pytest.fixture
def vera(blog):
    return factories.member(blog, "editor", "vera")


@pytest.fixture
def tomas(blog):
    return factories.member(blog, "editor", "tomas")


def test_the_first_to_open_an_entry_holds_it_and_the_second_is_told(entry, vera, tomas):
    assert hold(actor=vera, entry=entry, now=at(0)).mine
    seen = hold(actor=tomas, entry=entry, now=at(0.5))
    assert (seen.name, seen.since, seen.mine) == ("vera", at(0), False)
    assert holders([entry], actor=tomas, now=at(0.5)) == {entry.pk: seen}


def test_a_heartbeat_keeps_it_and_its_beginning(entry, vera, tomas):
    hold(actor=vera, entry=entry, now=at(0))
    for minute in (0.5, 1, 1.5):
        assert hold(actor=vera, entry=entry, now=at(minute)).since == at(0)
    assert not hold(actor=tomas, entry=entry, now=at(2)).mine


def test_it_expires_a_minute_after_the_last_heartbeat(entry, vera, tomas):
    hold(actor=vera, entry=entry, now=at(0))
    assert holders([entry], actor=tomas, now=at(0.99))
    assert holders([entry], actor=tomas, now=at(1)) == {}
    assert hold(actor=tomas, entry=entry, now=at(1)).since == at(1)


def test_a_colleague_takes_it_over_and_the_first_learns_of_it(entry, vera, tomas):
    hold(actor=vera, entry=entry, now=at(0))
    assert hold(actor=tomas, entry=entry, now=at(0.2), take_over=True).mine
    assert hold(actor=vera, entry=entry, now=at(0.4)).name == "tomas"
    let_go(actor=vera, entry=entry, now=at(0.5))
    assert EntryLock.objects.get().user == tomas
    let_go(actor=tomas, entry=entry, now=at(0.5))
    assert not EntryLock.objects.exists()


def test_a_lock_keeps_nobody_from_saving(blog, entry, vera, tomas):
    hold(actor=vera, entry=entry, now=at(0))
    saved = save_draft(actor=tomas, blog=blog, text=factories.text("Saved"), now=at(0.2), entry=entry, base_version=entry.version)
    assert saved.headline == "Saved"


def test_only_who_may_write_an_entry_holds_it(blog, entry, vera):
    with pytest.raises(NotFound):
        hold(actor=factories.member(blog, "contributor"), entry=entry, now=at(0))
    published = factories.published(blog)
    with pytest.raises(PermissionRefused):
        hold(actor=factories.member(blog, "contributor"), entry=published, now=at(0))
    assert hold(actor=vera, entry=published, now=at(0)).mine
