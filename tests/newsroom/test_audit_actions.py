"""Every action leaves a line of the audit. The list of actions is made from the code, so a new one fails here until it has a case."""

from __future__ import annotations

import importlib
import inspect
import io
import pkgutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession

from newsroom import actions
from newsroom.actions import (
    accounts,
    blogs,
    bylines,
    closing,
    drafts,
    entries,
    media,
    members,
    places,
    purging,
    reading,
    releases,
    rerendering,
    restore,
    reversals,
    review,
    tags,
)
from newsroom.models import AuditLine, Byline, Entry, Image, LiveBlog, Membership, Tag
from tests import factories
from tests.factories import at
from tests.newsroom import pictures

pytestmark = pytest.mark.django_db

# Modules that actions are made of: no page calls them.
PARTS = {"audit", "changes", "publication", "pictures", "pulses", "rules", "texts", "turns", "versions", "words"}

# A soft lock says who is writing just now; it changes no text and nothing that readers see, and is forgotten after a minute.
# How many read is counted, not done by anybody; and what is pruned is bookkeeping whose time is over, by the clock.
FLEETING = {"hold", "let_go", "holders", "note_readers", "prune"}
# These only look.
LOOKING = {"may_undo"}

SAID: dict[str, Any] = {"alt": "Two tugs and a ship", "caption": "At dusk", "credit": "J. Okafor", "decorative": False}


def chief(blog: LiveBlog) -> Any:
    return factories.chief_of(blog)


def image(blog: LiveBlog) -> Image:
    return media.upload_image(actor=chief(blog), blog=blog, file=io.BytesIO(pictures.jpeg(400, 300)), now=at(1), alt="Two tugs")


def shown(blog: LiveBlog) -> Image:
    """A picture that a published entry shows, with words that the entry does not have yet."""
    picture = image(blog)
    factories.published(blog, "With a picture", blocks=[{"type": "image", "image": picture.ref}])
    Image.objects.filter(pk=picture.pk).update(caption="At dusk")
    return picture


def draft(blog: LiveBlog) -> Entry:
    return factories.draft(blog)


def scheduled(blog: LiveBlog) -> Entry:
    entry = draft(blog)
    return drafts.schedule_entry(actor=chief(blog), entry=entry, base_version=entry.version, at=at(5), now=at(1))


def turned(action: Callable[..., object], entry: Entry) -> object:
    return action(actor=chief(entry.blog), entry=entry, base_version=entry.version, now=at(9))


def revised(action: Callable[..., object], blog: LiveBlog, **more: Any) -> object:
    entry = factories.published(blog)
    return action(actor=chief(blog), entry=entry, text=factories.text("Better"), base_version=entry.version, now=at(9), **more)


def submitted(blog: LiveBlog) -> Entry:
    entry = draft(blog)
    return drafts.submit_entry(actor=chief(blog), entry=entry, base_version=entry.version, now=at(1))


def withdrawn(blog: LiveBlog) -> Entry:
    return entries.withdraw_entry(actor=chief(blog), entry=factories.published(blog), reason="Wrong.", now=at(1))


def signed_in_twice(blog: LiveBlog) -> Any:
    for key in ("one", "two"):
        UserSession.objects.create(user=chief(blog), session_key=key, ip="127.0.0.1")
    return chief(blog)


def with_factor(blog: LiveBlog) -> Any:
    TOTP.activate(chief(blog), "JBSWY3DPEHPK3PXP")
    return chief(blog)


def tagged(blog: LiveBlog) -> Tag:
    factories.published(blog, tags=["Boats"])
    return Tag.objects.get(blog=blog)


def pinned(blog: LiveBlog) -> LiveBlog:
    entries.pin_entry(actor=chief(blog), entry=factories.published(blog), now=at(1))
    return blog


def restored(blog: LiveBlog) -> object:
    content = restore.Restoration(
        blog=LiveBlog(slug="again", title="Brought back", created_at=at(0)), editors=[], images=[], entries=[], tags=[]
    )
    return restore.restore_blog(actor=factories.admin("keeper"), content=content, now=at(9))


