"""What of the newsroom a signed-in person may see: the querysets of every desk page come from here."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from newsroom.models import Entry, Image, LiveBlog, Membership, Role, State, Status

PUBLIC_ONCE = (Status.PUBLISHED, Status.WITHDRAWN)


def blogs_of(user: Any) -> QuerySet[LiveBlog]:
    """The blogs whose team the user is on; an instance admin sees all."""
    if user.is_superuser:
        return LiveBlog.objects.all()
    return LiveBlog.objects.filter(pk__in=_blog_ids(user))


def running_first(blogs: QuerySet[LiveBlog]) -> QuerySet[LiveBlog]:
    """Live ones, paused ones, those to come, those that ended; the newest first among equals."""
    order = (State.LIVE, State.PAUSED, State.UPCOMING, State.DRAFT)
    ranks = [When(state=state, then=Value(rank)) for rank, state in enumerate(order)]
    return blogs.annotate(rank=Case(*ranks, default=Value(len(order)), output_field=IntegerField())).order_by("rank", "-created_at")


def entries_of(user: Any) -> QuerySet[Entry]:
    """Every entry of the user's blogs; as contributor what was published, and one's own."""
    if user.is_superuser:
        return Entry.objects.all()
    contributing = Q(blog__in=_blog_ids(user, Role.CONTRIBUTOR)) & (Q(status__in=PUBLIC_ONCE) | Q(created_by_id=user.pk))
    return Entry.objects.filter(Q(blog__in=_blog_ids(user, Role.EDITOR, Role.CHIEF)) | contributing)


def images_of(user: Any) -> QuerySet[Image]:
    return Image.objects.filter(blog__in=blogs_of(user).values("pk"))


def has_role(user: Any, *roles: str) -> bool:
    """Whether the user has one of the roles (any, if none is named) on some blog."""
    return _memberships(user, *roles).exists()


def _memberships(user: Any, *roles: str) -> QuerySet[Membership]:
    rows = Membership.objects.filter(user_id=user.pk)
    return rows.filter(role__in=roles) if roles else rows


def _blog_ids(user: Any, *roles: str) -> QuerySet[Any]:
    return _memberships(user, *roles).values("blog_id")
