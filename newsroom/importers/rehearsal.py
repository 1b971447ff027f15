"""Plays a story into a new blog at its own pace divided by a speed, through the same actions as the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from newsroom.actions.entries import correct_entry, edit_entry, mark_key_event, pin_entry, publish_entry, withdraw_entry
from newsroom.importers.errors import ImportRefused
from newsroom.importers.story import Item, Step, Story
from newsroom.importers.writer import at, open_story, put_photo, text_for
from newsroom.models import Entry, LiveBlog, State, Status
from newsroom.sanitise import plain_text


class Clock(Protocol):
    """What the pace is measured with. `wait` returns False when the play shall stop."""

    def now(self) -> datetime: ...

    def wait(self, seconds: float) -> bool: ...


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to do, `after` this long from the first one, at the original's own pace. Without a `step` it is the publication."""

    after: timedelta
    item: Item
    step: Step | None = None

    @property
    def verb(self) -> str:
        return self.step.verb if self.step else "publish"

    @property
    def title(self) -> str:
        wording = (self.step.wording if self.step else None) or self.item.first
        return wording.headline or next(
            (words[:70] for block in wording.blocks if (words := plain_text(block.get("html", "")))), wording.kind
        )


def schedule(story: Story, *, limit: timedelta | None = None) -> list[Cue]:
    """Every cue in order of time, an entry's publication always before what happened to it. `limit` leaves out what came later."""
    if not story.items:
        return []
    start = min(item.published_at for item in story.items)
    cues = [Cue(item.published_at - start, item) for item in story.items]
    cues += [Cue(step.at - start, item, step) for item in story.items for step in item.steps]
    cues.sort(key=lambda cue: (cue.after, cue.step is not None))
    return [cue for cue in cues if limit is None or cue.after <= limit]


def free_slug(slug: str) -> str:
    """An address like this one that no blog has: a rehearsal never writes into a blog that is there."""
    stem = (slug if len(slug) <= 66 else slug[:66].rsplit("-", 1)[0]) + "-rehearsal"
    names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 1000))
    return next(name for name in names if not LiveBlog.objects.filter(slug=name).exists())


@dataclass(slots=True)
class Rehearsal:
    """One play. Iterating it does each cue when its time has come and yields it with what was written (None: it no longer applied)."""

    story: Story
    cues: list[Cue]
    actor: Any
    clock: Clock
    speed: float
    slug: str
    blog: LiveBlog = field(init=False)

    def open(self) -> LiveBlog:
        """Opens the new blog with its pictures. Raises `ImportRefused`."""
        if LiveBlog.objects.filter(slug=self.slug).exists():
            raise ImportRefused(f"There is a blog at /live/{self.slug}/ already. A rehearsal plays into a new one: choose another --slug.")
        with at("The blog"):
            self.blog = open_story(self.story, slug=self.slug, actor=self.actor, now=self.clock.now(), state=State.LIVE)
        return self.blog

    def play(self) -> Iterator[tuple[Cue, Entry | None]]:
        """Raises `ImportRefused` at the cue that the desk refuses; what was played stays."""
        refs: dict[str, str] = {}
        for key, photo in self.story.photos.items():
            with at(f"Picture {key}"):
                refs[key] = put_photo(photo, blog=self.blog, actor=self.actor, now=self.clock.now()).ref
        start = self.clock.now()
        made: dict[str, Entry] = {}
        for cue in self.cues:
            due = start + cue.after / self.speed
            if not self.clock.wait(max(0.0, (due - self.clock.now()).total_seconds())):
                return
            with at(f"Entry {cue.item.source_id}, {cue.verb}"):
                entry = self._do(cue, made, refs)
            if entry:
                made[cue.item.source_id] = entry
            yield cue, entry

    def _do(self, cue: Cue, made: dict[str, Entry], refs: dict[str, str]) -> Entry | None:
        now, actor, step = self.clock.now(), self.actor, cue.step
        if step is None:
            text = text_for(cue.item.first, refs)
            entry = publish_entry(actor=actor, blog=self.blog, text=text, now=now, key_event=cue.item.key_event)
            if cue.item.pinned:
                pin_entry(actor=actor, entry=entry, now=now)
            return entry
        entry = Entry.objects.select_related("blog").get(pk=made[cue.item.source_id].pk)
        if entry.status != Status.PUBLISHED:
            return None
        acts: dict[str, Callable[[], Entry]] = {
            "edit": lambda: edit_entry(
                actor=actor, entry=entry, text=text_for(step.wording or cue.item.first, refs), base_version=entry.version, now=now
            ),
            "correct": lambda: correct_entry(
                actor=actor, entry=entry, text=text_for(step.wording or cue.item.first, refs), note=step.note,
                base_version=entry.version, now=now,
            ),
            "withdraw": lambda: withdraw_entry(actor=actor, entry=entry, reason=step.note, now=now, notice=step.notice),
            "mark": lambda: mark_key_event(actor=actor, entry=entry, key_event=True, now=now),
            "unmark": lambda: mark_key_event(actor=actor, entry=entry, key_event=False, now=now),
        }  # fmt: skip
        return acts[step.verb]()
