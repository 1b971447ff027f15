"""What the desk's own pages ask for by themselves."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Count, Q

from newsroom.desk.scope import blogs_of, running_first
from newsroom.models import LiveBlog, Status

register = template.Library()

MOST = 12


@register.simple_tag(takes_context=True)
def my_blogs(context: dict[str, Any]) -> list[LiveBlog]:
    """The signed-in user's blogs, running ones first, each with `waiting`: how many entries were handed in or are scheduled."""
    waiting = Count("entries", filter=Q(entries__status__in=[Status.SUBMITTED, Status.SCHEDULED]))
    return list(running_first(blogs_of(context["request"].user)).annotate(waiting=waiting)[:MOST])
