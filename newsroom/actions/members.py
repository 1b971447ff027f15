"""Who is on a blog's team."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from newsroom.actions.audit import Facts
from newsroom.actions.changes import Touched, commit_change
from newsroom.errors import Fault, Invalid, PermissionRefused
from newsroom.models import LiveBlog, Membership, Role
from newsroom.permissions import RANK, require, role_of


def _may_give(actor: Any, blog: LiveBlog, role: str) -> None:
    own = role_of(actor, blog)
    if own is not None and RANK[Role(role)] > RANK[own]:
        raise PermissionRefused("You cannot give a role above your own.")


def set_member(*, actor: Any, blog: LiveBlog, user: Any, role: str, now: datetime) -> Membership:
    """Puts a user on the team, or changes their role. Never above the actor's own."""
    require(actor, "members", blog)
    if role not in Role.values:
        raise Invalid([Fault("role", f"There is no role “{role}”.")])
    _may_give(actor, blog, role)

    def write() -> Touched:
        _keep_a_chief(blog, leaving=user.pk if role != Role.CHIEF else None)
        Membership.objects.update_or_create(blog=blog, user=user, defaults={"role": role})
        return []

    _commit(blog, user, actor=actor, now=now, verb="set_member", write=write)
    return Membership.objects.get(blog=blog, user=user)


def remove_member(*, actor: Any, membership: Membership, now: datetime) -> None:
    """Takes a user off the team; from then on they see nothing that is not public."""
    require(actor, "members", membership.blog)
    _may_give(actor, membership.blog, membership.role)

    def write() -> Touched:
        _keep_a_chief(membership.blog, leaving=membership.user_id)
        Membership.objects.filter(pk=membership.pk).delete()
        return []

    _commit(membership.blog, membership.user, actor=actor, now=now, verb="remove_member", write=write)


def _commit(blog: LiveBlog, user: Any, *, actor: Any, now: datetime, verb: str, write: Callable[[], Touched]) -> None:
    def role() -> Facts:
        return {"role": Membership.objects.filter(blog=blog, user=user).values_list("role", flat=True).first()}

    commit_change(blog=blog, actor=actor, now=now, verb=verb, write=write, subject=user.get_username(), facts=role)


def _keep_a_chief(blog: LiveBlog, *, leaving: int | None) -> None:
    chiefs = set(Membership.objects.select_for_update().filter(blog=blog, role=Role.CHIEF).values_list("user_id", flat=True))
    if chiefs and chiefs == {leaving}:
        raise Invalid([Fault("role", "This is the blog's only chief. Make somebody else chief first.")])
