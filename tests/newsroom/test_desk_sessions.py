"""A session may be used until it is ended, by whatever ends it; asking keeps it alive no longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from newsroom.desk.sessions import person_of
from tests import factories
from tests.newsroom.desk import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return factories.user("erik")


@pytest.fixture
def key(person: User) -> str:
    return str(signed_in(person).session.session_key)


def new_password(person: User) -> None:
    person.set_password("another horse battery")
    person.save()


def deactivated(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def no_staff(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_staff=False)


def run_out(person: User) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def ended(person: User) -> None:
    Session.objects.all().delete()


def gone(person: User) -> None:
    person.delete()


def test_it_says_whose_it_is_and_changes_nothing(person: User, key: str) -> None:
    before = Session.objects.get(pk=key).expire_date
    assert person_of(key) == person
    assert Session.objects.get(pk=key).expire_date == before


@pytest.mark.parametrize("end", [new_password, deactivated, no_staff, run_out, ended, gone])
def test_it_holds_no_longer_once_it_is_ended(person: User, key: str, end: Callable[[User], None]) -> None:
    end(person)
    assert person_of(key) is None


@pytest.mark.parametrize("made_up", [None, "", "x", "a" * 32])
def test_a_key_that_nobody_gave_out_is_nobody_s(made_up: str | None) -> None:
    assert person_of(made_up) is None
    assert Session.objects.count() == 0


def test_a_session_without_a_sign_in_is_nobody_s() -> None:
    client = Client()
    session = client.session
    session["seen"] = True
    session.save()
    assert person_of(session.session_key) is None
