"""The table of roles at every door: whoever may, may there; whoever may not, leaves the database as it was.

The doors are listed with the verb each takes; a verb without a door fails, and so does an act of `newsroom.desk.acts` without an example.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsroom.actions.drafts import save_draft, schedule_entry, submit_entry
from newsroom.actions.entries import publish_entry, withdraw_entry
from newsroom.desk.acts import ACTS, BY_STATUS
from newsroom.models import Change, Entry, EntryLock, EntryNote, Image, LiveBlog, Membership, Status, Tag
from newsroom.permissions import VERBS
from tests import factories
from tests.newsroom import desk, pictures
from tests.roles import PEOPLE, TABLE, person

pytestmark = pytest.mark.django_db

REFUSED = {302, 401, 403, 404, 409, 422}
FAR = f"{timezone.now() + timedelta(days=30):%Y-%m-%dT%H:%M}"
PICTURE = pictures.jpeg(40, 30)


@dataclass
class Scene:
    """A blog with an entry of each status. What is not public is the person's own, so that a contributor is asked about theirs."""

    blog: LiveBlog
    user: Any
    client: Client
    newcomer: Any

    def entry(self, status: str) -> Entry:
        return Entry.objects.select_related("blog").get(blog=self.blog, status=status)


@dataclass(frozen=True)
class Door:
    """`knock` asks for what `verb` allows. A door that only shows something says yes with 200, the others by what they change."""

    name: str
    verb: str
    knock: Callable[[Scene], Any]
    shows: bool = False


def said_again(scene: Scene) -> None:
    """The password, a second time."""
    scene.client.post(reverse("account_reauthenticate"), {"password": "correct horse battery"})


def build(role: str) -> Scene:
    blog = factories.blog()
    chief, now = factories.chief_of(blog), timezone.now()
    common: dict[str, Any] = {"actor": chief, "blog": blog, "now": now}
    publish_entry(text=factories.text("Out", tags=["Boats"]), **common)
    gone = publish_entry(text=factories.text("Gone"), **common)
    withdraw_entry(actor=chief, entry=gone, reason="Wrong.", now=now)
    save_draft(text=factories.text("Draft"), **common)
    handed_in = save_draft(text=factories.text("Handed in"), **common)
    submit_entry(actor=chief, entry=handed_in, base_version=1, now=now)
    planned = save_draft(text=factories.text("Planned"), **common)
    schedule_entry(actor=chief, entry=planned, base_version=1, at=now + timedelta(hours=1), now=now)
    user = person(role, blog)
    client = Client()
    if user.is_authenticated:
        client.force_login(user)
        Entry.objects.filter(blog=blog).exclude(status__in=[Status.PUBLISHED, Status.WITHDRAWN]).update(created_by=user)
    # An undo is for what one has published oneself.
    blog.entries.get(status=Status.PUBLISHED).revisions.update(by=user if user.is_authenticated else chief, at=now)
    return Scene(blog, user, client, factories.user("newcomer"))


SENT: dict[str, dict[str, str]] = {
    "move": {"at": "2026-03-14T10:00"},
    "withdraw": {"reason": "Wrong bridge.", "notice": "1"},
    "send-back": {"note": "Who says so?"},
    "embargo": {"until": FAR},
    "purge": {"reason": "Court order 7/26"},
}
IN_THE_ORDER_OF = [Status.DRAFT, Status.PUBLISHED, Status.SUBMITTED, Status.SCHEDULED, Status.WITHDRAWN]


def status_for(act: str) -> str:
    return next((status for status in IN_THE_ORDER_OF if act in BY_STATUS[status]), Status.DRAFT if act == "hold" else Status.PUBLISHED)


def pressed(scene: Scene, act: str) -> Any:
    entry = scene.entry(status_for(act))
    sent = {"key": str(uuid.uuid4()), "version": entry.version, **SENT.get(act, {})}
    return scene.client.post(reverse("desk:act", args=[scene.blog.slug, entry.ref, act]), sent)


def plainly(scene: Scene, act: str) -> Any:
    entry = scene.entry(status_for(act))
    return scene.client.post(desk.act_address(act, entry), {f"version.{entry.ref}": entry.version, "on": "1", **SENT.get(act, {})})


