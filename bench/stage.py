"""What ours runs on: PostgreSQL and Redis of its own, a migrated database, blogs to publish on."""

from __future__ import annotations

import contextlib
import os
import resource
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.processes import PYTHON, ROOT
from tests.services import throwaway_postgres, throwaway_redis

DATABASE = "bench"


@dataclass(frozen=True, slots=True)
class Stage:
    """`environment` is what every process of ours gets; `folder` holds logs and the compiled generator, and goes at the end."""

    folder: Path
    postgres: str
    redis: str
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def database_url(self) -> str:
        return f"{self.postgres}/{DATABASE}"

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def manage(self, *arguments: str) -> None:
        """Runs a command of ours to its end; what it wrote is shown only if it fails."""
        done = subprocess.run(  # noqa: S603
            [PYTHON, *arguments], cwd=ROOT, env={**os.environ, **self.environment}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-2000:]}")

    def open_blogs(self, *slugs: str) -> None:
        self.manage("-m", "bench.blogs", *slugs)

    def postgres_pid(self) -> int:
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        return int((Path(row[0]) / "postmaster.pid").read_text().split()[0]) if row else 0

    def postgres_log(self) -> Path:
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        return Path(row[0]).parent / "log" if row else Path(os.devnull)


def raise_file_limit() -> None:
    """Ten thousand sockets a process: as many open files as the machine allows; children inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextlib.contextmanager
def ready() -> Iterator[Stage]:
    raise_file_limit()
    # Or what was started would outlive us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="liveblog-bench-")))
        postgres, redis = stack.enter_context(throwaway_postgres()), stack.enter_context(throwaway_redis())
        with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        environment = {
            "DATABASE_URL": f"{postgres}/{DATABASE}",
            "REDIS_URL": redis,
            "SECRET_KEY": secrets.token_urlsafe(64),
            "VAR_DIR": str(folder / "var"),
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "liveblog.settings",
            "DEBUG": "0",
        }
        stage = Stage(folder, postgres, redis, environment)
        stage.manage("manage.py", "migrate", "--verbosity", "0")
        stage.manage("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        yield stage
