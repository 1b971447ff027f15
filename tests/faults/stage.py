"""A site on loopback with everything it needs, for breaking: PostgreSQL, Redis and two servers, or one server on SQLite."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sqlite3
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.programs import Postgres, Redis, Server, manage
from tests.services import throwaway_folder

KEPT = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH"}


@dataclass
class Stage:
    folder: Path
    servers: list[Server]
    database: str = ""
    postgres: Postgres | None = None
    redis: Redis | None = None

    @property
    def bases(self) -> list[str]:
        return [server.url for server in self.servers]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Straight from the database, past the product. `%s` stands for a value."""
        if self.postgres:
            with psycopg.connect(f"{self.postgres.url}/{self.database}", connect_timeout=5) as connection:
                return connection.execute(query.encode(), values).fetchall()
        with contextlib.closing(sqlite3.connect(self.folder / "server0" / "liveblog.sqlite3", timeout=5)) as lite:
            return lite.execute(query.replace("%s", "?"), values).fetchall()

    def turn(self, **points: Any) -> int:
        """Sets fail-points in every server that runs; how many messages their layers have dropped so far."""
        return sum(post(f"{server.url}/door/points", points)["dropped"] for server in self.servers)

    def mend(self) -> None:
        """Starts again what is dead and puts all fail-points to rest."""
        for service in (self.postgres, self.redis):
            if service and not service.alive:
                service.start()
        dead = [server for server in self.servers if not server.alive]
        for server in dead:
            server.begin()
        for server in dead:
            server.wait()
        self.turn(drop=0, roll_back=0, die="")


def post(address: str, facts: dict[str, Any], *, seconds: float = 30) -> dict[str, Any]:
    request = urllib.request.Request(address, data=json.dumps(facts).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=seconds) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def site_environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "tests.faults.site.settings",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "SITE_URL": "http://localhost:8000",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "LOG_LEVEL": "WARNING",
        "EMBEDDED_WORKER": "1",
        **more,
    }


TEMPLATE = "liveblog"


@dataclass
class Services:
    """PostgreSQL with a migrated database, and Redis: shared by stages that come after one another.

    With a `…_port` servers reach that one there, through a proxy.
    """

    postgres: Postgres
    redis: Redis
    postgres_port: int = 0
    redis_port: int = 0

    def environment(self, database: str = TEMPLATE) -> dict[str, str]:
        return {
            "DATABASE_URL": f"{self.postgres.url_at(self.postgres_port)}/{database}",
            "REDIS_URL": self.redis.url_at(self.redis_port),
            "REDIS_PREFIX": database,
        }

    def new_database(self, template: str = TEMPLATE) -> str:
        """A migrated one that nobody else knows."""
        name = f"liveblog_{secrets.token_hex(4)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def run(self, statement: str) -> None:
        with psycopg.connect(f"{self.postgres.url}/postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextlib.contextmanager
def own_services() -> Iterator[Services]:
    with contextlib.ExitStack() as stack:
        postgres = Postgres(stack.enter_context(throwaway_folder(None)))
        stack.callback(postgres.kill)
        redis = Redis(stack.enter_context(throwaway_folder(None)))
        stack.callback(redis.kill)
        postgres.start()
        redis.start()
        services = Services(postgres, redis)
        services.run(f'CREATE DATABASE "{TEMPLATE}"')
        with throwaway_folder(None) as var:
            manage(site_environment(VAR_DIR=str(var), **services.environment()), "migrate", "--verbosity", "0")
        yield services


@contextlib.contextmanager
def two_servers(
    services: Services, *, send_buffer: int = 0, clocks: tuple[int, ...] = (0, 0), asgi: str = "daphne", **more: str
) -> Iterator[Stage]:
    """`clocks`: by how many seconds each server's is wrong. `more` is set in their environment."""
    database = services.new_database()
    with _servers(2, {**services.environment(database), **more}, send_buffer=send_buffer, clocks=clocks, asgi=asgi) as stage:
        stage.postgres, stage.redis, stage.database = services.postgres, services.redis, database
        yield stage


@contextlib.contextmanager
def one_embedded_server(**more: str) -> Iterator[Stage]:
    with _servers(1, more, migrate=True) as stage:
        yield stage


@contextlib.contextmanager
def _servers(
    count: int,
    environment: dict[str, str],
    *,
    migrate: bool = False,
    send_buffer: int = 0,
    clocks: tuple[int, ...] = (0,),
    asgi: str = "daphne",
) -> Iterator[Stage]:
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(throwaway_folder(None))
        shared = site_environment(**environment)
        servers = []
        for number in range(count):
            own = folder / f"server{number}"
            (own / "static").mkdir(parents=True)
            server = Server(own, {**shared, "VAR_DIR": str(own), "FAULT_CLOCK": str(clocks[number])}, send_buffer, asgi)
            if count == 1:
                server.environment["SITE_URL"] = server.url
            if migrate:
                manage(server.environment, "migrate", "--verbosity", "0")
            server.begin()
            stack.callback(server.kill)
            servers.append(server)
        for server in servers:
            server.wait()
        yield Stage(folder, servers)
