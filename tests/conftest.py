from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.layers import channel_layers
from django.db.backends.sqlite3.base import DatabaseOperations
from xdist.scheduler import LoadScopeScheduling

from tests.services import Missing, Services, running

BROWSER = Path(__file__).parent / "browser"
# Tests under these share a whole site, or runs that go on beside one another, so one worker has them all.
ONE_SITE = ("tests/topology/", "tests/faults/test_seeded_bugs.py")


class Together(LoadScopeScheduling):
    """Deals single tests out to the workers, except those that share a site."""

    def _split_scope(self, nodeid: str) -> str:
        return next(filter(nodeid.startswith, ONE_SITE), nodeid)


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


TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'newsroom_auditline'"


@pytest.fixture(scope="session", autouse=True)
def tables_that_can_be_emptied() -> Iterator[None]:
    """Between tests SQLite's tables are emptied by DELETE, which the audit refuses; PostgreSQL truncates them."""
    plain = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, *args: Any, **options: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            kept = cursor.execute(TRIGGERS).fetchall()
        return [*(f"DROP TRIGGER {name}" for name, _ in kept), *plain(self, *args, **options), *(sql for _, sql in kept)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
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
