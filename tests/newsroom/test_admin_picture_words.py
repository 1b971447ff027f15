"""Words of pictures that come with an entry's form: they become public with its text, or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from newsroom.models import Change, Entry, EntryRevision, Image, Status
from tests import factories
from tests.newsroom import desk, pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(blog):
    return desk.signed_in(factories.member(blog, "editor"))


@pytest.fixture
def image(blog, client):
    image = desk.uploaded(client, blog, pictures.jpeg())
    Image.objects.filter(pk=image.pk).update(alt="The span")
    return image


def showing(image: Image) -> list[dict[str, Any]]:
    return [{"type": "image", "image": image.ref}]


def said(image: Image, **words: Any) -> str:
    return json.dumps(
        {image.ref: {"alt": "The span", "decorative": False, "caption": "", "credit": "", "focal_x": 0.5, "focal_y": 0.5} | words}
    )


def caption(image: Image) -> str:
    image.refresh_from_db()
    return image.caption


def test_a_stale_edit_changes_no_caption(blog, client, image):
    entry = factories.published(blog, blocks=showing(image))
    sent = desk.edited(entry, pictures=said(image, caption="At noon"), base_version="0")
    answer = client.post(desk.change_address(entry), sent)
    assert answer.status_code == 409
    assert "At noon" in answer.content.decode()
    entry.refresh_from_db()
    assert caption(image) == ""
    assert entry.rev == 1
    assert "At noon" not in entry.fragment


@pytest.mark.parametrize("verb", ["edit", "correct"])
def test_a_refused_text_changes_no_caption(blog, client, image, verb):
    entry = factories.published(blog, blocks=showing(image))
    sent = desk.edited(entry, verb, headline="x" * 300, note="The span is open.", pictures=said(image, caption="At noon"))
    assert client.post(desk.change_address(entry), sent).status_code == 422
    entry.refresh_from_db()
    assert caption(image) == ""
    assert entry.rev == 1


def test_a_refused_word_changes_no_text(blog, client, image):
    entry = factories.published(blog, blocks=showing(image))
    answer = client.post(desk.change_address(entry), desk.edited(entry, headline="Bridge open", pictures=said(image, alt=" ")))
    assert answer.status_code == 422
    assert desk.shown_faults(answer.content).keys() == {"blocks.0.image"}
    entry.refresh_from_db()
    assert entry.headline == "Bridge closed"
    assert entry.rev == 1


def test_text_and_caption_reach_readers_as_one_change(blog, client, image):
    entry = factories.published(blog, blocks=showing(image))
    before = Change.objects.count()
    sent = desk.edited(entry, headline="Bridge open", pictures=said(image, caption="At noon"))
    assert client.post(desk.change_address(entry), sent).status_code == 302
    entry.refresh_from_db()
    assert Change.objects.count() == before + 1
    assert (entry.rev, entry.headline) == (2, "Bridge open")
    assert "At noon" in entry.fragment
    assert EntryRevision.objects.get(entry=entry, rev=2).snapshot["pictures"][image.ref]["caption"] == "At noon"


def test_another_entry_that_shows_the_picture_follows_by_a_change_of_its_own(blog, client, image):
    other = factories.published(blog, "The span inspected", blocks=showing(image))
    sent = desk.typed(blocks=showing(image), pictures=said(image, caption="At noon"))
    assert client.post(desk.add_address(blog), sent).status_code == 302
    other.refresh_from_db()
    assert (other.rev, other.version) == (2, 1)
    assert "At noon" in other.fragment
    assert Entry.objects.get(headline="Bridge closed").rev == 1


def test_a_caption_alone_makes_nobodys_open_edit_stale(blog, client, image):
    entry = factories.published(blog, blocks=showing(image))
    assert client.post(desk.change_address(entry), desk.edited(entry, pictures=said(image, caption="At noon"))).status_code == 302
    entry.refresh_from_db()
    assert (entry.version, entry.rev, entry.edited_at) == (1, 2, None)
    assert "At noon" in entry.fragment


def test_an_alternative_text_typed_with_the_entry_counts_for_it(blog, client, image):
    Image.objects.filter(pk=image.pk).update(alt="")
    sent = desk.typed(blocks=showing(image), pictures=said(image))
    assert client.post(desk.add_address(blog), sent).status_code == 302
    assert 'alt="The span"' in Entry.objects.get().fragment


def test_an_alternative_text_taken_away_with_the_entry_counts_too(blog, client, image):
    sent = desk.typed(blocks=showing(image), pictures=said(image, alt=""))
    answer = client.post(desk.add_address(blog), sent)
    assert answer.status_code == 422
    assert "alternative text" in desk.shown_faults(answer.content)["blocks.0.image"]
    image.refresh_from_db()
    assert image.alt == "The span"


def test_a_contributors_draft_does_not_change_a_picture_that_readers_see(blog, image):
    public = factories.published(blog, blocks=showing(image))
    contributor = desk.signed_in(factories.member(blog, "contributor"))
    sent = desk.typed("save", headline="My draft", blocks=showing(image), pictures=said(image, caption="Mine"))
    answer = contributor.post(desk.add_address(blog), sent)
    assert answer.status_code == 422
    assert "only an editor" in desk.shown_faults(answer.content)["blocks.0.image"]
    assert "Mine" in answer.content.decode()
    public.refresh_from_db()
    assert (caption(image), public.rev) == ("", 1)
    assert not Entry.objects.filter(headline="My draft").exists()
    assert contributor.post(desk.add_address(blog), sent | {"pictures": said(image)}).status_code == 302


def test_an_editors_draft_does_by_an_ordinary_change(blog, client, image):
    public = factories.published(blog, blocks=showing(image))
    before = Change.objects.count()
    sent = desk.typed("save", headline="My draft", blocks=showing(image), pictures=said(image, caption="At noon"))
    assert client.post(desk.add_address(blog), sent).status_code == 302
    public.refresh_from_db()
    assert "At noon" in public.fragment
    assert Change.objects.count() == before + 1


def test_a_stale_draft_changes_no_caption(blog, client, image):
    draft = factories.draft(blog, blocks=showing(image))
    sent = desk.edited(draft, "save", pictures=said(image, caption="At noon"), base_version="0")
    assert client.post(desk.change_address(draft), sent).status_code == 409
    assert caption(image) == ""


def test_words_typed_after_a_lost_answer_are_not_swallowed(blog, client, image):
    sent = desk.typed(blocks=showing(image), pictures=said(image, caption="At noon"))
    client.post(desk.add_address(blog), sent)
    assert client.post(desk.add_address(blog), sent).status_code == 302
    answer = client.post(desk.add_address(blog), sent | {"pictures": said(image, caption="At one")})
    assert answer.status_code == 409
    assert "At one" in answer.content.decode()
    assert caption(image) == "At noon"


@pytest.mark.parametrize("number", ["1" + "0" * 400, "NaN", "7"])
def test_a_focal_point_outside_the_picture_is_refused(blog, client, image, number):
    sent = desk.typed(blocks=showing(image), pictures=said(image).replace('"focal_x": 0.5', f'"focal_x": {number}'))
    assert client.post(desk.add_address(blog), sent).status_code == 422
    assert not Entry.objects.exists()


@pytest.mark.parametrize("verb", ["publish", "save", "submit", "unschedule"])
def test_a_form_that_names_no_version_overwrites_nothing(blog, client, verb):
    entry = factories.draft(blog, "Theirs")
    if verb == "unschedule":
        Entry.objects.filter(pk=entry.pk).update(status=Status.SUBMITTED)
    answer = client.post(desk.change_address(entry), desk.edited(entry, verb, headline="Mine", base_version=""))
    assert answer.status_code == 409
    assert "Mine" in answer.content.decode()
    assert "Theirs" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.headline == "Theirs"
    assert entry.status != Status.PUBLISHED
