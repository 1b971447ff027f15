"""What the lines of the audit say to people. Their own names of verbs, facts and values stay as they are: the CSV's columns hold those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom.models import AuditLine, Entry, Image, LiveBlog, Membership

VERBS: dict[str, Any] = {
    "draft": _("Saved a draft"),
    "submit": _("Handed in"),
    "send_back": _("Sent back"),
    "schedule": _("Scheduled"),
    "unschedule": _("Made a draft again"),
    "embargo": _("Set an embargo"),
    "spike": _("Discarded a draft"),
    "purge": _("Purged for good"),
    "read": _("Read somebody else's draft"),
    "publish": _("Published"),
    "edit": _("Changed the wording"),
    "correct": _("Corrected"),
    "withdraw": _("Withdrew"),
    "restore": _("Brought back"),
    "undo": _("Took back at once"),
    "move": _("Moved in time"),
    "mark": _("Key event on or off"),
    "pin": _("Pinned"),
    "unpin": _("Unpinned"),
    "open_blog": _("Opened the blog"),
    "edit_blog": _("Changed the blog"),
    "export_blog": _("Exported the whole blog"),
    "set_state": _("Changed the state"),
    "set_member": _("Put on the team"),
    "remove_member": _("Took off the team"),
    "sign_in": _("Signed in"),
    "sign_out": _("Signed out"),
    "sign_in_refused": _("Wrong password"),
    "code_refused": _("Wrong code of a second factor"),
    "passkey_refused": _("Wrong passkey"),
    "add_account": _("Made an account"),
    "change_account": _("Changed an account"),
    "set_password": _("Set somebody's password"),
    "save_byline": _("Saved a byline"),
    "approve": _("Approved"),
    "rename_tag": _("Renamed a tag"),
    "upload_image": _("Added a picture"),
    "link_image": _("Linked a picture"),
    "describe_image": _("Changed what is said of a picture"),
    "restore_blog": _("Brought a whole blog back"),
    "bump_epoch": _("Began a new history"),
    "give_back": _("Given back by the server"),
    "end_sessions": _("Ended sessions"),
    "reset_second_factor": _("Took off the second factors"),
    "password_changed": _("Changed their password"),
    "totp_activated": _("Set up an authenticator app"),
    "totp_deactivated": _("Took off the authenticator app"),
    "webauthn_added": _("Added a passkey"),
    "webauthn_removed": _("Took off a passkey"),
    "recovery_codes_generated": _("Made new recovery codes"),
}

# Where the column has no words of its own, or they would say too little here.
FACTS: dict[str, Any] = {
    "rev": _("public text, number"),
    "version": _("saved text, number"),
    "written_by": _("written by"),
    "created_by": _("begun by"),
    "approved_by": _("approved by"),
    "edited_at": _("last edited"),
    "withdrawn_at": _("withdrawn"),
    "notice_shown": _("notice in its place"),
    "blog.epoch": _("history"),
    "edited_by": _("on shift"),
    "role": _("role"),
    "changed": _("changed"),
    "entries": _("entries"),
    "sessions": _("sessions ended"),
    "factors": _("factors taken off"),
    "address": _("from the address"),
    "username": _("name"),
    "is_active": _("may sign in"),
    "is_staff": _("may see the desk"),
    "is_superuser": _("administrator"),
    "groups": _("groups"),
    "user_permissions": _("permissions"),
    "user_id": _("account"),
    "name": _("name"),
    "place": _("place"),
}
PEOPLE = frozenset({"written_by", "created_by", "approved_by", "user_id"})


def verb_label(verb: str) -> str:
    return str(VERBS.get(verb, _plain(verb).capitalize()))


def facts_in_words(lines: Iterable[AuditLine]) -> None:
    """Gives each line its `facts`: what changed, as it was and as it is."""
    lines = list(lines)
    ids = {side[name] for line in lines for side in (line.before, line.after) for name in PEOPLE & side.keys() if side[name]}
    people = {user.pk: str(user) for user in get_user_model()._default_manager.filter(pk__in=ids)} if ids else {}
    for line in lines:
        names = sorted({*line.before, *line.after})
        line.facts = [  # type: ignore[attr-defined]
            (fact_label(name), *(value_in_words(name, side.get(name), people) for side in (line.before, line.after))) for name in names
        ]


def fact_label(name: str) -> str:
    """`blog.` before the name of a blog's column is of the blog; of the rest a column of the entry comes first."""
    column = _column(name)
    label = FACTS.get(name) or (column.verbose_name if column is not None else _plain(name.removeprefix("blog.")))
    return _now("%(what)s (blog)") % {"what": label} if name.startswith("blog.") else str(label)


def value_in_words(name: str, value: Any, people: Mapping[int, str]) -> str:
    column = _column(name)
    if name == "changed" and isinstance(value, list):
        return ", ".join(str(_verbose(Image, each)) for each in value) or "–"
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    if name in PEOPLE:
        return people.get(value, _now("an account that is gone"))
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if column is not None and column.choices:
        return str(dict(column.flatchoices).get(value, value))
    moment = parse_datetime(value) if isinstance(column, models.DateTimeField) else None
    return date_format(moment, "Y-m-d H:i:s") if moment else str(value)


def _column(name: str) -> models.Field[Any, Any] | None:
    if name.startswith("blog."):
        return _field(LiveBlog, name.removeprefix("blog."))
    if name == "role":
        return _field(Membership, name)
    return _field(Entry, name)


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any] | None:
    return next((field for field in model._meta.concrete_fields if field.name == name), None)


def _verbose(model: type[models.Model], name: str) -> Any:
    field = _field(model, name)
    return field.verbose_name if field is not None else _plain(name)


def _plain(name: str) -> str:
    return name.replace("_", " ")
