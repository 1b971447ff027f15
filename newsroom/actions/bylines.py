"""Names as readers see them. They belong to no blog, so who may save one is for its page to ask."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from newsroom.actions.audit import difference, record
from newsroom.models import Byline

FACTS = ("name", "role", "place", "user_id")


def save_byline(*, actor: Any, byline: Byline, now: datetime) -> None:
    """A new one or a changed one, with a line of the audit."""
    with transaction.atomic():
        before = Byline.objects.filter(pk=byline.pk).values(*FACTS).first() or {}
        byline.save()
        was, became = difference(before, {name: getattr(byline, name) for name in FACTS})
        if was or became:
            record(actor=actor, verb="save_byline", now=now, subject=str(byline), before=was, after=became)


def byline_for(*, name: str, role: str = "", place: str = "") -> Byline:
    """The byline that reads like this, made where there is none yet. Of several the oldest, so that an import finds the same one again."""
    known = Byline.objects.filter(name=name, role=role, place=place).order_by("pk").first()
    return known or Byline.objects.create(name=name, role=role, place=place)
