"""Processes that share Redis count tries together; without Redis each goes on by itself."""

from __future__ import annotations

import secrets
import subprocess
import sys

import pytest

from liveblog.counting import SharedOrOwnCache
from tests.services import Services
from tests.source import ROOT

# One try of a sign-in that may be made twice a minute, in a process of its own; says whether it was let through.
TRY = """
import sys
from django.conf import settings
settings.configure(
    CACHES={"default": {"BACKEND": "liveblog.counting.SharedOrOwnCache", "LOCATION": sys.argv[1], "KEY_PREFIX": sys.argv[2]}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"], TRUSTED_PROXY_COUNT=0,
)
import django
django.setup()
from django.test import RequestFactory
from allauth.core.internal import ratelimit
request = RequestFactory().post("/")
print(bool(ratelimit.consume(request, app="x", action="login", config={"login": "2/m/key"}, key="erik")))
"""


@pytest.mark.services
def test_two_processes_count_as_one(services: Services) -> None:
    prefix = f"test-{secrets.token_hex(6)}"
    command = [sys.executable, "-c", TRY, services.redis, prefix]
    said = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() for _ in range(3)]
    assert said == ["True", "True", "False"]
    other = [sys.executable, "-c", TRY, services.redis, f"{prefix}-other"]
    assert subprocess.run(other, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "True"


def test_without_redis_a_process_counts_alone() -> None:
    cache = SharedOrOwnCache("redis://127.0.0.1:1/0", {})
    assert cache.add("tries", 1)
    assert not cache.add("tries", 2)
    assert cache.get("tries") == 1
    cache.set("tries", 3)
    cache.delete("tries")
    assert cache.get("tries") is None
