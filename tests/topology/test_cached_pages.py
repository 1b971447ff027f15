"""What the proxy keeps, for how long, and what it must never keep."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.topology.place import Place
from tests.waiting import until

REF = "e-7f3k9q"


def feeds_of(slug: str) -> list[str]:
    return [f"/live/{slug}/feed.{form}" for form in ("atom", "rss", "json")]


def test_a_page_is_asked_for_once_however_many_come_at_once(place: Place) -> None:
    slug = place.open_blog()
    path = f"/live/{slug}/"
    with ThreadPoolExecutor(30) as crowd:
        answers = list(crowd.map(lambda _: place.visitor.ask(path), range(30)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    until(lambda: len(place.proxied(path)) == 30, seconds=5, what="the proxy's log of thirty requests")
    assert [cache for cache, _ in place.proxied(path)].count("MISS") == 1


def test_a_kept_page_is_a_few_seconds_old_at_most(place: Place) -> None:
    slug = place.open_blog()
    assert "Bridge closed" not in place.visitor.ask(f"/live/{slug}/").text
    place.desk("publish", blog=slug, headline="Bridge closed")
    # Three seconds kept, five more while a fresh one is fetched.
    until(lambda: "Bridge closed" in place.visitor.ask(f"/live/{slug}/").text, seconds=9, what="the fresh page")


def test_a_withdrawn_text_is_out_of_the_kept_pages_within_ten_seconds(place: Place) -> None:
    slug = place.open_blog()
    ref = place.desk("publish", blog=slug, headline="Not for print")["ref"]
    pages = [f"/live/{slug}/", f"/live/{slug}/{ref}/", f"/embed/{slug}/", f"/live/{slug}/snapshot", *feeds_of(slug)]
    for page in pages:
        assert "Not for print" in place.visitor.ask(page).text
    place.desk("withdraw", ref=ref)
    for page in pages:
        until(lambda page=page: "Not for print" not in place.visitor.ask(page).text, seconds=10, what=f"{page} without the text")


def test_what_is_withdrawn_without_a_notice_is_as_quickly_gone(place: Place) -> None:
    """The page of the entry itself is a 404 then, and that no failure of the site."""
    slug = place.open_blog()
    ref = place.desk("publish", blog=slug, headline="Not for print")["ref"]
    page = f"/live/{slug}/{ref}/"
    assert "Not for print" in place.visitor.ask(page).text
    place.desk("withdraw", ref=ref, notice=False)
    until(lambda: place.visitor.ask(page).status == 404, seconds=10, what="the page's absence")


@pytest.mark.parametrize(
    ("address", "same", "other"),
    [
        ("/live/{}/", "?utm_source=x", f"?before={REF}"),
        ("/live/{}/", "?before=<script>", f"?x=1&before={REF}"),
        ("/live/{}/", "?at=nowhere&order=newest&key=2", f"?at={REF}"),
        ("/live/{}/?kind=breaking", "&x=1", "&order=oldest"),
        ("/live/{}/?q=bridge&tag=harbour", "&kind=NONE", "&key=1"),
        ("/embed/{}/", "?limit=21&theme=auto", "?theme=dark"),
        ("/embed/{}/?theme=dark&limit=5", "&x=1", "&theme=light"),
    ],
)
def test_a_made_up_parameter_makes_no_copy_of_a_page_and_a_real_one_does(place: Place, address: str, same: str, other: str) -> None:
    slug = place.open_blog()
    address = address.format(slug)
    path = address.split("?")[0]
    place.visitor.ask(address)
    place.visitor.ask(address + same)
    if other != "&theme=light":
        place.visitor.ask(address + other)
    else:
        place.visitor.ask(f"{path}?theme=light&limit=5")
    until(lambda: len(place.proxied(path)) == 3, seconds=5, what="the proxy's log")
    assert [cache for cache, _ in place.proxied(path)] == ["MISS", "HIT", "MISS"]


def test_a_feed_has_one_copy_whatever_is_added_to_its_address(place: Place) -> None:
    for path in feeds_of(place.open_blog()):
        for query in ("", "?utm_source=x", "?before=e-7f3k9q"):
            assert place.visitor.ask(path + query).status == 200
        until(lambda path=path: len(place.proxied(path)) == 3, seconds=5, what="the proxy's log")
        assert [cache for cache, _ in place.proxied(path)] == ["MISS", "HIT", "HIT"]


def test_no_spelling_of_a_parameter_puts_another_page_in_the_place_of_one(place: Place) -> None:
    """Django reads `%62efore` as `before` and takes the last of two; a proxy that did not would keep the answer under the wrong name."""
    slug = place.open_blog()
    first = place.desk("publish", blog=slug, headline="The first of two")["ref"]
    second = place.desk("publish", blog=slug, headline="The second of two")["ref"]
    path = f"/live/{slug}/"
    for spelling in (f"?%62efore={second}", f"?before=&before={second}", f"?before={first}&before={second}"):
        place.visitor.ask(path + spelling)
    page = place.visitor.ask(path).text
    assert "The first of two" in page
    assert "The second of two" in page
    assert "The first of two" not in place.visitor.ask(f"{path}?before={first}").text


@pytest.mark.parametrize("query", ["?after=0&epoch={epoch}&token=0", ""])
@pytest.mark.parametrize(
    "spelling", ["//live/{}/{}", "/live/{}//{}", "/x/../live/{}/{}", "/./live/{}/{}", "/live/{}%2F/{}", "/live/{}/{}#"]
)
def test_no_spelling_of_an_address_puts_an_absence_in_the_place_of_an_answer(place: Place, spelling: str, query: str) -> None:
    """A page that is told 404 follows its blog no more."""
    slug = place.open_blog()
    query = query.format(epoch=place.visitor.ask(f"/live/{slug}/snapshot").text.partition('data-epoch="')[2][:12])
    name = "changes" if query else "snapshot"
    for _ in range(2):
        place.visitor.ask(spelling.format(slug, name) + query)
    assert place.visitor.ask(f"/live/{slug}/{name}{query}").status == 200


@pytest.mark.parametrize(
    "path", ["/live/{}/changes?after=0&epoch=epochaaaaaaa&token=0", "/live/{}/?before=e-7f3k9q", "/embed/{}/?limit=10"]
)
def test_nor_does_a_question_mark_that_is_part_of_a_path(place: Place, path: str) -> None:
    path = path.format(place.open_blog())
    assert place.visitor.ask(path.replace("?", "%3F")).status == 404
    assert place.visitor.ask(path).status == 200


def test_the_desk_and_the_health_of_a_process_are_never_kept(place: Place) -> None:
    for path in ("/admin/account/login/", "/healthz", "/readyz"):
        place.visitor.ask(path)
        answer = place.visitor.ask(path)
        assert answer.status == 200
        assert "no-store" in answer.headers["Cache-Control"]
        until(lambda path=path: len(place.proxied(path)) > 1, seconds=5, what="the proxy's log")
        assert {cache for cache, _ in place.proxied(path)} == {"-"}


def test_a_refusal_is_not_kept(place: Place) -> None:
    path = f"/live/{place.open_blog()}/changes"
    assert [place.visitor.ask(f"{path}?after=x").status for _ in range(2)] == [400, 400]
    until(lambda: len(place.proxied(path)) == 2, seconds=5, what="the proxy's log")
    assert {web for _, web in place.proxied(path)} != {"-"}
    assert [cache for cache, _ in place.proxied(path)] == ["MISS", "MISS"]


def test_a_page_knows_nothing_of_who_asks(place: Place) -> None:
    slug = place.open_blog()
    plain = place.visitor.ask(f"/live/{slug}/")
    dressed = place.editor.ask(
        f"/live/{slug}/", headers={"Authorization": "Bearer x", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    )
    assert plain.body == dressed.body
    assert dressed.headers.get_all("Set-Cookie") is None


@pytest.mark.parametrize(
    ("encodings", "given"),
    [
        ("br, gzip", "br"),
        ("gzip;q=1.0", "gzip"),
        ("identity", None),
        ("zstd", None),
        ("gzip, br;q=0", "gzip"),
        ("br ; q=0.0, gzip", "gzip"),
        ("br;q=0.5", "br"),
        ("gzip;q=0, br;q=0.000", None),
    ],
)
def test_each_reader_gets_an_encoding_he_named(place: Place, encodings: str, given: str | None) -> None:
    slug = f"{place.open_blog()}"
    answer = place.visitor.ask(f"/live/{slug}/", headers={"Accept-Encoding": encodings})
    said = answer.headers.get("Content-Encoding")
    assert said == given
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_page_that_is_held_is_not_sent_again(place: Place) -> None:
    slug = place.open_blog()
    tag = place.visitor.ask(f"/live/{slug}/").headers["ETag"]
    again = place.visitor.ask(f"/live/{slug}/", headers={"If-None-Match": tag})
    assert (again.status, again.body) == (304, b"")
    assert place.visitor.ask(f"/live/{slug}/", headers={"If-None-Match": f'"{secrets.token_hex(8)}"'}).status == 200
