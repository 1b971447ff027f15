"""PostgreSQL and Redis for a test run: those that answer on this machine, or throw-away ones from the installed programs.

`running()` yields the addresses and takes down only what it started. `Missing` says what to install.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from tests.waiting import until

HERE = "127.0.0.1"


class Missing(Exception):
    """A service is neither running nor installed. The message is a sentence for whoever runs the tests."""


@dataclass(frozen=True, slots=True)
class Services:
    """`postgres` is a server's address without a database, by an account that may create some; `redis` is complete."""

    postgres: str
    redis: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


def answers_postgres(address: str) -> bool:
    try:
        with psycopg.connect(f"{address}/postgres", connect_timeout=2, autocommit=True) as connection:
            row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
            return bool(row and row[0])
    except psycopg.OperationalError:
        return False


def answers_redis(address: str) -> bool:
    try:
        with redis.Redis.from_url(address, socket_connect_timeout=2, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def postgres_program(name: str) -> str | None:
    """Debian keeps the server's programs out of PATH, one directory a version: the newest is taken."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4].split(".")[0]))
    return str(versions[-1]) if versions else shutil.which(name)


@contextlib.contextmanager
def started(
    command: list[str], *, user: str | None, folder: Path, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that works in `folder` and writes to `log` there; ended, by force if need be, on the way out."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, user=user, cwd=folder, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(25)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def throwaway_folder(user: str | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="liveblog-service-"))
    if user:
        shutil.chown(folder, user)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def throwaway_postgres() -> Iterator[str]:
    initdb, server = postgres_program("initdb"), postgres_program("postgres")
    if not initdb or not server:
        raise Missing("PostgreSQL is neither running on port 5432 nor installed. Install it (Debian: apt-get install postgresql).")
    # PostgreSQL refuses to run as root, and Debian's package brings an account for it.
    user = "postgres" if os.geteuid() == 0 else None
    with throwaway_folder(user) as folder:
        data = folder / "data"
        subprocess.run(
            [initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True, capture_output=True, user=user, cwd=folder,
        )  # fmt: skip
        port = free_port()
        settings = ["-c", f"port={port}", "-c", f"listen_addresses={HERE}", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
        with started([server, "-D", str(data), *settings], user=user, folder=folder):
            address = f"postgresql://postgres@{HERE}:{port}"
            until(lambda: answers_postgres(address), seconds=30, what="the throw-away PostgreSQL")
            yield address


@contextlib.contextmanager
def throwaway_redis() -> Iterator[str]:
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    if not server:
        raise Missing("Redis is neither running on port 6379 nor installed. Install it (Debian: apt-get install redis-server).")
    with throwaway_folder(None) as folder:
        port = free_port()
        command = [server, "--port", str(port), "--bind", HERE, "--save", "", "--appendonly", "no", "--dir", str(folder)]
        with started(command, user=None, folder=folder):
            address = f"redis://{HERE}:{port}/0"
            until(lambda: answers_redis(address), seconds=15, what="the throw-away Redis")
            yield address


@contextlib.contextmanager
def running() -> Iterator[Services]:
    """Both services. TEST_POSTGRES_URL and TEST_REDIS_URL name others than the usual ports."""
    postgres = os.environ.get("TEST_POSTGRES_URL", f"postgresql://postgres@{HERE}:5432")
    bus = os.environ.get("TEST_REDIS_URL", f"redis://{HERE}:6379/0")
    with contextlib.ExitStack() as stack:
        if not answers_postgres(postgres):
            postgres = stack.enter_context(throwaway_postgres())
        if not answers_redis(bus):
            bus = stack.enter_context(throwaway_redis())
        yield Services(postgres, bus)


@contextlib.contextmanager
def database(services: Services, name: str) -> Iterator[str]:
    """An empty database, dropped at the end whoever is still connected. Yields its DATABASE_URL."""
    with psycopg.connect(f"{services.postgres}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{services.postgres}/{name}"
    finally:
        with psycopg.connect(f"{services.postgres}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
