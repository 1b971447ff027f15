"""Page before + frames = page after, byte for byte, for every action that readers notice."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable

import pytest
from django.test import Client

from newsroom import actions
from newsroom.actions import (
    blogs,
    bylines,
    closing,
    drafts,
    entries,
    locks,
    media,
    places,
    purging,
    releases,
    rerendering,
    reversals,
    review,
)
from newsroom.actions.texts import text_of
from newsroom.models import Byline, Entry, Image, LiveBlog
from tests import factories
from tests.factories import at
from tests.newsroom import pictures
from tests.readers import Page, catch_up, shows

pytestmark = pytest.mark.django_db(transaction=True)

Action = Callable[[LiveBlog, Entry], object]


def edit(blog: LiveBlog, entry: Entry, headline: str = "Better words") -> object:
    text = factories.text(headline)
    return entries.edit_entry(actor=factories.chief_of(blog), entry=entry, text=text, base_version=entry.version, now=at(41))


def correct(blog: LiveBlog, entry: Entry) -> object:
    chief = factories.chief_of(blog)
    text = factories.text("It is 14", kind="analysis")
    return entries.correct_entry(actor=chief, entry=entry, text=text, note="It is 14, not 41.", base_version=entry.version, now=at(42))


def withdraw(blog: LiveBlog, entry: Entry, **options: bool) -> object:
    return entries.withdraw_entry(actor=factories.chief_of(blog), entry=entry, reason="The source took it back.", now=at(43), **options)


def withdraw_pinned(blog: LiveBlog, entry: Entry) -> object:
    entries.pin_entry(actor=factories.chief_of(blog), entry=entry, now=at(42))
    return withdraw(blog, entry)


def edit_pinned_key_event(blog: LiveBlog, entry: Entry) -> object:
    chief = factories.chief_of(blog)
    entries.pin_entry(actor=chief, entry=entry, now=at(40))
    entries.mark_key_event(actor=chief, entry=entry, key_event=True, now=at(40))
    return edit(blog, entry, "New name of a key event")


def schedule_and_release(blog: LiveBlog, entry: Entry) -> object:
    chief = factories.chief_of(blog)
    planned = drafts.save_draft(actor=chief, blog=blog, text=factories.text("Planned"), now=at(40))
    drafts.schedule_entry(actor=chief, entry=planned, base_version=planned.version, at=at(44), now=at(41))
    return releases.release_due(now=at(45))


def publish_draft(blog: LiveBlog, entry: Entry) -> object:
    chief = factories.chief_of(blog)
    draft = drafts.save_draft(actor=chief, blog=blog, text=factories.text("From a draft"), now=at(40))
    return entries.publish_entry(actor=chief, blog=blog, text=text_of(draft), now=at(41), entry=draft, base_version=draft.version)


def restore(blog: LiveBlog, entry: Entry, **options: bool) -> object:
    entries.mark_key_event(actor=factories.chief_of(blog), entry=entry, key_event=True, now=at(42))
    gone = withdraw(blog, entry, **options)
    return reversals.restore_entry(actor=factories.chief_of(blog), entry=gone, now=at(44))


def undo(blog: LiveBlog, entry: Entry) -> object:
    slip = factories.published(blog, "A slip", minute=50, key_event=True)
    return reversals.undo_publication(actor=factories.chief_of(blog), entry=slip, now=at(50.1))


def move(blog: LiveBlog, entry: Entry, minute: float) -> object:
    return places.move_entry(actor=factories.chief_of(blog), entry=entry, published_at=at(minute), now=at(50))


def move_pinned_key_event(blog: LiveBlog, entry: Entry) -> object:
    mark(blog, entry)
    entries.pin_entry(actor=factories.chief_of(blog), entry=entry, now=at(45))
    return move(blog, Entry.objects.get(pk=entry.pk), 30)


def approve(blog: LiveBlog, entry: Entry) -> object:
    writer = factories.member(blog, "contributor")
    draft = factories.draft(blog, "From the quay", actor=writer, minute=40)
    drafts.submit_entry(actor=writer, entry=draft, base_version=draft.version, now=at(41))
    return review.approve_entry(actor=factories.chief_of(blog), entry=draft, base_version=2, now=at(42))


def wrap_up(blog: LiveBlog, entry: Entry) -> object:
    return closing.wrap_up(actor=factories.chief_of(blog), blog=blog, text=factories.text("What happened"), now=at(45))


def mark(blog: LiveBlog, entry: Entry) -> object:
    return entries.mark_key_event(actor=factories.chief_of(blog), entry=entry, key_event=True, now=at(44))


def unmark(blog: LiveBlog, entry: Entry) -> object:
    mark(blog, entry)
    return entries.mark_key_event(actor=factories.chief_of(blog), entry=entry, key_event=False, now=at(45))


def unpin(blog: LiveBlog, entry: Entry) -> object:
    entries.pin_entry(actor=factories.chief_of(blog), entry=entry, now=at(44))
    return entries.unpin_entry(actor=factories.chief_of(blog), blog=blog, now=at(45))


def change_front(blog: LiveBlog, entry: Entry) -> object:
    editor = Byline.objects.create(name="Ruth Adeyemi")
    return blogs.edit_blog(actor=factories.chief_of(blog), blog=blog, now=at(45), title="Bridge opens again", edited_by=[editor])


def rename_editor(blog: LiveBlog, entry: Entry) -> object:
    """An editor's new name and place, on a blog that nothing will happen to any more."""
    editor = Byline.objects.create(name="Ruth Adeyemi")
    chief = factories.chief_of(blog)
    blogs.edit_blog(actor=chief, blog=blog, now=at(44), edited_by=[editor])
    change_state(blog, entry)
    editor.name, editor.place = "Ruth Adeyemi-Okafor", "Leith"
    return bylines.save_byline(actor=chief, byline=editor, now=at(46))


