from __future__ import annotations

import os

import pytest

from newsroom.models import LiveBlog
from tests import factories
from tests.newsroom.importing import REAL_PAGE

# A fresh clone has no such page and asks nothing of it; who says where one is (SHARED_DATA) is told if it is not there.
collect_ignore = [] if REAL_PAGE.exists() or os.environ.get("SHARED_DATA") else ["test_import_real_page.py"]


@pytest.fixture
def blog() -> LiveBlog:
    """A live blog without an entry."""
    return factories.blog()
