from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.sanitise import MAX_BYTES, MAX_DEPTH, TEXT_TAGS, TooMuchMarkup, plain_text, sanitise_html, sanitise_inline


class Tags(HTMLParser):
    """Every tag and attribute that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def is_safe(html: str) -> bool:
    for tag, attributes in Tags(html).seen:
        if tag not in TEXT_TAGS or set(attributes) - {"href", "rel"}:
            return False
        href = attributes.get("href")
        if href is not None and not re.match(r"https?://|mailto:", href, re.IGNORECASE):
            return False
    return True


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p>Plain</p><script>alert(1)</script>", "<p>Plain</p>"),
        ('<p onclick="x()">Kept</p>', "<p>Kept</p>"),
        ('<p><a href="https://example.org/a?b=1&amp;c=2">Kept</a></p>', 'href="https://example.org/a?b=1&amp;c=2"'),
        ('<p><a href="javascript:alert(1)">Words</a></p>', "<p>Words</p>"),
        ('<p><a href="/admin/">Words</a></p>', "<p>Words</p>"),
        ("<p><b>Strong</b> <i>soft</i></p>", "<p><strong>Strong</strong> <em>soft</em></p>"),
        ("<h1>Large</h1>", "<h4>Large</h4>"),
        ("no paragraph", "<p>no paragraph</p>"),
        ("<p>Words</p><p> </p><p><br></p>", "<p>Words</p>"),
        ("<svg><style><img src=x onerror=alert(1)></style></svg><p>After</p>", "<p>After</p>"),
        ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
        ("<p>مرحبا</p>", "<p>مرحبا</p>"),
    ],
)
def test_scripts_go_and_words_and_links_stay(dirty: str, clean: str):
    assert clean in sanitise_html(dirty)
    assert is_safe(sanitise_html(dirty))


def test_a_list_item_keeps_inline_formatting_only():
    assert sanitise_inline("<p>A <strong>bold</strong>\n point</p><ul><li>x</li></ul>") == "A <strong>bold</strong> pointx"


MARKUP = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            ["<p>", "</p>", "<script>", "</script>", "<a href=", "'javascript:alert(1)'>", '"https://x.org">', "</a>", "<svg>", "<math>",
             "<img src=x onerror=alert(1)>", "<style>", "</style>", "<!--", "-->", "<b", ">", "<iframe srcdoc=", "&lt;script&gt;", "\x00",
             "<template>", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<div>", "<a\thref=java&#10;script:alert(1)>"]
        ),
    ),
    max_size=30,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(MARKUP)
def test_whatever_comes_in_nothing_unsafe_comes_out(dirty: str):
    clean = sanitise_html(dirty)
    assert is_safe(clean)
    assert is_safe(sanitise_inline(dirty))
    assert "<script" not in clean.lower()


@settings(max_examples=200, deadline=None)
@given(MARKUP)
def test_cleaning_twice_changes_nothing(dirty: str):
    once = sanitise_html(dirty)
    assert sanitise_html(once) == once


@pytest.mark.parametrize(
    "huge",
    [
        "<p>" + "x" * MAX_BYTES + "</p>",
        "<ul><li>" * (MAX_DEPTH + 1),
        "<ul/><li/>" * 3000,
        "<ul><li></b></b>" * 3000,
        "<sub/>" * 9000,
        '<a href="https://x.org">y</a>' * 501,
    ],
)
def test_what_would_take_the_cleaner_long_is_refused_with_a_sentence(huge: str):
    with pytest.raises(TooMuchMarkup) as refusal:
        sanitise_html(huge)
    assert str(refusal.value).endswith(".")


def test_a_long_text_within_the_bounds_is_kept_whole():
    words = "word " * 12_000
    assert plain_text(sanitise_html(f"<p>{words}</p>")) == words.strip()


def test_plain_text_reads_as_a_person_would():
    assert plain_text("<p>One</p><p>two &amp; three</p><ul><li>four</li></ul>") == "One two & three four"


def test_paragraphs_and_points_that_are_left_open_are_not_taken_for_depth():
    assert sanitise_html("<p>one" * 200).count("<p>") == 200
    assert sanitise_html("<ul>" + "<li>one" * 200 + "</ul>").count("<li>") == 200
