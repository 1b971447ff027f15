"""A rehearsal plays a file into a new blog, in the original's order and at its pace divided by the speed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from newsroom.exporters.native import export_blog
from newsroom.importers.errors import ImportRefused
from newsroom.importers.guardian import parse_page
from newsroom.importers.native import parse_export
from newsroom.importers.native_story import story_of
from newsroom.importers.rehearsal import Rehearsal, free_slug, schedule
from newsroom.importers.story import Story
from newsroom.models import Entry, LiveBlog
from tests.newsroom.full_blog import full_blog
from tests.newsroom.importing import NOW, an_admin, block, page, paragraph, saved

pytestmark = pytest.mark.django_db


class Timer:
    """A clock that is moved by waiting. It says stop after `stop_after` waits."""

    def __init__(self, stop_after: int = 10_000) -> None:
        self.time, self.waits, self.left = NOW, [], stop_after

    def now(self) -> datetime:
        return self.time

    def wait(self, seconds: float) -> bool:
        self.left -= 1
        if self.left < 0:
            return False
        self.waits.append(seconds)
        self.time += timedelta(seconds=seconds)
        return True


def three_hours() -> Story:
    return parse_page(
        page(
            block("c", paragraph("<p>Third</p>"), hours=3, title="Third"),
            block("b", paragraph("<p>Second</p>"), hours=1, title="Second", attributes={"pinned": True, "keyEvent": True}),
            block("a", paragraph("<p>First</p>"), title="First"),
        )
    )


def rehearse(story: Story, actor: User, timer: Timer | None = None, speed: float = 60, **options: Any) -> tuple[LiveBlog, Timer]:
    timer = timer or Timer()
    play = Rehearsal(story, schedule(story, **options), actor, timer, speed, free_slug(story.slug))
    play.open()
    for _ in play.play():
        pass
    return LiveBlog.objects.get(pk=play.blog.pk), timer


def test_the_pace_is_the_original_s_divided_by_the_speed() -> None:
    blog, timer = rehearse(three_hours(), an_admin())
    assert timer.waits == [0, 60, 120]
    entries = list(blog.entries.order_by("order"))
    assert [(entry.headline, entry.published_at - NOW) for entry in entries] == [
        ("First", timedelta()),
        ("Second", timedelta(minutes=1)),
        ("Third", timedelta(minutes=3)),
    ]


def test_the_new_blog_is_live_with_its_marks() -> None:
    blog, _ = rehearse(three_hours(), an_admin())
    assert (blog.slug, blog.state, blog.started_at) == ("kite-festival-live-rehearsal", "live", NOW)
    assert blog.pinned == Entry.objects.get(headline="Second")
    assert blog.pinned.key_event


def test_time_that_was_lost_is_made_up() -> None:
    class Slow(Timer):
        def wait(self, seconds: float) -> bool:
            going = super().wait(seconds)
            self.time += timedelta(seconds=10)
            return going

    _, timer = rehearse(three_hours(), an_admin(), Slow())
    assert timer.waits == [0, 50, 110]


def test_edits_corrections_and_withdrawals_are_played_as_they_happened() -> None:
    admin = an_admin()
    source = full_blog(admin)
    blog, _ = rehearse(story_of(parse_export(export_blog(source))), admin)

    def told(which: LiveBlog) -> list[Any]:
        return [
            (entry.kind, entry.headline, entry.status, entry.key_event, entry.withdrawn_reason, entry.notice_shown,
             [row.reason for row in entry.revisions.order_by("rev") if row.reason != "pictures"],
             [row.note for row in entry.corrections.all()], [line.name for line in entry.bylines.all()])
            for entry in which.entries.exclude(published_at=None).order_by("order")
        ]  # fmt: skip

    assert told(blog) == told(source)
    assert [row["type"] for row in blog.pinned.blocks] == [row["type"] for row in source.pinned.blocks]


def test_what_readers_never_saw_is_not_played_and_named() -> None:
    story = story_of(parse_export(export_blog(full_blog(an_admin()))))
    assert len(story.items) == 5
    assert sorted(loss.what for loss in story.losses) == ["a draft entry", "a draft entry", "a scheduled entry", "a submitted entry"]


def test_a_limit_leaves_out_what_came_later() -> None:
    blog, _ = rehearse(three_hours(), an_admin(), limit=timedelta(minutes=61))
    assert list(blog.entries.order_by("order").values_list("headline", flat=True)) == ["First", "Second"]


def test_it_stops_when_told_to_and_keeps_what_was_played() -> None:
    blog, _ = rehearse(three_hours(), an_admin(), Timer(stop_after=2))
    assert blog.entries.count() == 2


def test_a_second_rehearsal_gets_an_address_of_its_own() -> None:
    admin = an_admin()
    slugs = [rehearse(three_hours(), admin)[0].slug for _ in range(2)]
    assert slugs == ["kite-festival-live-rehearsal", "kite-festival-live-rehearsal-2"]


def test_it_never_writes_into_a_blog_that_is_there() -> None:
    admin = an_admin()
    blog, _ = rehearse(three_hours(), admin)
    story = three_hours()
    with pytest.raises(ImportRefused, match="plays into a new one"):
        Rehearsal(story, schedule(story), admin, Timer(), 60, blog.slug).open()
    assert blog.entries.count() == 3


def test_a_dry_run_lists_the_steps_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(tmp_path, page(block("b", paragraph("<p>Two</p>"), hours=1, title="Second"), block("a", paragraph("<p>One</p>"))))
    call_command("rehearse", path, dry_run=True)
    assert capsys.readouterr().out.splitlines() == [
        "00:00:00  publish   One",
        "00:01:00  publish   Second",
        "2 steps in 00:01:00. Nothing was written.",
    ]
    assert not LiveBlog.objects.exists()


def test_the_command_plays_and_prints_each_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    an_admin()
    call_command("rehearse", saved(tmp_path, page(block("a", paragraph("<p>One</p>")))), slug="kites")
    printed = capsys.readouterr().out
    assert "00:00:00  publish   One" in printed
    assert "Played 1 of 1 steps" in printed
    assert LiveBlog.objects.get(slug="kites").entries.count() == 1


@pytest.mark.parametrize(
    ("speed", "document", "said"), [(0, page(), "above 0"), (float("nan"), page(), "above 0"), (60, page(), "nothing to play")]
)
def test_a_play_that_cannot_be_is_refused(tmp_path: Path, speed: float, document: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("rehearse", saved(tmp_path, document), speed=speed)
