from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import pre_migrate

from liveblog import postgres

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no time limit for a statement."),
]


def limit(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


@pytest.fixture
def while_migrating(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """The time limits of the connection at the moment the migrations begin, with a statement that takes longer than the client waits."""
    monkeypatch.setattr(postgres, "ANSWER_SECONDS", 0.3)
    seen: list[tuple[str, str]] = []

    def look(**kwargs: Any) -> None:
        seen.append((limit("statement_timeout"), limit("lock_timeout")))
        if len(seen) == 1:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.4)")

    pre_migrate.connect(look, dispatch_uid="a test looks")
    yield seen
    pre_migrate.disconnect(dispatch_uid="a test looks")


def test_a_migration_takes_the_time_it_needs_but_waits_two_seconds_for_a_table(while_migrating: list[tuple[str, str]]) -> None:
    call_command("migrate", verbosity=0)
    assert while_migrating
    assert set(while_migrating) == {("0", "2s")}


def test_every_other_statement_of_the_process_keeps_its_limit(while_migrating: list[tuple[str, str]]) -> None:
    before = limit("statement_timeout")
    call_command("migrate", verbosity=0)
    assert limit("statement_timeout") == before != "0"
    assert not connection.connection.takes_its_time
