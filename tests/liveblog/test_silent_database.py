"""A database that takes what it is asked and says nothing, while its kernel answers for it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg_pool import ConnectionPool, PoolTimeout
from psycopg_pool.base import AttemptWithBackoff

from liveblog import environment, postgres
from tests.faults.proxy import Proxy, on_the_way
from tests.waiting import until

pytestmark = [pytest.mark.django_db, pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="PostgreSQL's client")]


@pytest.fixture
def line() -> Iterator[Proxy]:
    with on_the_way(int(connection.get_connection_params().get("port", 5432))) as proxy:
        yield proxy


def test_who_asks_is_given_an_error_and_the_connection_is_not_used_again(line: Proxy, monkeypatch: pytest.MonkeyPatch):
    facts = connection.get_connection_params()
    address = {name: facts[name] for name in ("dbname", "user", "password") if facts.get(name)}
    with postgres.Connection.connect(host="127.0.0.1", port=line.port, autocommit=True, **address) as asked:
        assert asked.execute("SELECT 1").fetchone() == (1,)
        monkeypatch.setattr(postgres, "ANSWER_SECONDS", 0.2)
        # At work and not silent: what it is asked may be refused, and the connection is good.
        with pytest.raises(psycopg.errors.DivisionByZero):
            asked.execute("SELECT 1/0")
        assert asked.execute("SELECT 2").fetchone() == (2,)
        line.silence(True)
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError):
            asked.execute("SELECT 3")
        assert time.monotonic() - began < 5
        assert asked.closed
        line.silence(False)
        with pytest.raises(psycopg.OperationalError, match="closed"):
            asked.execute("SELECT 4")


def test_every_connection_of_the_pool_is_one_of_these():
    assert isinstance(connection.connection, postgres.Connection)


def test_after_a_long_outage_a_process_is_connected_as_soon_as_after_a_short_one(monkeypatch: pytest.MonkeyPatch):
    """In a twentieth of the time: the database was away for half a minute, and is asked for all the while."""
    monkeypatch.setattr(AttemptWithBackoff, "INITIAL_DELAY", AttemptWithBackoff.INITIAL_DELAY / 20)

    class Refused(postgres.Connection):
        away = True

        @classmethod
        def connect(cls, *arguments: object, **facts: object) -> postgres.Connection:
            if cls.away:
                raise psycopg.OperationalError("connection refused")
            return super().connect(*arguments, **facts)

    options = {**environment.POOL_OPTIONS, "reconnect_timeout": environment.POOL_OPTIONS["reconnect_timeout"] / 20, "timeout": 0.02}
    with ConnectionPool(kwargs=connection.get_connection_params(), connection_class=Refused, open=True, **options) as pool:

        def connected() -> bool:
            try:
                with pool.connection():
                    return True
            except PoolTimeout:
                return False

        end = time.monotonic() + 1.7
        while time.monotonic() < end:
            assert not connected()
        Refused.away = False
        back = time.monotonic()
        until(connected, seconds=10, what="a connection")
    assert time.monotonic() - back < 1