# Each does its action last, at minute 9.
CASES: dict[str, Callable[[LiveBlog], object]] = {
    "open_blog": lambda blog: factories.blog(now=at(9)),
    "edit_blog": lambda blog: blogs.edit_blog(actor=chief(blog), blog=blog, title="Open again", now=at(9)),
    "set_state": lambda blog: blogs.set_state(actor=chief(blog), blog=blog, state="ended", now=at(9)),
    "bump_epoch": lambda blog: blogs.bump_epoch(blog=blog, now=at(9)),
    "restore_blog": restored,
    "set_member": lambda blog: members.set_member(actor=chief(blog), blog=blog, user=factories.user(), role="editor", now=at(9)),
    "remove_member": lambda blog: members.remove_member(
        actor=chief(blog), membership=Membership.objects.get(user=factories.member(blog, "editor")), now=at(9)
    ),
    "save_draft": lambda blog: factories.draft(blog, minute=9),
    "submit_entry": lambda blog: turned(drafts.submit_entry, draft(blog)),
    "schedule_entry": lambda blog: drafts.schedule_entry(actor=chief(blog), entry=draft(blog), base_version=1, at=at(10), now=at(9)),
    "unschedule_entry": lambda blog: turned(drafts.unschedule_entry, scheduled(blog)),
    "spike_entry": lambda blog: drafts.spike_entry(actor=chief(blog), entry=draft(blog), now=at(9)),
    "note_reads": lambda blog: reading.note_reads(actor=factories.member(blog, "editor"), entries=[draft(blog)], now=at(9)),
    "note_export": lambda blog: factories.draft(blog) and reading.note_export(blog=blog, now=at(9)),
    "rename_tag": lambda blog: tags.rename_tag(actor=chief(blog), tag=tagged(blog), name="Ships", now=at(9)),
    "rerender_tagged_entries": lambda blog: tags.rerender_tagged_entries(tag=tagged(blog), now=at(9), actor=chief(blog)),
    "note_account": lambda blog: accounts.note_account(user=chief(blog), verb="sign_in", now=at(9)),
    "note_refusal": lambda blog: accounts.note_refusal(name=chief(blog).username, verb="sign_in_refused", address="192.0.2.1", now=at(9)),
    "note_account_change": lambda blog: accounts.note_account_change(
        actor=chief(blog), user=chief(blog), verb="add_account", before={}, now=at(9)
    ),
    "save_byline": lambda blog: bylines.save_byline(actor=chief(blog), byline=Byline(name="Ana"), now=at(9)),
    "end_sessions": lambda blog: accounts.end_sessions(user=signed_in_twice(blog), keep=None, only=None, now=at(9)),
    "set_password": lambda blog: accounts.set_password(user=chief(blog), password="another horse battery", now=at(9)),
    "reset_second_factor": lambda blog: accounts.reset_second_factor(user=with_factor(blog), now=at(9)),
    "duplicate_entry": lambda blog: drafts.duplicate_entry(actor=chief(blog), entry=factories.published(blog), now=at(9)),
    "send_back": lambda blog: review.send_back(actor=chief(blog), entry=submitted(blog), note="Say where.", base_version=2, now=at(9)),
    "approve_entry": lambda blog: review.approve_entry(actor=chief(blog), entry=submitted(blog), base_version=2, now=at(9)),
    "set_embargo": lambda blog: review.set_embargo(actor=chief(blog), entry=draft(blog), until=at(20), now=at(9)),
    "restore_entry": lambda blog: reversals.restore_entry(actor=chief(blog), entry=withdrawn(blog), now=at(9)),
    "purge_entry": lambda blog: purging.purge_entry(actor=chief(blog), entry=withdrawn(blog), reason="Court order 7/26", now=at(9)),
    "undo_publication": lambda blog: reversals.undo_publication(actor=chief(blog), entry=factories.published(blog, minute=8.95), now=at(9)),
    "move_entry": lambda blog: places.move_entry(actor=chief(blog), entry=factories.published(blog), published_at=at(-5), now=at(9)),
    "wrap_up": lambda blog: closing.wrap_up(actor=chief(blog), blog=blog, text=factories.text("It is over"), now=at(9)),
    "publish_entry": lambda blog: factories.published(blog, minute=9),
    "edit_entry": lambda blog: revised(entries.edit_entry, blog),
    "correct_entry": lambda blog: revised(entries.correct_entry, blog, note="It is 14, not 41."),
    "withdraw_entry": lambda blog: entries.withdraw_entry(actor=chief(blog), entry=factories.published(blog), reason="Wrong.", now=at(9)),
    "mark_key_event": lambda blog: entries.mark_key_event(actor=chief(blog), entry=factories.published(blog), key_event=True, now=at(9)),
    "pin_entry": lambda blog: entries.pin_entry(actor=chief(blog), entry=factories.published(blog), now=at(9)),
    "unpin_entry": lambda blog: entries.unpin_entry(actor=chief(blog), blog=pinned(blog), now=at(9)),
    "upload_image": lambda blog: media.upload_image(actor=chief(blog), blog=blog, file=io.BytesIO(pictures.jpeg(400, 300)), now=at(9)),
    "link_image": lambda blog: media.link_image(
        actor=chief(blog), blog=blog, remote_url="https://a.example.org/b.jpg", width=4, height=3, alt="", caption="", credit="", now=at(9)
    ),
    "describe_image": lambda blog: media.describe_image(actor=chief(blog), image=image(blog), now=at(9), **SAID),
    "add_avif": lambda blog: media.add_avif(image_id=shown(blog).pk, now=at(9)),
    "rerender_entry": lambda blog: rerendering.rerender_entry(
        entry=factories.published(blog), now=at(9), actor=chief(blog), reason="render"
    ),
    "rerender_blog": lambda blog: rerendering.rerender_blog(blog=factories.published(blog).blog, now=at(9), actor=chief(blog)),
    "rerender_entries": lambda blog: rerendering.rerender_entries(blog=blog, image_ref=shown(blog).ref, now=at(9), actor=chief(blog)),
    "follow_words": lambda blog: rerendering.follow_words(blog=blog, refs=[shown(blog).ref], now=at(9), actor=chief(blog)),
    "release_due": lambda blog: scheduled(blog) and releases.release_due(now=at(9)),
}


