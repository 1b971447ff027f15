from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.faults.report import Invalid, Report
from tests.faults.stage import Services, Stage, own_services, two_servers
from tests.services import Missing

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """They break machines of their own and measure time: beside other tests they would measure those, so they are picked by their mark."""
    full = os.environ.get("FAULTS") == "full"
    long = [item for item in items if item.path.parent == HERE and item.path.name.startswith("test_full_") and not full]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    for item in items:
        if HERE in item.path.parents and item.path.name not in {"test_judge.py", "test_reader.py"}:
            item.add_marker(pytest.mark.faults)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """A run whose machine was too busy is played once more; one that is invalid again has failed."""
    try:
        return (yield)
    except Invalid as busy:
        warnings.warn(f"This run is repeated: {busy}", stacklevel=1)
        stage = pyfuncitem.funcargs.get("stage")
        if isinstance(stage, Stage):
            stage.mend()
        pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames})
        return True


@pytest.fixture(scope="session")
def report() -> Iterator[Report]:
    """Where histories go, and a table of all figures at the end. FAULTS_DIR keeps them."""
    kept = os.environ.get("FAULTS_DIR")
    with tempfile.TemporaryDirectory(prefix="liveblog-faults-", ignore_cleanup_errors=True) as passing:
        report = Report(Path(kept or passing))
        yield report
        report.write()


@pytest.fixture(scope="session")
def own() -> Iterator[Services]:
    """A PostgreSQL and a Redis that are ours to kill."""
    try:
        with own_services() as services:
            yield services
    except Missing as lack:
        missing(str(lack))


@pytest.fixture(scope="session")
def two(own: Services) -> Iterator[Stage]:
    with two_servers(own) as stage:
        yield stage


@pytest.fixture
def stage(two: Stage) -> Iterator[Stage]:
    """Two servers, PostgreSQL and Redis, all of them well. What a test has broken is mended after it."""
    yield two
    two.mend()
