from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.conftest import missing
from tests.services import Missing, Services
from tests.topology.place import Place, standing


@pytest.fixture(scope="session")
def whole_site(services: Services) -> Iterator[Place]:
    """The site of the compose file. It is the same whatever the suite itself runs on, so one of the two runs is enough."""
    if os.environ.get("TEST_POSTGRES_URL") and not os.environ.get("REDIS_URL"):
        pytest.skip("Shown by the run on PostgreSQL and Redis.")
    try:
        with standing(services) as place:
            yield place
    except Missing as lack:
        missing(str(lack))


@pytest.fixture
def place(whole_site: Place) -> Place:
    """The site with both web processes up, whatever another test did to them."""
    whole_site.mend()
    return whole_site
