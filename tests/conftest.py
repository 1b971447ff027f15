from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.layers import channel_layers
from django.core.management.commands import flush
from django.db.backends.postgresql.base import DatabaseOperations as OnPostgreSQL
from django.db.backends.sqlite3.base import DatabaseOperations as OnSQLite
from xdist.scheduler import LoadScopeScheduling

from tests.services import Missing, Services, running

BROWSER = Path(__file__).parent / "browser"
# Tests under these share a whole site, servers, what takes seconds to fill in, or runs that go on beside one another: one worker has
# them all. (Never some that drive a browser: what is dealt out as one comes first, and those come last.)
TOGETHER = (
    "tests/topology/",
    "tests/bench/",
    "tests/faults/test_seeded_bugs.py",
    "tests/liveblog/test_server_frames.py",
    "tests/liveblog/test_server_requests.py",
    "tests/liveblog/test_server_site.py",
    "tests/liveblog/test_server_websocket.py",
    "tests/liveblog/test_server_writer.py",
    "tests/newsroom/test_demo.py",
)


class Together(LoadScopeScheduling):
    """Deals single tests out to the workers, except those that share something."""

    def _split_scope(self, nodeid: str) -> str:
        return next(filter(nodeid.startswith, TOGETHER), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


def missing(sentence: str) -> None:
    """Skips with what to install; where CI is set a missing service or browser is a failure."""
    if os.environ.get("CI"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright leaves an event loop running in its thread, and async tests cannot start one beside it."""
    for item in items:
        if BROWSER in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: BROWSER in item.path.parents)


# What migrations fill, and no test changes.
KEPT = {"django_content_type", "auth_permission"}
TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'newsroom_auditline'"


@pytest.fixture(scope="session", autouse=True)
def tables_that_can_be_emptied() -> Iterator[None]:
    """Between tests SQLite's tables are emptied by DELETE, which the audit refuses: its triggers step aside for the moment.

    PostgreSQL's are by TRUNCATE, which makes every file anew and takes a second: DELETE is done in milliseconds, where the role may pass
    triggers and foreign keys by.
    """
    on_sqlite, on_postgres = OnSQLite.sql_flush, OnPostgreSQL.sql_flush

    def emptied(tables: list[str]) -> list[str]:
        return [table for table in tables if table not in KEPT]

    def without_triggers(self: OnSQLite, style: Any, tables: list[str], **options: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            kept = cursor.execute(TRIGGERS).fetchall()
        statements = on_sqlite(self, style, emptied(tables), **options)
        return [*(f"DROP TRIGGER {name}" for name, _ in kept), *statements, *(sql for _, sql in kept)]

    def row_by_row(self: OnPostgreSQL, style: Any, tables: list[str], **options: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            superuser = cursor.execute("SHOW is_superuser").fetchone()[0] == "on"
        if not superuser or options["reset_sequences"]:
            return list(on_postgres(self, style, emptied(tables), **options))
        return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {self.quote_name(table)}" for table in emptied(tables))]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OnSQLite, "sql_flush", without_triggers)
        patch.setattr(OnPostgreSQL, "sql_flush", row_by_row)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_: None)
        yield


def pytest_unconfigure() -> None:
    var = Path(os.environ.get("VAR_DIR", ""))
    if var.parent == Path(tempfile.gettempdir()) and var.name.startswith("liveblog-test-"):
        shutil.rmtree(var, ignore_errors=True)


@pytest.fixture(autouse=True)
def a_layer_of_its_own() -> Iterator[None]:
    """No test hears what another one sent: the channel layer is made anew, in this test's own loop."""
    channel_layers.backends.clear()
    yield
    channel_layers.backends.clear()


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """PostgreSQL and Redis, whatever the suite itself runs on. Mark the test `services`."""
    try:
        with running() as found:
            yield found
    except Missing as lack:
        missing(str(lack))
