"""Opening a blog, its states and what stands above its feed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from newsroom.actions.audit import Facts, record_opening
from newsroom.actions.bylines import hold_bylines
from newsroom.actions.changes import Touched, commit_change
from newsroom.errors import Fault, Invalid, WrongState
from newsroom.models import Byline, LiveBlog, Membership, Op, Role, State
from newsroom.moments import impossible
from newsroom.permissions import OPERATOR, require
from newsroom.refs import new_epoch
from newsroom.tasks import rerender_blog

# What a chief may change by `edit_blog`. Slug and state have verbs of their own: both are addresses or facts that others rely on.
IN_FRAGMENTS = frozenset({"language", "zone", "standing_shown"})
# What only the desk sees: a change of it takes no number.
WITHIN_DESK = frozenset({"planned_end", "second_pair", "quiet_minutes", "standing_required"})
ABOVE_FEED = frozenset(
    {"title", "standfirst", "kicker", "language", "zone", "zone_label", "standing_shown", "readers_shown", "planned_start"}
)
EDITABLE = ABOVE_FEED | WITHIN_DESK

# From each state, where a blog may go. It never becomes a draft again: readers have seen it.
NEXT: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.UPCOMING, State.LIVE, State.ENDED}),
    State.UPCOMING: frozenset({State.LIVE, State.ENDED}),
    State.LIVE: frozenset({State.PAUSED, State.ENDED}),
    State.PAUSED: frozenset({State.LIVE, State.ENDED}),
    State.ENDED: frozenset({State.LIVE}),
}


def validated(blog: LiveBlog) -> None:
    """Raises `Invalid` with a fault a field."""
    try:
        blog.full_clean(exclude=["pinned", "epoch", "seq"])
    except ValidationError as error:
        faults = [Fault(name, " ".join(messages)) for name, messages in error.message_dict.items()]
        raise Invalid(faults) from error
    faults = impossible("planned_start", blog.planned_start) + impossible("planned_end", blog.planned_end)
    if not faults and blog.planned_start and blog.planned_end and blog.planned_end <= blog.planned_start:
        faults.append(Fault("planned_end", "This is not after the planned start. Check both times."))
    if faults:
        raise Invalid(faults)


def open_blog(
    *,
    actor: Any,
    now: datetime,
    slug: str,
    title: str,
    standfirst: str = "",
    kicker: str = "",
    language: str = "en",
    zone: str = "UTC",
    zone_label: str = "",
    state: str = State.DRAFT,
    planned_start: datetime | None = None,
    planned_end: datetime | None = None,
    second_pair: Iterable[str] = (),
    quiet_minutes: int = 30,
    edited_by: Iterable[Byline] = (),
    standing_shown: str = "always",
    standing_required: bool = False,
    readers_shown: bool = False,
    source_id: str = "",
) -> LiveBlog:
    """A new blog, with the actor as its chief. It has no reader yet, so it takes no number."""
    require(actor, "open_blog", None)
    blog = LiveBlog(
        slug=slug,
        title=title,
        standfirst=standfirst,
        kicker=kicker,
        language=language,
        zone=zone,
        zone_label=zone_label,
        state=state,
        planned_start=planned_start,
        planned_end=planned_end,
        second_pair=list(second_pair),
        quiet_minutes=quiet_minutes,
        standing_shown=standing_shown,
        standing_required=standing_required,
        readers_shown=readers_shown,
        started_at=now if state in {State.LIVE, State.PAUSED, State.ENDED} else None,
        ended_at=now if state == State.ENDED else None,
        source_id=source_id,
    )
    validated(blog)
    editors = list(edited_by)
    with transaction.atomic():
        hold_bylines(editors)
        blog.save()
        blog.edited_by.set(editors)
        Membership.objects.create(blog=blog, user=actor, role=Role.CHIEF)
        record_opening(actor=actor, verb="open_blog", blog=blog, now=now)
    return blog


def edit_blog(*, actor: Any, blog: LiveBlog, now: datetime, key: uuid.UUID | None = None, **fields: Any) -> LiveBlog:
    """Changes what stands above the feed (`EDITABLE`, and `edited_by` as bylines). Open pages get it; what is the desk's own stays there.

    Where the entries themselves depend on it (zone, language, standing), a task renders them anew.
    """
    require(actor, "edit_blog", blog)
    editors = fields.pop("edited_by", None)
    unknown = set(fields) - EDITABLE
    if unknown:
        raise Invalid([Fault(name, "This is not changed here.") for name in sorted(unknown)])

    def write() -> Touched:
        if editors is not None:
            hold_bylines(editors)
        fresh = LiveBlog.objects.select_for_update().get(pk=blog.pk)
        before = {name: getattr(fresh, name) for name in fields}
        signed_before = list(fresh.edited_by.values_list("pk", flat=True))
        for name, value in fields.items():
            setattr(fresh, name, value)
        validated(fresh)
        fresh.save(update_fields=[*fields])
        if editors is not None:
            fresh.edited_by.set(editors)
        if any(before[name] != fields[name] for name in IN_FRAGMENTS & fields.keys()):
            transaction.on_commit(lambda: rerender_blog.enqueue(blog.pk), robust=True)
        changed = any(before[name] != fields[name] for name in fields.keys() - WITHIN_DESK) or (
            editors is not None and {line.pk for line in editors} != set(signed_before)
        )
        return [(Op.STATE, None)] if changed and fresh.is_public else []

    def signed() -> Facts:
        return {"edited_by": list(map(str, blog.edited_by.all()))}

    commit_change(blog=blog, actor=actor, now=now, verb="edit_blog", key=key, write=write, facts=signed)
    return LiveBlog.objects.get(pk=blog.pk)


def set_state(*, actor: Any, blog: LiveBlog, state: str, now: datetime, key: uuid.UUID | None = None) -> LiveBlog:
    """Moves the blog on: upcoming, live, paused, ended. Open pages hear of it."""
    require(actor, "set_state", blog)
    if state not in State.values:
        raise Invalid([Fault("state", f"There is no state “{state}”.")])

    def write() -> Touched:
        fresh = LiveBlog.objects.select_for_update().get(pk=blog.pk)
        if state == fresh.state:
            return []
        if state not in NEXT[fresh.state]:
            raise WrongState(f"This blog is {fresh.get_state_display().lower()}; it cannot become {State(state).label.lower()} from there.")
        fresh.state = state
        if state == State.LIVE:
            fresh.started_at = fresh.started_at or now
            fresh.ended_at = None
        if state == State.ENDED:
            fresh.ended_at = now
        fresh.save(update_fields=["state", "started_at", "ended_at"])
        return [(Op.STATE, None)]

    commit_change(blog=blog, actor=actor, now=now, verb="set_state", key=key, write=write)
    return LiveBlog.objects.get(pk=blog.pk)


def bump_epoch(*, blog: LiveBlog, now: datetime) -> str:
    """Names the blog's history anew, after a restore: every open page starts from a fresh one. Returns the new name."""
    epoch = new_epoch()

    def write() -> Touched:
        LiveBlog.objects.filter(pk=blog.pk).update(epoch=epoch)
        return []

    commit_change(blog=blog, actor=OPERATOR, now=now, verb="bump_epoch", write=write)
    return epoch
