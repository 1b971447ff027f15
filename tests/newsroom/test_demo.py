"""The demo shows everything there is, is seeded once, and goes on arriving while somebody looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction

from newsroom.actions.entries import withdraw_entry
from newsroom.blocks import BLOCK_TYPES
from newsroom.demo import tail
from newsroom.demo.others import RACE_SLUG
from newsroom.demo.seed import PASSWORD, next_sunday, seed
from newsroom.demo.visit import SLUG
from newsroom.models import Change, Entry, EntryRevision, Image, Kind, LiveBlog, Standing
from newsroom.permissions import can

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Seeded once for all tests here, because encoding its pictures takes seconds; taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed(NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def visit() -> LiveBlog:
    return LiveBlog.objects.get(slug=SLUG)


def play(stop_after: int = 10_000) -> list[float]:
    """Plays the tail on a clock that waiting moves; returns the waits."""
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        if len(waits) >= stop_after:
            return False
        waits.append(seconds)
        return True

    tail.play(lambda: NOW + timedelta(seconds=sum(waits)), wait)
    return waits


def test_it_uses_every_kind_every_block_and_every_standing(visit: LiveBlog) -> None:
    entries = visit.entries.filter(status="published")
    assert set(entries.values_list("kind", flat=True)) == set(Kind.values)
    assert {block["type"] for entry in entries for block in entry.blocks} == set(BLOCK_TYPES)
    assert set(entries.values_list("standing", flat=True)) == {"", *Standing.values}


def test_it_shows_what_can_happen_to_an_entry(visit: LiveBlog) -> None:
    assert visit.pinned is not None
    assert visit.pinned.edited_at is not None
    assert visit.entries.filter(corrections__isnull=False).exists()
    assert visit.entries.filter(status="withdrawn").exclude(withdrawn_reason="").exists()
    assert visit.entries.filter(key_event=True).count() >= 3
    back_dated = visit.entries.exclude(happened_at=None).get()
    assert "about" in back_dated.fragment


def test_the_newest_entry_is_minutes_old_and_none_is_of_the_future(visit: LiveBlog) -> None:
    times = list(visit.entries.filter(status="published").order_by("-order").values_list("published_at", flat=True))
    assert timedelta(minutes=1) < NOW - times[0] < timedelta(minutes=5)
    assert len(times) >= 22


def test_every_picture_has_words_of_its_own(visit: LiveBlog) -> None:
    assert visit.images.count() == 6
    assert not [image for image in visit.images.all() if not (image.alt and image.caption and image.credit)]


def test_the_front_page_gets_a_blog_of_each_state(visit: LiveBlog) -> None:
    assert set(LiveBlog.objects.values_list("state", flat=True)) == {"live", "ended", "upcoming"}
    upcoming = LiveBlog.objects.get(state="upcoming")
    assert upcoming.planned_start is not None
    assert upcoming.planned_start > NOW


def test_seeding_again_changes_nothing(visit: LiveBlog) -> None:
    def rows() -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in (LiveBlog, Entry, EntryRevision, Image, Change, User)]

    before = rows()
    assert not seed(NOW + timedelta(days=1)).fresh
    assert rows() == before


def test_its_people_can_sign_in_and_do_what_their_role_says(visit: LiveBlog) -> None:
    editor, contributor = (authenticate(username=name, password=PASSWORD) for name in ("editor", "contributor"))
    assert can(editor, "publish", visit)
    assert can(editor, "set_state", visit)
    assert not editor.is_superuser
    assert can(contributor, "draft", visit)
    assert not can(contributor, "publish", visit)
    assert visit.entries.get(status="submitted").created_by == contributor


def test_what_arrives_shows_each_thing_that_can(visit: LiveBlog) -> None:
    before, first = visit.entries.count(), visit.seq
    waits = play()
    assert sum(waits) <= 300
    arrived = visit.entries.filter(source_id__startswith="demo:tail-")
    assert visit.entries.count() == before + arrived.count()
    assert {"breaking", "image", "quote"} <= set(arrived.values_list("kind", flat=True))
    reasons = set(EntryRevision.objects.filter(entry__in=arrived).values_list("reason", flat=True))
    assert {"publish", "edit", "correct", "withdraw", "mark"} <= reasons
    ops = set(Change.objects.filter(blog=visit, seq__gt=first).values_list("op", flat=True))
    assert {"put", "drop", "board"} <= ops


def test_what_arrived_before_is_neither_repeated_nor_waited_for(visit: LiveBlog) -> None:
    play(stop_after=4)
    seq = LiveBlog.objects.get(pk=visit.pk).seq
    assert len(play()) == len(tail.ACTS) - 4
    assert LiveBlog.objects.get(pk=visit.pk).seq > seq
    assert play() == []


def test_it_stops_at_once_when_told_to(visit: LiveBlog) -> None:
    count = visit.entries.count()
    assert play(stop_after=0) == []
    assert visit.entries.count() == count


def test_an_entry_that_somebody_withdrew_is_left_alone_and_the_rest_arrives(visit: LiveBlog) -> None:
    play(stop_after=1)
    editor = User.objects.get(username="editor")
    withdraw_entry(actor=editor, entry=Entry.objects.get(source_id="demo:tail-cars"), reason="Not now.", now=NOW)
    play()
    assert Entry.objects.get(source_id="demo:tail-cars").revisions.count() == 2
    assert Entry.objects.filter(source_id="demo:tail-morning").exists()


def test_the_command_says_where_and_how_to_sign_in(capsys: pytest.CaptureFixture[str]) -> None:
    Change.objects.filter(blog__slug=RACE_SLUG).delete()
    LiveBlog.objects.filter(slug=RACE_SLUG).delete()
    call_command("seed_demo")
    assert PASSWORD in capsys.readouterr().out
    assert LiveBlog.objects.filter(slug=RACE_SLUG).exists()
    call_command("seed_demo")
    assert "Nothing was changed" in capsys.readouterr().out


@pytest.mark.parametrize("day", range(1, 8))
def test_the_race_is_on_a_sunday_to_come(day: int) -> None:
    now = datetime(2026, 3, day, 23, 0, tzinfo=UTC)
    start = next_sunday(now, "Europe/Lisbon")
    assert (start.weekday(), start.hour) == (6, 9)
    assert timedelta(days=1) < start - now < timedelta(days=9)
