"""A configuration that is wrong, or half there, stops the start with a sentence that says what to set."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from channels_redis.utils import create_pool
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django.fixtures import Settings
from redis.asyncio import SSLConnection

from liveblog.bus import PubSubLayer
from liveblog.checks import (
    both_planes_are_guarded,
    directories_can_be_written,
    originals_are_out_of_reach,
    pool_fits_the_database,
    site_answers_to_its_own_name,
    site_is_served_over_tls,
    worker_is_heard,
)

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "k" * 50
DISTRIBUTED = {"DATABASE_URL": "postgresql://desk@db.example.org:5432/live", "REDIS_URL": "redis://bus.example.org:6379/0"}
OTHERS = ("SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "DEBUG", "PORT", "MEDIA_ROOT", "PRIVATE_ROOT", "EMBEDDED_WORKER", "REDIS_PREFIX")

Read = Callable[..., dict[str, Any]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Read:
    """The settings as they come out with this environment and no other."""

    def settings_with(**environment: str) -> dict[str, Any]:
        for name in (
            *DISTRIBUTED,
            "SECRET_KEY",
            "SITE_URL",
            "SITE_LANGUAGE",
            "ALLOWED_HOSTS",
            "DEBUG",
            "PORT",
            "MEDIA_ROOT",
            "EMBEDDED_WORKER",
            "REDIS_PREFIX",
            "MAX_SOCKETS",
            "POLL_SECONDS",
        ):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("VAR_DIR", str(tmp_path))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "liveblog" / "settings.py"))

    return settings_with


def test_with_nothing_set_the_embedded_default_runs(read: Read, tmp_path: Path) -> None:
    settings = read()
    assert settings["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"
    assert settings["CHANNEL_LAYERS"]["default"]["BACKEND"].endswith("InMemoryChannelLayer")
    assert settings["SITE_URL"] == "http://localhost:8000"
    assert settings["EMBEDDED_WORKER"] is True
    assert settings["DEBUG"] is False
    assert Path(settings["DATABASES"]["default"]["NAME"]).parent == tmp_path


def test_the_generated_key_is_kept_and_private(read: Read, tmp_path: Path) -> None:
    first = read()["SECRET_KEY"]
    assert len(first) >= 50
    assert read()["SECRET_KEY"] == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_with_both_addresses_the_same_code_runs_distributed(read: Read) -> None:
    settings = read(**DISTRIBUTED, SECRET_KEY=KEY)
    database = settings["DATABASES"]["default"]
    assert (database["ENGINE"], database["HOST"], database["NAME"]) == ("django.db.backends.postgresql", "db.example.org", "live")
    assert database["CONN_MAX_AGE"] == 0
    assert settings["EMBEDDED_WORKER"] is False


@pytest.mark.parametrize(("url", "tls"), [("redis://bus.example.org:6379/3", False), ("rediss://bus.example.org/3", True)])
def test_a_quiet_subscriber_is_never_timed_out(read: Read, url: str, tls: bool) -> None:
    config = read(**{**DISTRIBUTED, "REDIS_URL": url}, SECRET_KEY=KEY)["CHANNEL_LAYERS"]["default"]["CONFIG"]
    (host,) = PubSubLayer(**config)._kwargs["hosts"]
    connection = create_pool(host).make_connection()
    assert (connection.host, connection.db, connection.socket_timeout) == ("bus.example.org", 3, None)
    assert isinstance(connection, SSLConnection) is tls


def test_two_sites_may_share_one_redis(read: Read) -> None:
    config = read(**DISTRIBUTED, SECRET_KEY=KEY, REDIS_PREFIX="sport")["CHANNEL_LAYERS"]["default"]["CONFIG"]
    assert config["prefix"] == "sport"


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"PORT": "http"}, "PORT='http' is not a port"),
        ({"TRUSTED_PROXY_COUNT": "-1"}, "TRUSTED_PROXY_COUNT='-1' is no number of proxies"),
        ({"PORT": "70000"}, "Set it to a number from 1 to 65535"),
        ({"MAX_SOCKETS": "0"}, "MAX_SOCKETS='0' is no number of sockets"),
        ({"POLL_SECONDS": "4000"}, "POLL_SECONDS='4000' is no pause"),
        ({"SITE_LANGUAGE": "tlh"}, "Set it to one of en, de, fr, es, ar, fa"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL='LOUD' is no level"),
        ({"VAR_DIR": "/proc/x"}, "VAR_DIR=/proc/x cannot be used"),
        ({"DEBUG": "perhaps"}, "DEBUG='perhaps' is neither yes nor no"),
        ({"SITE_URL": "live.example.org"}, "SITE_URL='live.example.org' is not a site's address"),
        ({"SITE_URL": "https://example.org/live"}, "without a path"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 32 characters"),
        ({"DATABASE_URL": "mysql://db/live", "SECRET_KEY": KEY}, "DATABASE_URL begins with 'mysql'"),
        ({"DATABASE_URL": "postgresql://db.example.org", "SECRET_KEY": KEY}, "DATABASE_URL names no database"),
        ({**DISTRIBUTED, "REDIS_URL": "bus.example.org:6379", "SECRET_KEY": KEY}, "is not a Redis address"),
        (DISTRIBUTED, "SECRET_KEY is not"),
        ({"REDIS_URL": DISTRIBUTED["REDIS_URL"], "SECRET_KEY": KEY}, "REDIS_URL is set but DATABASE_URL is not"),
        ({"ALLOWED_HOSTS": "*"}, "Name the hosts"),
    ],
)
def test_what_is_wrong_is_refused_with_what_to_set(read: Read, environment: dict[str, str], told: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read(**environment)
    assert told in str(refused.value)


def test_a_command_ends_with_the_sentence_and_no_traceback(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "PORT": "door"}
    ended = subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "PORT='door' is not a port" in ended.stderr
    assert "Traceback" not in ended.stderr


def ids(messages: list[checks.CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def test_a_good_configuration_passes_every_check(settings: Settings) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://live.example.org", ["live.example.org"]
    every = (directories_can_be_written, originals_are_out_of_reach, both_planes_are_guarded, site_answers_to_its_own_name)
    assert [fault for check in (*every, site_is_served_over_tls, worker_is_heard) for fault in check(None)] == []


def test_the_checks_are_registered() -> None:
    registered = checks.registry.registry.get_checks(include_deployment_checks=True)
    assert {directories_can_be_written, site_is_served_over_tls, pool_fits_the_database} <= set(registered)


def test_a_directory_that_cannot_be_made_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    (fault,) = directories_can_be_written(None)
    assert fault.id == "liveblog.E001"
    assert "MEDIA_ROOT" in fault.msg


def test_originals_inside_the_served_directory_are_refused(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.PRIVATE_ROOT = tmp_path / "private"
    assert ids(originals_are_out_of_reach(None)) == ["liveblog.E002"]


def test_originals_beside_the_served_directory_are_fine(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "media-private"
    assert originals_are_out_of_reach(None) == []


@pytest.mark.parametrize("name", ["liveblog.middleware.Csrf", "liveblog.middleware.Sessions", "liveblog.security.SecurityHeaders"])
def test_a_plane_without_its_guard_is_refused(settings: Settings, name: str) -> None:
    settings.MIDDLEWARE = [middleware for middleware in settings.MIDDLEWARE if middleware != name]
    (fault,) = both_planes_are_guarded(None)
    assert name in fault.msg


def test_a_site_that_would_refuse_its_own_name_is_refused(settings: Settings) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://live.example.org", ["example.org"]
    assert ids(site_answers_to_its_own_name(None)) == ["liveblog.E004"]
    settings.ALLOWED_HOSTS = [".example.org"]
    assert site_answers_to_its_own_name(None) == []


def test_a_deployed_site_is_https(settings: Settings) -> None:
    settings.SITE_URL = "http://live.example.org"
    assert ids(site_is_served_over_tls(None)) == ["liveblog.E005"]
    settings.SITE_URL = "https://live.example.org"
    assert site_is_served_over_tls(None) == []


def test_a_worker_that_no_reader_s_process_hears_is_pointed_out(settings: Settings) -> None:
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    settings.EMBEDDED_WORKER = False
    assert ids(worker_is_heard(None)) == ["liveblog.W006"]
    settings.EMBEDDED_WORKER = True
    assert worker_is_heard(None) == []


@pytest.mark.django_db
def test_a_pool_larger_than_the_database_is_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor != "postgresql":
        assert "pool" not in options
        assert pool_fits_the_database(None, databases=["default"]) == []
        return
    monkeypatch.setitem(options, "pool", {"max_size": 2})
    assert pool_fits_the_database(None, databases=["default"]) == []
    monkeypatch.setitem(options, "pool", {"max_size": 100_000})
    assert ids(pool_fits_the_database(None, databases=["default"])) == ["liveblog.W007"]


def test_whose_players_are_let_in_is_a_list_of_known_names(read: Read) -> None:
    assert read(EMBED_PLAYERS="youtube, vimeo")["EMBED_PLAYERS"] == ["youtube", "vimeo"]
    assert "youtube" in read(EMBED_PLAYERS="")["EMBED_PLAYERS"]
    assert read(EMBED_PLAYERS="none")["EMBED_PLAYERS"] == []
    with pytest.raises(ImproperlyConfigured, match="myspace"):
        read(EMBED_PLAYERS="youtube,myspace")
