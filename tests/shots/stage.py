"""`python -m tests.shots.stage`: puts the stories into the site's database, as the desk would have done; prints the entries' refs."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.utils import timezone  # noqa: E402

from newsroom.actions import entries  # noqa: E402
from newsroom.actions.blogs import open_blog, set_state  # noqa: E402
from newsroom.actions.bylines import byline_for  # noqa: E402
from newsroom.actions.members import set_member  # noqa: E402
from newsroom.actions.texts import EntryText, text_of  # noqa: E402
from newsroom.demo.stage import hang_pictures  # noqa: E402
from newsroom.models import LiveBlog  # noqa: E402
from tests.shots.stories import ARABIC, ENGLISH, GERMAN, SCRIPTS, Story, Told  # noqa: E402

NOW = timezone.now().replace(second=0, microsecond=0)
# More than one page of entries.
MANY = 45


def tell(blog: LiveBlog, told: Told, pictures: dict[str, str], actor: Any) -> str:
    at = NOW - timedelta(minutes=told.ago)
    blocks = [{**block, "image": pictures[block["image"]]} if block["type"] == "image" else dict(block) for block in told.blocks]
    signed = [byline_for(name=told.by).pk] if told.by else []
    text = EntryText(kind=told.kind, headline=told.headline, standing=told.standing, source=told.source, blocks=blocks, bylines=signed)
    entry = entries.publish_entry(actor=actor, blog=blog, text=text, now=at, key_event=told.key)
    later = at + timedelta(minutes=1)
    if told.corrected or told.edited:
        changed = replace(text_of(entry), blocks=[*entry.blocks, {"type": "text", "html": f"<p>{told.headline}.</p>"}])
        facts = {"actor": actor, "entry": entry, "text": changed, "base_version": entry.version, "now": later}
        entry = entries.correct_entry(**facts, note=told.corrected) if told.corrected else entries.edit_entry(**facts)
    if told.pinned:
        entries.pin_entry(actor=actor, entry=entry, now=later)
    if told.withdrawn:
        entries.withdraw_entry(actor=actor, entry=entry, reason=told.withdrawn, now=later)
    return entry.ref


def opened(story: Story, name: str, told: tuple[Told, ...], state: str = "live", **facts: Any) -> list[str]:
    """The blog `<language>-<name>`; gives the refs of its entries, oldest first."""
    users = get_user_model()._default_manager
    admin, editor = users.get(username="admin"), users.get(username="editor")
    blog = open_blog(
        actor=admin,
        now=NOW - timedelta(days=2),
        slug=f"{story.language}-{name}",
        title=story.title,
        standfirst=story.standfirst,
        kicker=story.kicker,
        language=story.language,
        zone=story.zone,
        state="upcoming" if state == "upcoming" else "live",
        edited_by=[byline_for(name=who, role=role) for who, role in story.editors],
        **facts,
    )
    set_member(actor=admin, blog=blog, user=editor, role="editor", now=NOW)
    pictures = hang_pictures(blog, actor=admin, now=NOW) if any(one.kind == "image" for one in told) else {}
    refs = [tell(blog, one, pictures, editor) for one in sorted(told, key=lambda one: -one.ago)]
    if state in {"paused", "ended"}:
        set_state(actor=admin, blog=LiveBlog.objects.get(pk=blog.pk), state=state, now=NOW - timedelta(minutes=1))
    return refs


def main() -> None:
    refs = {}
    for story in (ENGLISH, ARABIC):
        calm = tuple(one for one in story.entries if one.kind != "breaking")
        refs[f"{story.language}-breaking"] = opened(story, "breaking", story.entries)
        refs[f"{story.language}-live"] = opened(story, "live", calm)
        opened(story, "upcoming", (), "upcoming", planned_start=NOW + timedelta(hours=20))
        opened(story, "empty", ())
        opened(story, "paused", calm[:4], "paused")
        opened(story, "ended", calm[:4], "ended")
        filler = tuple(replace(calm[-2 if number % 3 else 1], ago=120 + number, key=False) for number in range(MANY))
        opened(story, "many", (*calm[:3], *filler))
    opened(GERMAN, "live", GERMAN.entries)
    opened(SCRIPTS, "scripts", SCRIPTS.entries)
    sys.stdout.write(json.dumps(refs))


if __name__ == "__main__":
    main()
