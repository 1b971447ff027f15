"""Names as readers see them. They belong to no blog, so who may save one is for its page to ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from newsroom.actions.audit import Facts, difference, record
from newsroom.actions.changes import Touched, commit_change
from newsroom.models import Byline, LiveBlog, Op

# What a signature prints of it.
PRINTED = ("name", "role", "place")
FACTS = (*PRINTED, "user_id")


def save_byline(*, actor: Any, byline: Byline, now: datetime) -> None:
    """A new one or a changed one, with a line of the audit.

    Where it stands above a blog's feed, open pages get it as it reads now. Entries keep the signature that they were published with.
    """
    with transaction.atomic():
        # Whoever puts it above a feed locks it too: that blog is either among those found here, or its front is made afterwards.
        before = Byline.objects.select_for_update(no_key=True).filter(pk=byline.pk).values(*FACTS).first() or {}
        byline.save()
        was, became = difference(before, {name: getattr(byline, name) for name in FACTS})
        if was or became:
            record(actor=actor, verb="save_byline", now=now, subject=str(byline), before=was, after=became)
        if before and any(name in became for name in PRINTED):
            # In one order, so that no two such changes wait for each other; what runs is mostly the newest, and held up shortest.
            for blog in LiveBlog.objects.filter(edited_by=byline).order_by("pk"):
                _sign_again(blog=blog, byline=byline, was=was, became=became, actor=actor, now=now)


def _sign_again(*, blog: LiveBlog, byline: Byline, was: Facts, became: Facts, actor: Any, now: datetime) -> None:
    """The head of one blog's page, with a line in that blog's own audit."""
    told = {name: was[name] for name in PRINTED if name in was}

    def write() -> Touched:
        # Locked: whoever makes a draft public at this moment is waited for.
        fresh = LiveBlog.objects.select_for_update(no_key=True).get(pk=blog.pk)
        told.update({name: became[name] for name in told})
        return [(Op.STATE, None)] if fresh.is_public else []

    commit_change(blog=blog, actor=actor, now=now, verb="save_byline", subject=str(byline), write=write, facts=lambda: dict(told))


def hold_bylines(bylines: Iterable[Byline]) -> None:
    """Keeps them as they read until the caller's transaction ends. Before the blog's row is locked: `save_byline` locks in that order."""
    list(Byline.objects.select_for_update(no_key=True).filter(pk__in=[byline.pk for byline in bylines]).order_by("pk").values_list("pk"))


def byline_for(*, name: str, role: str = "", place: str = "") -> Byline:
    """The byline that reads like this, made where there is none yet. Of several the oldest, so that an import finds the same one again."""
    known = Byline.objects.filter(name=name, role=role, place=place).order_by("pk").first()
    return known or Byline.objects.create(name=name, role=role, place=place)
