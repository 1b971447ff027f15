"""From a story to a blog, through the actions: all of it or nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from newsroom.actions.blogs import open_blog, set_state
from newsroom.actions.bylines import byline_for
from newsroom.actions.entries import EntryText, edit_entry, mark_key_event, pin_entry, publish_entry
from newsroom.actions.media import describe_image, link_image, upload_image
from newsroom.blocks import clean_blocks, complete_blocks
from newsroom.errors import NewsroomError, NotFound
from newsroom.importers.errors import NOTHING, ImportRefused
from newsroom.importers.report import Report
from newsroom.importers.story import Item, Photo, Story, Wording
from newsroom.models import Entry, Image, LiveBlog, State, Status
from newsroom.permissions import require


class Undo(Exception):
    """Rolls a dry run back."""


def write_story(story: Story, *, actor: Any, now: datetime, slug: str = "", state: str = State.ENDED, dry_run: bool = False) -> Report:
    """Brings a foreign blog in, or up to date: what is known by its source id is not made twice.

    One transaction. Raises `ImportRefused` with the sentence of the first refusal and where it arose. A dry run does all of it and
    takes it back, so its report is what would happen.
    """
    report = Report(slug=slug or story.slug, source=story.source_id, dry_run=dry_run)
    report.seen, report.carried, report.losses = story.seen.copy(), story.carried.copy(), list(story.losses)
    try:
        with transaction.atomic():
            _Writer(story, report, actor=actor, now=now, state=state).write(slug)
            if dry_run:
                raise Undo
    except Undo:
        pass
    return report


class _Writer:
    def __init__(self, story: Story, report: Report, *, actor: Any, now: datetime, state: str) -> None:
        self.story, self.report, self.actor, self.now, self.state = story, report, actor, now, state

    def write(self, slug: str) -> None:
        blog = self._blog(slug)
        self.report.slug = blog.slug
        refs: dict[str, str] = {}
        for key, photo in self.story.photos.items():
            with at(f"Picture {key}"):
                refs[key] = put_photo(photo, blog=blog, actor=self.actor, now=self.now, source_id=key).ref
        known = {entry.source_id: entry for entry in blog.entries.exclude(source_id="")}
        for item in self.story.items:
            with at(f"Entry {item.source_id}"):
                outcome = self._item(blog, item, refs, known.get(item.source_id))
                self.report.entries[outcome] += 1
        if self.report.opened and self.state in {State.PAUSED, State.ENDED}:
            last = max((item.published_at for item in self.story.items), default=self.now)
            set_state(actor=self.actor, blog=blog, state=self.state, now=last)

    def _blog(self, slug: str) -> LiveBlog:
        """The blog that this source was imported to before, or a new one."""
        known = LiveBlog.objects.filter(source_id=self.story.source_id)
        blog = (known.filter(slug=slug) if slug else known).order_by("pk").first()
        if blog:
            self._must_be_on_the_team(blog)
            return blog
        slug = slug or self.story.slug
        if LiveBlog.objects.filter(slug=slug).exists():
            raise ImportRefused(
                f"There is a blog at /live/{slug}/ already, and it did not come from this source. Choose another address with --slug."
            )
        first = min((item.published_at for item in self.story.items), default=self.now)
        with at("The blog"):
            blog = open_story(self.story, slug=slug, actor=self.actor, now=first, state=self._first_state(), source_id=self.story.source_id)
        self.report.opened = True
        return blog

    def _must_be_on_the_team(self, blog: LiveBlog) -> None:
        try:
            require(self.actor, "publish", blog)
        except NotFound as error:
            raise ImportRefused(
                f"{self.actor} is not on the team of /live/{blog.slug}/, where this source went. Name a member with --as. {NOTHING}"
            ) from error

    def _first_state(self) -> str:
        """Entries are published while the blog runs, as they once were."""
        return State.LIVE if self.state in {State.PAUSED, State.ENDED} else self.state

    def _item(self, blog: LiveBlog, item: Item, refs: dict[str, str], entry: Entry | None) -> str:
        text = text_for(item.last, refs)
        if entry is None:
            made = publish_entry(
                actor=self.actor, blog=blog, text=text, now=self.now, published_at=item.published_at, key_event=item.key_event,
                source_id=item.source_id, edited_at=item.edited_at,
            )  # fmt: skip
            if item.pinned:
                pin_entry(actor=self.actor, entry=made, now=self.now)
            return "new"
        if entry.status != Status.PUBLISHED:
            return "kept"
        seen = [facts_of(revision.snapshot) for revision in entry.revisions.order_by("-rev")]
        wanted = facts_of(wording_facts(item.last, refs))
        if wanted == seen[0]:
            outcome = "unchanged"
        elif wanted in seen:
            # The source still says what it said: the newer text is the desk's here.
            return "kept"
        else:
            edit_entry(actor=self.actor, entry=entry, text=text, base_version=entry.version, now=self.now)
            outcome = "changed"
        if item.key_event and not any(revision.snapshot["key_event"] for revision in entry.revisions.all()):
            mark_key_event(actor=self.actor, entry=entry, key_event=True, now=self.now)
            outcome = "changed"
        return outcome


@contextmanager
def at(where: str) -> Iterator[None]:
    """Turns a refusal of the newsroom into one of the import that says where it arose."""
    try:
        yield
    except ImportRefused:
        raise
    except NewsroomError as error:
        raise ImportRefused(f"{where}: {error} {NOTHING}") from error


def open_story(story: Story, *, slug: str, actor: Any, now: datetime, state: str, source_id: str = "") -> LiveBlog:
    return open_blog(
        actor=actor,
        now=now,
        slug=slug,
        title=story.title,
        standfirst=story.standfirst,
        kicker=story.kicker,
        language=story.language,
        zone=story.zone,
        zone_label=story.zone_label,
        state=state,
        edited_by=[byline_for(name=person.name, role=person.role, place=person.place) for person in story.editors],
        source_id=source_id,
    )


def put_photo(photo: Photo, *, blog: LiveBlog, actor: Any, now: datetime, source_id: str = "") -> Image:
    """The story's picture as an image of the blog: uploaded where the file is there, a link where another site holds it."""
    if photo.data:
        image = upload_image(
            actor=actor, blog=blog, file=io.BytesIO(photo.data), now=now, alt=photo.alt, decorative=photo.decorative,
            caption=photo.caption, credit=photo.credit, source_id=source_id,
        )  # fmt: skip
    else:
        image = link_image(
            actor=actor, blog=blog, remote_url=photo.url, width=photo.width, height=photo.height, alt=photo.alt,
            caption=photo.caption, credit=photo.credit, now=now, source_id=source_id,
        )  # fmt: skip
    if image.decorative != photo.decorative or (image.focal_x, image.focal_y) != (photo.focal_x, photo.focal_y):
        image = describe_image(
            actor=actor, image=image, now=now, alt=photo.alt, decorative=photo.decorative, caption=photo.caption, credit=photo.credit,
            focal_x=photo.focal_x, focal_y=photo.focal_y,
        )  # fmt: skip
    return image


