"""Finding: pages that hang on an entry, filters, search and order, all in addresses; and nothing found that is not public."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client

from liveblog.kiosk.routes import route_of
from newsroom import selectors
from newsroom.actions.drafts import schedule_entry, submit_entry
from newsroom.actions.entries import edit_entry, withdraw_entry
from newsroom.actions.publication import order_key
from newsroom.finding import wanted
from newsroom.models import Entry, LiveBlog, Tag
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db

CANARY = "zebrafinch"


@pytest.fixture
def blog() -> LiveBlog:
    return factories.blog(slug="story")


def many(blog: LiveBlog, count: int, first: int = 0) -> list[str]:
    """Published rows without their revisions: a page reads nothing else of them."""
    rows = []
    for minute in range(first, first + count):
        row = Entry(blog=blog, headline=f"Entry {minute}", status="published", published_at=at(minute), rev=1)
        row.order = order_key(at(minute), row.ref)
        row.fragment = f'<article class="entry" id="{row.ref}"></article>'
        rows.append(row)
    Entry.objects.bulk_create(rows)
    return [row.ref for row in rows]


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/live/story/{query}")
    assert response.status_code == 200
    return response.content.decode()


def shown(html: str) -> list[str]:
    return re.findall(r'<article class="entry[^>]* id="(e-[^"]+)"', html)


def link(html: str, rel: str) -> str:
    found = re.search(rf'<a rel="{rel}" href="/live/story/([^"]*)"', html)
    return found[1].replace("&amp;", "&") if found else "none"


def test_older_and_newer_lead_through_every_entry_and_back_page_by_page(client: Client, blog: LiveBlog):
    refs = many(blog, 65)[::-1]
    html, read, pages = page(client), [], []
    while True:
        read += shown(html)
        pages.append(shown(html))
        if link(html, "next") == "none":
            break
        html = page(client, link(html, "next"))
    assert read == refs
    assert [len(p) for p in pages] == [30, 30, 5]
    for expected in pages[1::-1]:
        html = page(client, link(html, "prev"))
        assert shown(html) == expected
    assert link(html, "prev") == "none"


def test_an_older_page_stays_as_it_is_while_entries_arrive(client: Client, blog: LiveBlog):
    refs = many(blog, 70)
    query = f"?before={refs[40]}"
    before = shown(page(client, query))
    many(blog, 40, first=100)
    html = page(client, query)
    assert shown(html) == before
    nearest = page(client, link(html, "prev"))
    assert shown(nearest)[-1] == refs[40]
    assert len(shown(nearest)) == 30


def test_an_entry_on_an_older_page_is_shown_where_it_stands(client: Client, blog: LiveBlog):
    refs = many(blog, 70)
    html = page(client, f"?at={refs[10]}")
    assert refs[10] in shown(html)
    assert refs[13] in shown(html)
    assert 'data-newer="true"' in html
    assert shown(page(client, f"?at={refs[69]}")) == shown(page(client)) == shown(page(client, "?at=e-222222"))


@pytest.mark.parametrize(
    ("query", "minutes"),
    [("?kind=breaking", [3, 1]), ("?tag=harbour", [2, 1]), ("?key=1", [3]), ("?kind=breaking&tag=harbour", [1]), ("?kind=quote", [])],
)
def test_filters_narrow_the_list_and_say_how_much_they_found(client: Client, blog: LiveBlog, query, minutes):
    made = {
        0: factories.published(blog, "Plain"),
        1: factories.published(blog, "One", minute=1, kind="breaking", tags=["Harbour"]),
        2: factories.published(blog, "Two", minute=2, tags=["Harbour", "Rescue"]),
        3: factories.published(blog, "Three", minute=3, kind="breaking", key_event=True),
    }
    html = page(client, query)
    assert shown(html) == [made[minute].ref for minute in minutes]
    said = {0: "Nothing found", 1: "1 entry found", 2: "2 entries found"}[len(minutes)]
    assert said in html
    assert "does not update by itself" in html
    assert "<live-feed" not in html
    assert 'content="noindex, follow"' in html
    assert ("Try fewer or other words" in html) == (not minutes)


def test_oldest_first_reads_on_to_the_newest(client: Client, blog: LiveBlog):
    refs = many(blog, 65)
    html = page(client, "?order=oldest")
    assert shown(html) == refs[:30]
    second = page(client, link(html, "next"))
    third = page(client, link(second, "next"))
    assert shown(second) + shown(third) == refs[30:]
    assert shown(page(client, link(third, "prev"))) == refs[30:60]
    assert shown(page(client, link(second, "prev"))) == refs[:30]
    assert "<live-feed" not in html


def test_a_filtered_list_is_paged_with_its_filter(client: Client, blog: LiveBlog):
    factories.published(blog, "The tag's first", minute=-1, tags=["Harbour"])
    wanted = many(blog, 35)
    Tag.objects.get().entries.add(*Entry.objects.filter(ref__in=wanted))
    wanted.insert(0, Entry.objects.order_by("order")[0].ref)
    many(blog, 5, first=200)
    html = page(client, "?order=oldest&tag=harbour&x=1")
    assert shown(html) == wanted[:30]
    assert link(html, "next") == f"?tag=harbour&order=oldest&after={wanted[29]}"
    assert shown(page(client, link(html, "next"))) == wanted[30:]


def test_a_search_finds_words_of_headline_text_caption_and_tag(client: Client, blog: LiveBlog):
    body = factories.published(blog, "One", blocks=[factories.paragraph("The lighthouse keeper <strong>waved</strong>.")])
    tagged = factories.published(blog, "Two", minute=1, tags=["Lighthouse"])
    factories.published(blog, "Three", minute=2)
    assert shown(page(client, "?q=LIGHTHOUSE")) == [tagged.ref, body.ref]
    assert shown(page(client, "?q=lighthouse+keeper")) == [body.ref]
    assert "Nothing found" in page(client, "?q=submarine")
    assert "“&lt;b&gt;”" in page(client, "?q=%3Cb%3E")


def test_postgresql_knows_the_forms_of_a_word_in_the_blogs_language(client: Client):
    blog = factories.blog(slug="story", language="de")
    entry = factories.published(blog, "Die Häuser am Hafen")
    expected = [entry.ref] if connection.vendor == "postgresql" else []
    assert shown(page(client, "?q=Haus")) == expected
    assert shown(page(client, "?q=h%C3%84user")) == [entry.ref]


def test_other_scripts_are_found(client: Client):
    blog = factories.blog(slug="story", language="ar")
    entry = factories.published(blog, "إغلاق الجسر", tags=["ميناء"])
    assert shown(page(client, "?q=%D8%A7%D9%84%D8%AC%D8%B3%D8%B1")) == [entry.ref]
    assert shown(page(client, "?tag=%D9%85%D9%8A%D9%86%D8%A7%D8%A1")) == [entry.ref]


@pytest.mark.parametrize("asked", ["'", '"', "a OR", "\\", "%", "-", "((", "a&b|!c", "\x00", "x" * 5000, "the", ":*", "<script>"])
def test_no_search_is_an_error(client: Client, blog: LiveBlog, asked: str):
    factories.published(blog)
    response = client.get("/live/story/", {"q": asked})
    assert response.status_code == 200
    assert "<script>" + asked not in response.content.decode()


def test_nothing_is_found_that_is_not_public(client: Client, blog: LiveBlog):
    chief = factories.chief_of(blog)
    public = factories.published(blog, f"Once {CANARY}", minute=1)
    words = factories.text("Now other words")
    edit_entry(actor=chief, entry=public, text=words, base_version=public.version, now=at(2))
    gone = factories.published(blog, f"Withdrawn {CANARY}", minute=3, kind="analysis", tags=[CANARY])
    withdraw_entry(actor=chief, entry=gone, reason="It was wrong.", now=at(4))
    secret = {"tags": [CANARY], "kind": "analysis"}
    factories.draft(blog, f"Draft {CANARY}", **secret)
    submit_entry(actor=chief, entry=factories.draft(blog, f"Submitted {CANARY}", **secret), base_version=1, now=at(1))
    schedule_entry(actor=chief, entry=factories.draft(blog, f"Planned {CANARY}", **secret), base_version=1, at=at(600), now=at(1))
    for query in (f"?q={CANARY}", f"?tag={CANARY}", "?kind=analysis", f"?order=oldest&q={CANARY}", f"?q={CANARY}&key=1"):
        html = page(client, query)
        assert shown(html) == [], query
        assert "Nothing found" in html, query
    for query in ("", "?order=oldest", "?kind=update", f"?at={gone.ref}", f"?before={gone.ref}", f"?after={gone.ref}"):
        assert CANARY not in page(client, query), query
    assert Entry.objects.filter(tags__slug=CANARY).count() == 4
    assert page(client, f"?tag={CANARY}").replace(CANARY, "y") == page(client, "?tag=neverwas").replace("neverwas", "y")


def test_a_withdrawn_tag_leaves_the_list_of_tags(client: Client, blog: LiveBlog):
    entry = factories.published(blog, tags=["Harbour"])
    assert '<option value="harbour">' in page(client)
    withdraw_entry(actor=factories.chief_of(blog), entry=entry, reason="It was wrong.", now=at(2))
    assert '<option value="harbour">' not in page(client)


def test_an_address_has_one_spelling_and_unknown_parameters_none():
    assert route_of("/live/a/", "x=1&kind=breaking&q=a++b&order=newest").query == "q=a+b&kind=breaking"
    assert route_of("/live/a/", "q=&kind=nonsense&tag=Not+a+slug&key=2&at=x").query == ""
    assert len(route_of("/live/a/", "q=" + "x" * 3000).query) <= 82


@pytest.mark.parametrize(("asked", "index"), [({}, "entry_feed"), ({"kind": "quote"}, "entry_kind"), ({"key": "1"}, "entry_key_events")])
def test_a_page_is_read_in_the_order_of_an_index(blog: LiveBlog, asked: dict[str, str], index: str):
    """Of ten thousand entries it reads thirty-one, and sorts none."""
    many(blog, 40)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    rows = selectors.wanted_entries(blog, wanted(asked)).order_by("-order")[:31]
    plan = rows.explain()
    assert index in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("query", ["", "?before={}", "?after={}", "?at={}", "?q=entry", "?tag=harbour&kind=update", "?order=oldest"])
def test_the_cost_of_a_page_does_not_grow_with_the_blog(client: Client, blog: LiveBlog, django_assert_max_num_queries, query):
    refs = many(blog, 80)
    factories.published(blog, tags=["Harbour"], key_event=True, minute=90)
    with django_assert_max_num_queries(6 if not query else 9):
        page(client, query.format(refs[40]))
