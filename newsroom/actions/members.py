"""Who is on a blog's team."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

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
    with transaction.atomic():
        _keep_a_chief(blog, leaving=user.pk if role != Role.CHIEF else None)
        membership, _ = Membership.objects.update_or_create(blog=blog, user=user, defaults={"role": role})
    return membership


def remove_member(*, actor: Any, membership: Membership, now: datetime) -> None:
    """Takes a user off the team; from then on they see nothing that is not public."""
    require(actor, "members", membership.blog)
    _may_give(actor, membership.blog, membership.role)
    with transaction.atomic():
        _keep_a_chief(membership.blog, leaving=membership.user_id)
        membership.delete()


def _keep_a_chief(blog: LiveBlog, *, leaving: int | None) -> None:
    chiefs = set(Membership.objects.select_for_update().filter(blog=blog, role=Role.CHIEF).values_list("user_id", flat=True))
    if chiefs and chiefs == {leaving}:
        raise Invalid([Fault("role", "This is the blog's only chief. Make somebody else chief first.")])
