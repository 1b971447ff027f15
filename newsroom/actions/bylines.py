from __future__ import annotations

from newsroom.models import Byline


def byline_for(*, name: str, role: str = "", place: str = "") -> Byline:
    """The byline that reads like this, made where there is none yet. Of several the oldest, so that an import finds the same one again."""
    known = Byline.objects.filter(name=name, role=role, place=place).order_by("pk").first()
    return known or Byline.objects.create(name=name, role=role, place=place)
