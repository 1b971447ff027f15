"""The table of roles (docs/security.md), once: what each may do on a blog, of their own entries where it says so there."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from newsroom.models import LiveBlog
from newsroom.permissions import RELEASE_WORKER
from tests import factories

CONTRIBUTOR = {"read_drafts", "preview", "draft", "submit", "duplicate", "lock", "upload_image"}
REVIEW = {"approve", "send_back", "embargo", "schedule"}
EDITOR = CONTRIBUTOR | REVIEW | {"publish", "edit", "correct", "withdraw", "undo", "restore", "move", "pin", "key_event"}
CHIEF = EDITOR | {"edit_blog", "set_state", "wrap_up", "members", "read_audit", "purge"}

TABLE: dict[str, set[str]] = {
    "anonymous": set(),
    "stranger": set(),
    "contributor": CONTRIBUTOR,
    "editor": EDITOR,
    "chief": CHIEF,
    "instance admin": {"read_drafts", "edit_blog", "set_state", "members", "read_audit", "purge"},
    "release worker": set(),
}
# Those who can stand at a door.
PEOPLE = [role for role in TABLE if role != "release worker"]


def person(role: str, blog: LiveBlog) -> Any:
    match role:
        case "anonymous":
            return AnonymousUser()
        case "stranger":
            return factories.user()
        case "instance admin":
            return factories.admin("instance")
        case "release worker":
            return RELEASE_WORKER
        case _:
            return factories.member(blog, role)
