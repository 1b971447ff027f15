"""What the desk's own pages ask for by themselves."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Case, Count, IntegerField, Q, Value, When

from newsroom.desk.scope import blogs_of
from newsroom.models import LiveBlog, State, Status

register = template.Library()

MOST = 12


@register.simple_tag(takes_context=True)
def my_blogs(context: dict[str, Any]) -> list[LiveBlog]:
    """The signed-in user's blogs, running ones first, each with `waiting`: how many entries were handed in or are scheduled."""
    rank = Case(
        When(state__in=[State.LIVE, State.PAUSED], then=Value(0)),
        When(state=State.ENDED, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    waiting = Count("entries", filter=Q(entries__status__in=[Status.SUBMITTED, Status.SCHEDULED]))
    return list(blogs_of(context["request"].user).annotate(rank=rank, waiting=waiting).order_by("rank", "-created_at")[:MOST])