def composed(verb: str) -> Callable[[Scene], Any]:
    return lambda scene: scene.client.post(reverse("desk:entries", args=[scene.blog.slug]), desk.typed(verb, scheduled_for=FAR))


def filled_in(verb: str) -> Callable[[Scene], Any]:
    return lambda scene: scene.client.post(desk.add_address(scene.blog), desk.typed(verb, scheduled_for=FAR))


def turned(scene: Scene) -> Any:
    return scene.client.post(reverse("desk:state", args=[scene.blog.slug]), {"state": "paused"})


def revised(verb: str) -> Callable[[Scene], Any]:
    def knock(scene: Scene) -> Any:
        entry = scene.entry(Status.PUBLISHED)
        return scene.client.post(desk.change_address(entry), desk.edited(entry, verb, headline="Reworded", note="It is 14, not 41."))

    return knock


def reworded(verb: str) -> Callable[[Scene], Any]:
    def knock(scene: Scene) -> Any:
        entry = scene.entry(Status.PUBLISHED)
        sent = desk.edited(entry, verb, headline="Reworded", note="It is 14, not 41.")
        return scene.client.post(reverse("desk:entry", args=[scene.blog.slug, entry.ref]), sent)

    return knock


def taken_up(scene: Scene) -> Any:
    return scene.client.get(reverse("desk:entry", args=[scene.blog.slug, scene.entry(Status.DRAFT).ref]))


def listed(action: str) -> Callable[[Scene], Any]:
    def knock(scene: Scene) -> Any:
        entry = scene.entry(Status.PUBLISHED)
        return scene.client.post(reverse("admin:newsroom_entry_changelist"), {"action": action, "_selected_action": [entry.pk]})

    return knock


def blog_changed(scene: Scene, **more: Any) -> Any:
    rows = list(scene.blog.memberships.order_by("pk"))
    sent = {
        "title": scene.blog.title,
        "language": "en",
        "zone": scene.blog.zone,
        "standing_shown": "always",
        "quiet_minutes": 30,
        "memberships-TOTAL_FORMS": len(rows) + 1,
        "memberships-INITIAL_FORMS": len(rows),
    }
    for place, row in enumerate(rows):
        sent |= {f"memberships-{place}-id": row.pk, f"memberships-{place}-user": row.user_id, f"memberships-{place}-role": row.role}
    more = {name.replace("NEW", f"memberships-{len(rows)}"): value for name, value in more.items()}
    return scene.client.post(reverse("admin:newsroom_liveblog_change", args=[scene.blog.pk]), sent | more)


def renamed(scene: Scene) -> Any:
    tag = Tag.objects.get(blog=scene.blog)
    return scene.client.post(reverse("admin:newsroom_tag_change", args=[tag.pk]), {"name": "Ships"})


def picture_added(scene: Scene) -> Any:
    file = SimpleUploadedFile("a.jpg", PICTURE)
    return scene.client.post(f"{reverse('admin:newsroom_image_add')}?blog={scene.blog.slug}", {"file": file, "alt": "A tug"})


