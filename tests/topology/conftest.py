from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import missing
from tests.services import Missing, Services
from tests.topology.place import Place, standing


@pytest.fixture(scope="session")
def whole_site(services: Services) -> Iterator[Place]:
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
