"""`changes` and `snapshot`: strict questions, cacheable answers, and a reset where the history is another one."""

from __future__ import annotations

import pytest
from django.test import Client

from newsroom.actions.pruning import CHANGES_KEPT, prune
from newsroom.models import Change, LiveBlog
from tests import factories
from tests.factories import at
from tests.readers import Page, shows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def blog() -> LiveBlog:
    blog = factories.blog()
    for minute in range(3):
        factories.published(blog, f"Entry {minute}", minute=minute)
    return blog


def token(blog: LiveBlog, seq: int) -> int:
    return Change.objects.get(blog=blog, seq=seq).token if seq else 0


def ask(client: Client, blog: LiveBlog, after: int, **instead: object):
    values = {"after": after, "epoch": blog.epoch, "token": token(blog, after)} | instead
    return client.get(f"/live/{blog.slug}/changes?" + "&".join(f"{name}={value}" for name, value in values.items()))


def test_it_tells_what_came_after_and_the_cursor_for_the_next_question(client, blog):
    answer = ask(client, blog, 1).json()
    assert [frame["seq"] for frame in answer["frames"]] == [2, 3]
    assert (answer["epoch"], answer["head"], answer["next"], answer["token"]) == (blog.epoch, 3, 3, token(blog, 3))


def test_at_the_head_there_is_nothing_to_tell(client, blog):
    answer = ask(client, blog, 3).json()
    assert (answer["frames"], answer["next"], answer["token"]) == ([], 3, token(blog, 3))


def test_how_often_to_ask_is_said_where_it_is_not_the_usual(client, blog, settings):
    assert "poll" not in ask(client, blog, 3).json()
    settings.POLL_SECONDS = 60
    assert ask(client, blog, 3).json()["poll"] == 60


@pytest.mark.parametrize("instead", [{"epoch": "aaaaaaaaaaaa"}, {"token": 12345}, {"after": 99, "token": 1}])
def test_a_cursor_of_another_history_is_reset(client, blog, instead):
    values = {"after": 1, "epoch": blog.epoch, "token": token(blog, 1)} | instead
    answer = client.get(f"/live/{blog.slug}/changes?after={values['after']}&epoch={values['epoch']}&token={values['token']}").json()
    assert answer["frames"] == [{"op": "reset", "head": answer["head"], "token": answer["token"]}]


def test_a_cursor_older_than_the_ledger_is_reset(client, blog):
    first = token(blog, 1)
    prune(now=at(0) + CHANGES_KEPT * 2)
    answer = client.get(f"/live/{blog.slug}/changes?after=1&epoch={blog.epoch}&token={first}").json()
    assert answer["frames"] == [{"op": "reset", "head": answer["head"], "token": answer["token"]}]
    assert ask(client, blog, 3).json()["frames"] == []


def test_a_number_that_is_not_here_yet_is_worth_waiting_for(client, blog):
    response = ask(client, blog, 3, want=4)
    assert (response.status_code, response["Retry-After"]) == (503, "1")
    assert ask(client, blog, 2, want=3).status_code == 200


@pytest.mark.parametrize(
    "query", ["", "after=1", "epoch=x&after=1", "after=-1&epoch=aaaaaaaaaaaa&token=0", "after=01&epoch=aaaaaaaaaaaa&token=0", "{good}&x=1"]
)
def test_any_other_question_is_refused(client, blog, query):
    good = f"after=1&epoch={blog.epoch}&token={token(blog, 1)}"
    response = client.get(f"/live/{blog.slug}/changes?{query.replace('{good}', good)}")
    assert response.status_code == 400
    assert client.get(f"/live/{blog.slug}/changes?{good}").status_code == 200


def test_answers_are_for_everyone_and_may_be_kept_two_seconds(client, blog):
    response = ask(client, blog, 1)
    assert response["Cache-Control"] == "public, max-age=2"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response
    assert "Cookie" not in response.get("Vary", "")


def test_a_snapshot_is_what_a_fresh_page_shows(client, blog):
    page = Page.of(client.get(f"/live/{blog.slug}/").content.decode())
    snapshot = Page.of(client.get(f"/live/{blog.slug}/snapshot").content.decode(), "live-snapshot")
    assert shows(page) == shows(snapshot)
    assert (page.seq, page.token, page.epoch) == (snapshot.seq, snapshot.token, snapshot.epoch)


def test_absent_and_not_public_are_the_same_answer(client, blog):
    hidden = factories.blog(state="draft")
    for tail in ("", "snapshot", f"changes?after=0&epoch={blog.epoch}&token=0"):
        absent = client.get(f"/live/never-was/{tail}")
        secret = client.get(f"/live/{hidden.slug}/{tail}")
        assert (absent.status_code, absent.content) == (404, secret.content)


def test_the_cost_of_a_catch_up_does_not_grow_with_what_was_missed(client, blog, django_assert_max_num_queries):
    for minute in range(3, 40):
        factories.published(blog, f"Entry {minute}", minute=minute)
    with django_assert_max_num_queries(5):
        ask_url = f"/live/{blog.slug}/changes?after=0&epoch={blog.epoch}&token=0"
        assert len(client.get(ask_url).json()["frames"]) == 40