FORMS = [
    *(Door(f"form: {verb}", right, filled_in(verb)) for verb, right in (("save", "draft"), ("submit", "submit"), ("publish", "publish"))),
    Door("form: schedule", "schedule", filled_in("schedule")),
    Door("form: wrap-up", "wrap_up", filled_in("wrap-up")),
    Door("form: edit", "edit", revised("edit")),
    Door("form: correct", "correct", revised("correct")),
    Door("form: the blog", "edit_blog", lambda scene: blog_changed(scene, title="A new headline")),
    Door("form: the team", "members", lambda scene: blog_changed(scene, **{"NEW-user": scene.newcomer.pk, "NEW-role": "contributor"})),
    Door("form: a tag", "edit", renamed),
    Door("form: a picture", "upload_image", picture_added),
    Door("form: a draft opened", "read_drafts", lambda scene: scene.client.get(desk.change_address(scene.entry(Status.DRAFT))), shows=True),
]
ADMIN_ACTIONS = [
    *(Door(f"list: {name}", right, listed(name)) for name, right in (("pin", "pin"), ("mark_key", "key_event"))),
    *(Door(f"page: {name}", act.right, lambda scene, name=name: plainly(scene, name)) for name, act in ACTS.items()),
    Door(
        "page: the state",
        "set_state",
        lambda scene: scene.client.post(reverse("admin:newsroom_liveblog_state", args=[scene.blog.pk]), {"state": "paused"}),
    ),
    Door(
        "page: the audit",
        "read_audit",
        lambda scene: scene.client.get(reverse("admin:newsroom_liveblog_audit", args=[scene.blog.pk])),
        shows=True,
    ),
]
DESK = [
    *(Door(f"desk: {verb}", right, composed(verb)) for verb, right in (("save", "draft"), ("submit", "submit"), ("publish", "publish"))),
    Door("desk: schedule", "schedule", composed("schedule")),
    Door("desk: wrap-up", "wrap_up", composed("wrap-up")),
    *(Door(f"desk: {name}", act.right, lambda scene, name=name: pressed(scene, name)) for name, act in ACTS.items() if not act.grave),
    *(Door(f"desk: {verb}", verb, reworded(verb)) for verb in ("edit", "correct")),
    Door("desk: a draft taken up", "draft", taken_up, shows=True),
    Door("desk: hold", "lock", lambda scene: pressed(scene, "hold")),
    Door("desk: the state", "set_state", turned),
    Door("desk: a picture", "upload_image", lambda scene: desk.sent_picture(scene.client, scene.blog, PICTURE)),
    Door(
        "desk: preview",
        "preview",
        lambda scene: scene.client.post(reverse("desk:preview", args=[scene.blog.slug]), desk.typed()),
        shows=True,
    ),
    Door("desk: the lists", "read_drafts", lambda scene: scene.client.get(reverse("desk:feed", args=[scene.blog.slug])), shows=True),
    Door(
        "desk: the page",
        "read_drafts",
        lambda scene: scene.client.get(reverse("admin:newsroom_liveblog_desk", args=[scene.blog.pk])),
        shows=True,
    ),
]


def all_there_is() -> list[Any]:
    """Everything that a write could touch."""
    tables = (Entry, LiveBlog, Change, Membership, Image, Tag, EntryNote, EntryLock)
    return [list(table._default_manager.order_by("pk").values_list()) for table in tables]


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("doors", [FORMS, ADMIN_ACTIONS, DESK], ids=["admin forms", "admin actions", "desk addresses"])
def test_a_door_opens_to_whom_the_table_says_and_to_nobody_else(role: str, doors: list[Door]) -> None:
    scene = build(role)
    if doors is ADMIN_ACTIONS:
        said_again(scene)
    before = all_there_is()
    wrong = []
    for door in doors:
        with transaction.atomic():
            answer = door.knock(scene)
            opened = answer.status_code == 200 if door.shows else all_there_is() != before
            transaction.set_rollback(True)
        if opened != (door.verb in TABLE[role]) or not (opened or answer.status_code in REFUSED | {200}):
            wrong.append(f"{door.name}: {answer.status_code}, {'open' if opened else 'closed'}")
    assert wrong == []


def test_every_verb_has_a_door_and_every_act_its_example() -> None:
    assert {door.verb for door in (*FORMS, *ADMIN_ACTIONS, *DESK)} == set(VERBS)
    asking = {name for name, act in ACTS.items() if act.asks().fields}
    assert asking == set(SENT)


def test_what_a_contributor_did_not_write_is_closed_to_them() -> None:
    scene = build("contributor")
    Entry.objects.filter(blog=scene.blog).update(created_by=factories.chief_of(scene.blog))
    before = all_there_is()
    for act in ("submit", "duplicate", "spike"):
        assert pressed(scene, act).status_code == 404
        assert plainly(scene, act).status_code == 302
    assert scene.client.get(desk.change_address(scene.entry(Status.DRAFT))).status_code == 302
    assert all_there_is() == before


def test_a_purge_asks_for_the_password_again() -> None:
    scene = build("chief")
    asked = plainly(scene, "purge")
    assert (asked.status_code, "reauthenticate" in asked["Location"]) == (302, True)
    assert scene.entry(Status.WITHDRAWN).blocks
    assert pressed(scene, "purge").status_code == 404
    said_again(scene)
    assert plainly(scene, "purge").status_code == 302
    assert not scene.entry(Status.WITHDRAWN).blocks