def place_photos(blocks: list[dict[str, Any]], refs: dict[str, str]) -> list[dict[str, Any]]:
    """The blocks with each photo's key replaced by its image's ref; a photo that is not there leaves its block out."""
    placed = []
    for block in blocks:
        if block["type"] == "image":
            block = {**block, "image": refs.get(block["image"], "")}
            if not block["image"]:
                continue
        elif block["type"] == "gallery":
            block = {**block, "images": [refs[key] for key in block["images"] if key in refs]}
            if len(block["images"]) < 2:
                block = {"type": "image", "image": block["images"][0]} if block["images"] else {}
        elif block["type"] == "video":
            block = {**block, "poster": refs.get(block.get("poster", ""), "")}
        if block:
            placed.append(block)
    return placed


def text_for(wording: Wording, refs: dict[str, str]) -> EntryText:
    return EntryText(
        kind=wording.kind,
        headline=wording.headline,
        standing=wording.standing,
        source=wording.source,
        blocks=place_photos(wording.blocks, refs),
        bylines=[byline_for(name=person.name, role=person.role, place=person.place).pk for person in wording.people],
        happened_at=wording.happened_at,
        happened_precision=wording.happened_precision,
        tags=list(wording.tags),
    )


def wording_facts(wording: Wording, refs: dict[str, str]) -> dict[str, Any]:
    """The wording in the form of a revision's snapshot."""
    return {
        "kind": wording.kind,
        "headline": " ".join(wording.headline.split()),
        "standing": wording.standing,
        "source": wording.source,
        "blocks": complete_blocks(clean_blocks(place_photos(wording.blocks, refs))),
        "bylines": [{"name": person.name, "role": person.role, "place": person.place} for person in wording.people],
    }


def facts_of(snapshot: dict[str, Any]) -> tuple[Any, ...]:
    """What makes two texts the same: everything written, without the ids that blocks are given here."""
    blocks = [{key: value for key, value in block.items() if key != "id"} for block in snapshot["blocks"]]
    return (snapshot["kind"], snapshot["headline"], snapshot["standing"], snapshot["source"], blocks, snapshot["bylines"])
