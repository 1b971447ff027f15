"""The product's own settings, with a directory, a database and a channel of its own for each test process.

Only DATABASE_URL and REDIS_URL are taken from the environment: they are what the two runs of the suite differ in.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

FROM_OUTSIDE = (
    "SITE_URL",
    "SITE_NAME",
    "SITE_LANGUAGE",
    "ALLOWED_HOSTS",
    "DEBUG",
    "PORT",
    "MEDIA_ROOT",
    "PRIVATE_ROOT",
    "EMBEDDED_WORKER",
    "SSL_REDIRECT",
    "REQUIRE_TWO_FACTOR",
    "TRUSTED_PROXY_COUNT",
    "MAX_SOCKETS",
    "POLL_SECONDS",
)
for name in FROM_OUTSIDE:
    os.environ.pop(name, None)
# The process that reads this removes the directory when it ends: see pytest_unconfigure in conftest.py.
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="liveblog-test-")
os.environ["SECRET_KEY"] = secrets.token_urlsafe(48)
os.environ["REDIS_PREFIX"] = f"test-{secrets.token_hex(6)}"

from liveblog.settings import *  # noqa: E402, F403
from liveblog.settings import DATABASES, STORAGES, VAR_DIR  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in the product: threads of one in-memory database lock each other out in ways that a file never does.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(VAR_DIR) / "test.sqlite3")}
else:
    # Making and dropping whole databases takes longer than any statement of the product may. No test is about losing power, so none waits
    # for a disk.
    from liveblog import postgres

    OPTIONS = DATABASES["default"]["OPTIONS"]
    postgres.ANSWER_SECONDS = 61.0
    OPTIONS["options"] = OPTIONS["options"].replace("statement_timeout=5000", "statement_timeout=60000") + " -c synchronous_commit=off"

# The real one is slow by design, and a test signs in often.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}}
