"""The story's controls: what the bar of the desk says and which buttons it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from newsroom.actions.blogs import NEXT
from newsroom.desk.feed import Viewer
from newsroom.desk.story_form import StoryForm
from newsroom.models import Change, State

# Each turn of the state: its button, and what it does to open pages.
TURNS = {
    State.UPCOMING: (_("Announce"), _("The page becomes public and says that the story is to come.")),
    State.LIVE: (_("Go live"), _("The page says “Live”.")),
    State.PAUSED: (_("Pause"), _("The page says that the story rests. Entries still appear.")),
    State.ENDED: (_("End"), _("The page says that the story is over. You can go live again.")),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """`form` is for who may change what stands above the feed. `last_push` is when readers were last sent something.

    `quiet` says for how many minutes, where that is longer than the blog wants.
    """

    turns: Sequence[tuple[str, Any, Any]]
    may_wrap_up: bool
    form: StoryForm | None
    last_push: datetime | None
    quiet: int


def bar_of(viewer: Viewer, *, now: datetime) -> Bar:
    blog = viewer.blog
    last = Change.objects.filter(blog=blog).order_by("-seq").values_list("at", flat=True).first()
    turns = [(state, *words) for state, words in TURNS.items() if viewer.may("set_state") and state in NEXT[blog.state]]
    silent = now - max(filter(None, (last, blog.started_at)), default=now)
    nudge = blog.state == State.LIVE and blog.quiet_minutes and silent >= timedelta(minutes=blog.quiet_minutes)
    return Bar(
        turns=turns,
        may_wrap_up=blog.state in {State.LIVE, State.PAUSED} and viewer.may("wrap_up"),
        form=StoryForm(blog) if viewer.may("edit_blog") else None,
        last_push=last,
        quiet=int(silent.total_seconds() // 60) if nudge else 0,
    )
