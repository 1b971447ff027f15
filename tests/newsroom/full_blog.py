"""A blog with one of everything, for the tests that carry it elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User

from newsroom.actions.blogs import edit_blog, open_blog
from newsroom.actions.bylines import byline_for
from newsroom.actions.drafts import save_draft, schedule_entry, submit_entry
from newsroom.actions.entries import correct_entry, edit_entry, mark_key_event, pin_entry, publish_entry, withdraw_entry
from newsroom.actions.media import link_image, upload_image
from newsroom.actions.review import send_back, set_embargo
from newsroom.actions.texts import EntryText
from newsroom.models import LiveBlog
from tests.newsroom.importing import NOW, a_jpeg


def full_blog(actor: User) -> LiveBlog:
    """Published with all blocks, pinned, edited, corrected, marked, withdrawn with a notice and without, back-dated; three unpublished."""
    ola = byline_for(name="Ola Berg", role="Reporter", place="Bergen")
    nora = byline_for(name="Nora Field")
    blog = open_blog(
        actor=actor,
        now=NOW,
        slug="full",
        title="One of everything",
        standfirst="For the road",
        zone="Asia/Tokyo",
        readers_shown=True,
        planned_end=NOW + timedelta(days=1),
        second_pair=["breaking"],
        quiet_minutes=7,
        state="live",
        edited_by=[nora],
    )
    own = upload_image(actor=actor, blog=blog, file=a_jpeg(), now=NOW, alt="A teal field", caption="Teal", credit="Us")
    gone = upload_image(actor=actor, blog=blog, file=a_jpeg("red"), now=NOW, alt="A red field")
    linked = link_image(
        actor=actor,
        blog=blog,
        remote_url="https://pictures.example.org/a.jpg",
        width=800,
        height=600,
        alt="Elsewhere",
        caption="",
        credit="X",
        now=NOW,
    )

    def at(minutes: float) -> Any:
        return NOW + timedelta(minutes=minutes)

    def text(words: str, *more: dict[str, Any], **facts: Any) -> EntryText:
        return EntryText(blocks=[{"type": "text", "html": f"<p>{words}</p>"}, *more], **facts)

    everything = publish_entry(
        actor=actor,
        blog=blog,
        now=at(1),
        key_event=True,
        source_id="elsewhere:1",
        text=text(
            "All <strong>blocks</strong> & <a href='https://example.org/?a=1&amp;b=2'>one link</a>",
            {"type": "image", "image": own.ref},
            {"type": "gallery", "images": [own.ref, linked.ref]},
            {
                "type": "quote",
                "text": "So\nbe it",
                "speaker": "Ann Airy",
                "role": "Poet",
                "source_url": "https://example.org/",
                "source_label": "Verse",
            },
            {"type": "list", "style": "number", "items": ["one", "<em>two</em>"]},
            {
                "type": "embed",
                "url": "https://example.org/post",
                "provider": "Net",
                "title": "Post",
                "author": "A",
                "text": "T",
                "published": "2026-03-01",
            },
            {"type": "audio", "url": "https://example.org/a.mp3", "title": "Sound", "credit": "C", "duration": 61},
            {"type": "video", "url": "https://example.org/v.mp4", "title": "Film", "credit": "C", "duration": None, "poster": own.ref},
            kind="analysis",
            headline="Everything “at once”",
            standing="reported",
            source="A source",
            bylines=[ola.pk, nora.pk],
            happened_at=at(-600),
            happened_precision="hour",
        ),
    )
    pin_entry(actor=actor, entry=everything, now=at(2))
    first = publish_entry(actor=actor, blog=blog, now=at(3), text=text("Frist", headline="Typing"))
    first = edit_entry(actor=actor, entry=first, text=text("First", headline="Typing"), base_version=first.version, now=at(4))
    first = correct_entry(
        actor=actor, entry=first, text=text("Second", headline="Typing"), note="It was the second.", base_version=first.version, now=at(5)
    )
    mark_key_event(actor=actor, entry=first, key_event=True, now=at(6))
    noticed = publish_entry(actor=actor, blog=blog, now=at(7), text=text("Wrong", {"type": "image", "image": gone.ref}))
    withdraw_entry(actor=actor, entry=noticed, reason="It was wrong.", now=at(8))
    silent = publish_entry(actor=actor, blog=blog, now=at(9), text=text("Slip"))
    withdraw_entry(actor=actor, entry=silent, reason="", now=at(10), notice=False)
    publish_entry(actor=actor, blog=blog, now=at(11), published_at=at(2.5), text=text("Back-dated"))
    save_draft(actor=actor, blog=blog, now=at(12), text=EntryText(headline="Half", blocks=[{"type": "quote", "text": "Who said this?"}]))
    draft = save_draft(actor=actor, blog=blog, now=at(13), text=text("Handed in"))
    submit_entry(actor=actor, entry=draft, base_version=draft.version, now=at(14))
    sent_back = save_draft(actor=actor, blog=blog, now=at(15), text=text("Half right"))
    sent_back = submit_entry(actor=actor, entry=sent_back, base_version=sent_back.version, now=at(15))
    send_back(actor=actor, entry=sent_back, note="Which half?", now=at(15))
    planned = save_draft(actor=actor, blog=blog, now=at(15), text=text("Planned", headline="Later"))
    planned = set_embargo(actor=actor, entry=planned, until=at(500), now=at(16))
    schedule_entry(actor=actor, entry=planned, base_version=planned.version, at=at(600), now=at(16))
    edit_blog(actor=actor, blog=blog, now=at(17), standing_required=True)
    return LiveBlog.objects.get(pk=blog.pk)
