"""The demo's users and blogs. Running it again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import transaction

from newsroom.actions.blogs import open_blog, set_state
from newsroom.actions.bylines import byline_for
from newsroom.actions.members import set_member
from newsroom.demo import others, visit, visit_night
from newsroom.demo.people import ARAB_EDITOR, EDITOR
from newsroom.demo.script import Act
from newsroom.demo.stage import hang_pictures, perform
from newsroom.importers.story import Person
from newsroom.models import LiveBlog, Role, State

# Printed by the demo and fit for nothing else: a demo listens on the machine it runs on.
PASSWORD = "live-desk-demo"  # noqa: S105 – printed for everybody to see

VISIT = visit.DAY + visit_night.NIGHT
# How long before the seeding the newest entry is published.
NEWEST = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Seeded:
    """`fresh` says whether anything was made now. The users are `editor`, `contributor` and `admin`."""

    slug: str
    fresh: bool
    password: str = PASSWORD


@dataclass(frozen=True, slots=True)
class _Team:
    admin: Any
    editor: Any
    contributor: Any


def seed(now: datetime) -> Seeded:
    """Makes what is missing of the demo's users and its three blogs, each blog whole or not at all."""
    with transaction.atomic():
        team = _Team(admin=_user("admin", superuser=True), editor=_user("editor"), contributor=_user("contributor"))
        team.editor.user_permissions.add(Permission.objects.get(content_type__app_label="newsroom", codename="add_liveblog"))
    made = [_visit(team, now), _meeting(team, now), _race(team, now)]
    return Seeded(slug=visit.SLUG, fresh=any(made))


def _user(name: str, *, superuser: bool = False) -> Any:
    users = get_user_model()._default_manager
    known = users.filter(username=name).first()
    if known:
        return known
    return users.create_user(username=name, password=PASSWORD, is_staff=True, is_superuser=superuser)


def _opened(team: _Team, *, slug: str, now: datetime, editors: Iterable[Person] = (), **facts: Any) -> LiveBlog:
    bylines = [byline_for(name=person.name, role=person.role, place=person.place) for person in editors]
    blog = open_blog(actor=team.editor, now=now, slug=slug, source_id=f"demo:{slug}", edited_by=bylines, **facts)
    set_member(actor=team.editor, blog=blog, user=team.contributor, role=Role.CONTRIBUTOR, now=now)
    set_member(actor=team.editor, blog=blog, user=team.admin, role=Role.CHIEF, now=now)
    return blog


def _known(slug: str) -> bool:
    return LiveBlog.objects.filter(slug=slug).exists()


def _play(team: _Team, blog: LiveBlog, acts: Iterable[Act], newest: datetime, refs: dict[str, str]) -> None:
    """In order of time, so that revisions, corrections and the ledger read as if the desk had worked through the day."""
    for act in sorted(acts, key=lambda act: act.at):
        actor = team.contributor if act.verb == "submit" else team.editor
        perform(act, blog, actor=actor, refs=refs, now=newest + act.at)


@transaction.atomic
def _visit(team: _Team, now: datetime) -> bool:
    if _known(visit.SLUG):
        return False
    newest = now - NEWEST
    blog = _opened(
        team,
        slug=visit.SLUG,
        now=newest + min(act.at for act in VISIT),
        editors=(EDITOR,),
        title=visit.TITLE,
        standfirst=visit.STANDFIRST,
        kicker=visit.KICKER,
        zone="Europe/London",
        zone_label="UK",
        state=State.LIVE,
    )
    refs = hang_pictures(blog, actor=team.editor, now=now)
    _play(team, blog, VISIT, newest, refs)
    return True


@transaction.atomic
def _meeting(team: _Team, now: datetime) -> bool:
    if _known(others.MEETING_SLUG):
        return False
    ended = others.MEETING_ENDED
    blog = _opened(
        team,
        slug=others.MEETING_SLUG,
        now=ended + min(act.at for act in others.MEETING),
        editors=(ARAB_EDITOR,),
        title=others.MEETING_TITLE,
        standfirst=others.MEETING_STANDFIRST,
        kicker=others.MEETING_KICKER,
        language="ar",
        zone="Asia/Shanghai",
        zone_label="بكين",
        state=State.LIVE,
    )
    _play(team, blog, others.MEETING, ended, {})
    set_state(actor=team.editor, blog=blog, state=State.ENDED, now=ended)
    return True


@transaction.atomic
def _race(team: _Team, now: datetime) -> bool:
    if _known(others.RACE_SLUG):
        return False
    blog = _opened(
        team,
        slug=others.RACE_SLUG,
        now=now,
        title=others.RACE_TITLE,
        standfirst=others.RACE_STANDFIRST,
        kicker=others.RACE_KICKER,
        language="de",
        zone="Europe/Berlin",
        state=State.UPCOMING,
        planned_start=next_sunday(now, "Europe/Berlin"),
    )
    _play(team, blog, others.RACE, now, {})
    return True


def next_sunday(now: datetime, zone: str) -> datetime:
    """Nine in the morning of a Sunday that is at least two days away, in the zone's time."""
    local = now.astimezone(ZoneInfo(zone)) + timedelta(days=2)
    sunday = local + timedelta(days=(6 - local.weekday()) % 7)
    return sunday.replace(hour=9, minute=0, second=0, microsecond=0)
