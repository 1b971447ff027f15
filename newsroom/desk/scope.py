"""What of the newsroom a signed-in person may see: its blogs and pictures (of entries: `permissions.seen_entries`)."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from newsroom.models import Image, LiveBlog, Membership, State


def blogs_of(user: Any) -> QuerySet[LiveBlog]:
    """The blogs whose team the user is on; an instance admin sees all."""
    if user.is_superuser:
        return LiveBlog.objects.all()
    return LiveBlog.objects.filter(pk__in=_memberships(user).values("blog_id"))


def running_first(blogs: QuerySet[LiveBlog]) -> QuerySet[LiveBlog]:
    """Live ones, paused ones, those to come, those that ended; the newest first among equals."""
    order = (State.LIVE, State.PAUSED, State.UPCOMING, State.DRAFT)
    ranks = [When(state=state, then=Value(rank)) for rank, state in enumerate(order)]
    return blogs.annotate(rank=Case(*ranks, default=Value(len(order)), output_field=IntegerField())).order_by("rank", "-created_at")


def images_of(user: Any) -> QuerySet[Image]:
    return Image.objects.filter(blog__in=blogs_of(user).values("pk"))


def has_role(user: Any, *roles: str) -> bool:
    """Whether the user has one of the roles (any, if none is named) on some blog."""
    return _memberships(user, *roles).exists()


def _memberships(user: Any, *roles: str) -> QuerySet[Membership]:
    rows = Membership.objects.filter(user_id=user.pk)
    return rows.filter(role__in=roles) if roles else rows
