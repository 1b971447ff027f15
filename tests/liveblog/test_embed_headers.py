"""Who may frame the embed, what it may load, and that it holds nothing of the reader's."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from liveblog.embed.policy import embed_policy, own_origins
from tests import factories as make


def directives(policy: str) -> dict[str, list[str]]:
    return {words[0]: words[1:] for words in (part.split() for part in policy.split(";")) if words}


@pytest.fixture
def site(settings: Settings) -> Settings:
    settings.SITE_URL = "https://live.example.org"
    settings.ALLOWED_HOSTS = ["live.example.org"]
    return settings


def test_its_origin_is_opaque(site: Settings) -> None:
    sandbox = directives(embed_policy())["sandbox"]
    assert set(sandbox) == {"allow-scripts", "allow-popups", "allow-popups-to-escape-sandbox"}


def test_hosts_are_named_because_self_would_match_nothing(site: Settings) -> None:
    policy = directives(embed_policy())
    assert policy["script-src"] == policy["style-src"] == ["https://live.example.org"]
    assert policy["connect-src"] == ["https://live.example.org", "wss://live.example.org"]
    assert "'self'" not in embed_policy()


def test_all_that_is_not_named_is_forbidden(site: Settings) -> None:
    policy = directives(embed_policy())
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == ["'none'"]
    assert policy["require-trusted-types-for"] == ["'script'"]
    assert "unsafe" not in embed_policy()


def test_a_site_of_several_names_and_a_port_is_named_in_full(settings: Settings) -> None:
    settings.SITE_URL = "http://localhost:8000"
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", ".example.org"]
    assert own_origins() == ["http://localhost:8000", "http://127.0.0.1:8000", "http://*.example.org:8000"]


@pytest.mark.django_db
def test_any_site_may_frame_it_and_no_cookie_goes_with_it() -> None:
    answer = Client().get(f"/embed/{make.blog().slug}/", headers={"cookie": "sessionid=x"})
    assert directives(answer["Content-Security-Policy"])["frame-ancestors"] == ["*"]
    assert "X-Frame-Options" not in answer
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not answer.cookies


@pytest.mark.django_db
def test_the_page_itself_may_not_be_framed() -> None:
    answer = Client().get(f"/live/{make.blog().slug}/")
    assert directives(answer["Content-Security-Policy"])["frame-ancestors"] == ["'none'"]


@pytest.mark.django_db
def test_a_frame_of_an_opaque_origin_may_read_what_it_needs() -> None:
    blog = make.blog()
    query = f"after=0&epoch={blog.epoch}&token=0"
    for address in (f"/live/{blog.slug}/changes?{query}", f"/live/{blog.slug}/snapshot", "/embed.js"):
        answer = Client().get(address, headers={"origin": "null"})
        assert answer.status_code == 200
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_the_loader_is_a_script_that_is_kept_for_five_minutes() -> None:
    answer = Client().get("/embed.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert "max-age=300" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"/*")


def test_the_loader_weighs_little_and_calls_no_other_site() -> None:
    text = Client().get("/embed.js").content.decode()
    assert len(text) < 6000
    assert "http:" not in text
    assert "https:" not in text.replace('href="https:', "")
