"""Bad input at the entry form: a sentence at the field, and nothing typed is lost."""

from __future__ import annotations

import json

import pytest

from newsroom.models import Entry, Status
from tests import factories
from tests.newsroom import desk, pictures

pytestmark = pytest.mark.django_db

QUOTE = {"type": "quote", "text": "We heard a crack.", "speaker": "", "role": "", "source_url": "", "source_label": ""}


@pytest.fixture
def client(blog):
    return desk.signed_in(factories.member(blog, "editor"))


def test_a_quote_without_its_speaker_is_refused_at_the_speaker(client, blog):
    answer = client.post(desk.add_address(blog), desk.typed(kind="quote", blocks=[QUOTE], source="Harbour radio"))
    assert answer.status_code == 422
    assert desk.shown_faults(answer.content).keys() == {"blocks.0.speaker"}
    assert desk.shown_blocks(answer.content) == [QUOTE]
    assert b'value="Harbour radio"' in answer.content
    assert not Entry.objects.exists()


def test_a_quote_with_its_speaker_is_published(client, blog):
    answer = client.post(desk.add_address(blog), desk.typed(kind="quote", blocks=[QUOTE | {"speaker": "Ada Hart"}]))
    assert answer.status_code == 302
    assert Entry.objects.get().status == Status.PUBLISHED


def test_an_empty_entry_is_refused_in_a_sentence(client, blog):
    answer = client.post(desk.add_address(blog), desk.typed(headline="", blocks=[], source="A ferry captain"))
    assert answer.status_code == 422
    assert "empty" in desk.shown_faults(answer.content)["blocks"]
    assert b'value="A ferry captain"' in answer.content


def test_a_quote_without_headline_and_speaker_is_not_called_empty(client, blog):
    answer = client.post(desk.add_address(blog), desk.typed(headline="", kind="quote", blocks=[QUOTE]))
    assert answer.status_code == 422
    assert desk.shown_faults(answer.content) == {"blocks.0.speaker": "Say who said it. A quote is published with its speaker."}


@pytest.mark.parametrize(
    "block",
    [QUOTE | {"text": " "}, {"type": "text", "html": "<p> </p>"}, {"type": "list", "style": "bullet", "items": ["", ""]}],
    ids=lambda block: str(block["type"]),
)
def test_blocks_in_which_nothing_was_typed_are_an_empty_entry(client, blog, block):
    answer = client.post(desk.add_address(blog), desk.typed(headline="", blocks=[block]))
    assert answer.status_code == 422
    assert desk.shown_faults(answer.content) == {"blocks": "This entry is empty. Write a headline or a text."}


def test_an_empty_draft_is_kept(client, blog):
    assert client.post(desk.add_address(blog), desk.typed("save", headline="", blocks=[])).status_code == 302
    assert Entry.objects.get().status == Status.DRAFT


def test_an_unknown_block_is_refused_and_kept(client, blog):
    blocks = [{"type": "poll", "question": "Who?"}, {"type": "text", "html": "<p>Beside it.</p>"}]
    answer = client.post(desk.add_address(blog), desk.typed(blocks=blocks))
    assert answer.status_code == 422
    assert "poll" in desk.shown_faults(answer.content)["blocks.0"]
    assert desk.shown_blocks(answer.content) == blocks


def test_a_body_that_is_no_json_is_refused_and_kept_as_it_was_sent(client, blog):
    answer = client.post(desk.add_address(blog), desk.typed(blocks='[{"type": "text", "html": "<p>cut of'))
    assert answer.status_code == 422
    assert "could not be read" in answer.content.decode()
    assert "&lt;p&gt;cut of" in answer.content.decode()
    assert not Entry.objects.exists()


def test_a_script_is_removed_and_a_link_is_kept(client, blog):
    html = '<p onclick="x()">See <a href="https://example.org/a">the notice</a></p><script>steal()</script>'
    assert client.post(desk.add_address(blog), desk.typed(blocks=[{"type": "text", "html": html}])).status_code == 302
    stored = Entry.objects.get().blocks[0]["html"]
    assert "script" not in stored
    assert "onclick" not in stored
    assert 'href="https://example.org/a"' in stored