def change_state(blog: LiveBlog, entry: Entry) -> object:
    return blogs.set_state(actor=factories.chief_of(blog), blog=blog, state="ended", now=at(45))


def rerender(blog: LiveBlog, entry: Entry) -> object:
    return rerendering.rerender_entry(entry=entry, now=at(44), actor=factories.chief_of(blog), reason="render")


def illustrated(blog: LiveBlog) -> Image:
    """A picture that a published entry shows."""
    chief = factories.chief_of(blog)
    image = media.upload_image(actor=chief, blog=blog, file=io.BytesIO(pictures.jpeg(400, 300)), now=at(40), alt="Two tugs")
    factories.published(blog, "With a picture", blocks=[{"type": "image", "image": image.ref}], minute=40)
    return image


def describe(blog: LiveBlog, entry: Entry) -> object:
    words = {"alt": "Two tugs and a ship", "caption": "At dusk", "credit": "J. Okafor", "decorative": False}
    return media.describe_image(actor=factories.chief_of(blog), image=illustrated(blog), now=at(45), **words)


def edit_with_words(blog: LiveBlog, entry: Entry) -> object:
    """New words of a picture with one entry's edit: the other entry that shows it follows."""
    image = illustrated(blog)
    block = {"type": "image", "image": image.ref}
    other = factories.published(blog, "The same picture", blocks=[block], minute=41)
    text = factories.text("The same picture, said better", blocks=[block])
    words = {"alt": "Two tugs", "decorative": False, "caption": "At dusk", "credit": "J. Okafor", "focal_x": 0.5, "focal_y": 0.5}
    chief = factories.chief_of(blog)
    return entries.edit_entry(actor=chief, entry=other, text=text, base_version=other.version, now=at(45), described={image.ref: words})


def lighten(blog: LiveBlog, entry: Entry) -> object:
    return media.add_avif(image_id=illustrated(blog).pk, now=at(45))