def public_actions() -> set[str]:
    found = set()
    for module in pkgutil.iter_modules(actions.__path__):
        if module.name not in PARTS:
            loaded = importlib.import_module(f"newsroom.actions.{module.name}")
            for name, function in inspect.getmembers(loaded, inspect.isfunction):
                if function.__module__ == loaded.__name__ and not name.startswith("_") and "now" in inspect.signature(function).parameters:
                    found.add(name)
    return found


def test_every_action_stands_in_this_list() -> None:
    assert public_actions() - FLEETING - LOOKING == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_an_action_leaves_a_line(name: str) -> None:
    blog = factories.blog()
    CASES[name](blog)
    lines = AuditLine.objects.filter(at=at(9))
    assert lines, "nothing says that this was done"
    for line in lines:
        assert line.who
        assert line.verb
        assert line.before != line.after or line.verb in {"upload_image", "link_image", "sign_in"}


def test_a_line_says_who_did_what_when_and_what_it_changed() -> None:
    blog = factories.blog(title="Before")
    editor = factories.member(blog, "editor", "erik")
    entry = factories.published(blog, actor=editor)
    entries.withdraw_entry(actor=editor, entry=entry, reason="Nobody may read this again.", now=at(3))
    blogs.edit_blog(actor=chief(blog), blog=blog, title="After", now=at(4))
    titled, withdrawn, published = AuditLine.objects.filter(blog=blog)[:3]

    assert (published.verb, published.before, published.after["status"], published.after["rev"]) == ("publish", {}, "published", 1)
    assert (withdrawn.who, withdrawn.user_id, withdrawn.verb, withdrawn.subject, withdrawn.at) == (
        "erik",
        editor.pk,
        "withdraw",
        entry.ref,
        at(3),
    )
    assert withdrawn.before["status"] == "published"
    assert withdrawn.before["rev"] == 1
    assert withdrawn.after["status"] == "withdrawn"
    assert withdrawn.after["rev"] == 2
    assert (titled.before, titled.after) == ({"blog.title": "Before"}, {"blog.title": "After"})


def test_no_line_holds_a_text_of_an_entry() -> None:
    blog = factories.blog()
    entry = factories.published(blog, "Secret headline", source="secret source")
    entries.withdraw_entry(actor=chief(blog), entry=entry, reason="secret reason", now=at(3))
    told = str(list(AuditLine.objects.values_list("before", "after", "subject")))
    assert "published" in told
    assert "ecret" not in told
    assert "inspecting" not in told


def test_what_changes_nothing_leaves_no_line() -> None:
    blog = factories.blog(state="live")
    entry = factories.published(blog)
    entries.pin_entry(actor=chief(blog), entry=entry, now=at(2))
    lines = AuditLine.objects.count()
    entries.pin_entry(actor=chief(blog), entry=entry, now=at(3))
    blogs.set_state(actor=chief(blog), blog=blog, state="live", now=at(3))
    blogs.edit_blog(actor=chief(blog), blog=blog, title=blog.title, now=at(3))
    assert AuditLine.objects.count() == lines


def test_what_is_refused_leaves_no_line() -> None:
    blog = factories.blog()
    entry = factories.draft(blog)
    lines = AuditLine.objects.count()
    with pytest.raises(Exception, match="contributor of this blog"):
        entries.publish_entry(actor=factories.member(blog, "contributor"), blog=blog, text=factories.text(), now=at(2))
    with pytest.raises(Exception, match="passed"):
        drafts.schedule_entry(actor=chief(blog), entry=entry, base_version=1, at=at(1), now=at(1) + timedelta(minutes=1))
    assert AuditLine.objects.count() == lines


def test_a_draft_of_somebody_else_is_noted_once_a_version_and_reader() -> None:
    blog = factories.blog()
    writer, reader = factories.member(blog, "contributor"), factories.member(blog, "editor")
    entry = factories.draft(blog, actor=writer)
    public = factories.published(blog)
    for minute in range(3):
        reading.note_reads(actor=reader, entries=[entry, public], now=at(minute))
        reading.note_reads(actor=writer, entries=[entry], now=at(minute))
    assert list(AuditLine.objects.filter(verb="read").values_list("user", "subject", "after__version")) == [(reader.pk, entry.ref, 1)]
    newer = drafts.save_draft(actor=writer, blog=blog, text=factories.text("More"), entry=entry, base_version=1, now=at(5))
    reading.note_reads(actor=reader, entries=[newer], now=at(6))
    assert AuditLine.objects.filter(verb="read").count() == 2