def test_65_kilobytes_of_text_are_refused_and_kept(client, blog):
    block = {"type": "text", "html": f"<p>{'storm ' * 11_200}</p>"}
    answer = client.post(desk.add_address(blog), desk.typed(blocks=[block]))
    assert answer.status_code == 422
    assert "64 kB" in desk.shown_faults(answer.content)["blocks.0.html"]
    assert desk.shown_blocks(answer.content) == [block]


def test_a_picture_without_alternative_text_is_refused_at_its_block(client, blog):
    image = desk.uploaded(client, blog, pictures.jpeg())
    blocks = [{"type": "text", "html": "<p>Before it.</p>"}, {"type": "image", "image": image.ref}]
    answer = client.post(desk.add_address(blog), desk.typed(blocks=blocks))
    assert answer.status_code == 422
    assert "alternative text" in desk.shown_faults(answer.content)["blocks.1.image"]
    assert desk.shown_blocks(answer.content) == blocks


def test_every_block_is_judged_at_once(client, blog):
    image = desk.uploaded(client, blog, pictures.jpeg())
    answer = client.post(desk.add_address(blog), desk.typed(blocks=[{"type": "image", "image": image.ref}, QUOTE]))
    assert desk.shown_faults(answer.content).keys() == {"blocks.0.image", "blocks.1.speaker"}


def test_words_of_a_picture_come_with_the_entry(client, blog):
    image = desk.uploaded(client, blog, pictures.jpeg())
    words = {"alt": "The span from below", "decorative": False, "caption": "At noon", "credit": "A. Hart", "focal_x": 0.2, "focal_y": 0.8}
    sent = desk.typed(blocks=[{"type": "image", "image": image.ref}], pictures=json.dumps({image.ref: words}))
    assert client.post(desk.add_address(blog), sent).status_code == 302
    assert 'alt="The span from below"' in Entry.objects.get().fragment
    image.refresh_from_db()
    assert (image.caption, image.credit, image.focal_x, image.focal_y) == ("At noon", "A. Hart", 0.2, 0.8)


def test_words_of_a_picture_stay_in_a_refused_form(client, blog):
    image = desk.uploaded(client, blog, pictures.jpeg())
    words = {"alt": "a" * 600, "decorative": False, "caption": "At noon", "credit": "", "focal_x": 0.5, "focal_y": 0.5}
    sent = desk.typed(blocks=[{"type": "image", "image": image.ref}], pictures=json.dumps({image.ref: words}))
    answer = client.post(desk.add_address(blog), sent)
    assert answer.status_code == 422
    assert "600 characters" in desk.shown_faults(answer.content)["blocks.0.image"]
    assert "At noon" in answer.content.decode()


def test_a_time_to_come_is_refused_at_its_field(client, blog):
    answer = client.post(desk.add_address(blog), desk.typed(published_at="2099-01-01T10:00", headline="Too early"))
    assert answer.status_code == 422
    assert "Schedule the entry instead" in answer.content.decode()
    assert 'value="2099-01-01T10:00"' in answer.content.decode()
    assert "Too early" in answer.content.decode()


def test_times_are_those_of_the_blog(client, blog):
    assert client.post(desk.add_address(blog), desk.typed(published_at="2026-07-01T10:00")).status_code == 302
    assert Entry.objects.get().published_at.isoformat() == "2026-07-01T09:00:00+00:00"


def test_a_correction_without_its_note_is_refused_and_the_text_kept(client, blog):
    entry = factories.published(blog)
    answer = client.post(desk.change_address(entry), desk.edited(entry, "correct", headline="Bridge open", note=" "))
    assert answer.status_code == 422
    assert "what is right" in answer.content.decode()
    assert "Bridge open" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.headline == "Bridge closed"