CASES: dict[str, Action] = {
    "publish_entry": lambda blog, entry: factories.published(blog, "Newest", minute=50),
    "publish_entry over midnight": lambda blog, entry: factories.published(blog, "Tomorrow", minute=24 * 60),
    "publish_entry back-dated": lambda blog, entry: factories.published(blog, "Between", minute=50, published_at=at(1.5)),
    "publish_entry as a key event": lambda blog, entry: factories.published(blog, "Key", minute=50, key_event=True),
    "publish_entry of a draft": publish_draft,
    "edit_entry": edit,
    "edit_entry pinned and key": edit_pinned_key_event,
    "edit_entry with its picture's words": edit_with_words,
    "correct_entry": correct,
    "withdraw_entry": withdraw,
    "withdraw_entry without a notice": lambda blog, entry: withdraw(blog, entry, notice=False),
    "withdraw_entry pinned": withdraw_pinned,
    "restore_entry": restore,
    "restore_entry without a notice": lambda blog, entry: restore(blog, entry, notice=False),
    "undo_publication": undo,
    "move_entry up": lambda blog, entry: move(blog, entry, 30),
    "move_entry down": lambda blog, entry: move(blog, entry, -30),
    "move_entry to another day": lambda blog, entry: move(blog, entry, -24 * 60),
    "move_entry pinned and key": move_pinned_key_event,
    "approve_entry": approve,
    "wrap_up": wrap_up,
    "mark_key_event": mark,
    "mark_key_event off": unmark,
    "pin_entry": lambda blog, entry: entries.pin_entry(actor=factories.chief_of(blog), entry=entry, now=at(44)),
    "unpin_entry": unpin,
    "rerender_entry": rerender,
    "rerender_blog": lambda blog, entry: rerendering.rerender_blog(blog=blog, now=at(44), actor=factories.chief_of(blog)),
    "describe_image": describe,
    "add_avif": lighten,
    "release_due": schedule_and_release,
    "edit_blog": change_front,
    "set_state": change_state,
    "save_byline": rename_editor,
}

# Where readers end up seeing what they saw before, or only a new revision's number.
SAME_AGAIN = {"unpin_entry", "mark_key_event off", "undo_publication"}

# Verbs on what is not public, and those that only call a verb above for each of several entries.
SILENT = {
    "open_blog",
    "bump_epoch",
    "upload_image",
    "link_image",
    "save_draft",
    "submit_entry",
    "unschedule_entry",
    "schedule_entry",
    "spike_entry",
    "duplicate_entry",
    "send_back",
    "set_embargo",
    "purge_entry",
    "may_undo",
    "hold",
    "let_go",
    "holders",
    "rerender_entries",
    "follow_words",
}


def fresh(client: Client, blog: LiveBlog) -> Page:
    response = client.get(f"/live/{blog.slug}/")
    assert response.status_code == 200
    return Page.of(response.content.decode())


@pytest.mark.parametrize("name", CASES)
def test_replay_equals_reload(client: Client, name: str):
    blog = factories.blog(kicker="Harbour bridge")
    story = [factories.published(blog, f"Entry {minute}", minute=minute) for minute in range(3)]
    page = fresh(client, blog)

    CASES[name](blog, story[1])
    reloaded = fresh(client, blog)
    assert shows(page) != shows(reloaded) or name in SAME_AGAIN

    catch_up(client, blog.slug, page)
    assert shows(page) == shows(reloaded)
    assert (page.seq, page.token) == (reloaded.seq, reloaded.token)


def test_every_verb_stands_in_this_list():
    verbs = {
        name
        for module in (entries, reversals, places, purging, drafts, review, locks, releases, closing, blogs, bylines, media, rerendering)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_") and "now" in inspect.signature(function).parameters
    }
    assert verbs - SILENT == {name.split()[0] for name in CASES}
    assert actions.__doc__


def test_a_page_that_missed_everything_catches_up(client: Client):
    blog = factories.blog()
    story = [factories.published(blog, f"Entry {minute}", minute=minute) for minute in range(3)]
    page = fresh(client, blog)
    for name, act in CASES.items():
        if not name.startswith(("withdraw", "set_state", "save_byline", "wrap_up")):
            act(blog, Entry.objects.get(pk=story[1].pk))
    withdraw(blog, Entry.objects.get(pk=story[1].pk))
    change_state(blog, story[0])

    catch_up(client, blog.slug, page)
    assert shows(page) == shows(fresh(client, blog))


def test_an_entry_of_an_older_page_is_not_appended_to_this_one(client: Client):
    blog = factories.blog()
    for minute in range(35):
        factories.published(blog, f"Entry {minute}", minute=minute)
    page = fresh(client, blog)
    assert page.more
    assert len(page.articles) == 30

    factories.published(blog, "Old", minute=60, published_at=at(0.5))
    catch_up(client, blog.slug, page)
    assert shows(page) == shows(fresh(client, blog))
