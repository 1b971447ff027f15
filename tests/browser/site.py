"""A whole site for browser tests: its own directory and database, a real server process, and a hand at the desk."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.services import Services, database, free_port, started
from tests.waiting import until

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Desk:
    """Does at the desk what a test asks, in another process: `desk("publish", blog="x", headline="…")["ref"]`. Verbs: hand.py."""

    process: subprocess.Popen[str]

    def __call__(self, verb: str, **arguments: Any) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"verb": verb, **arguments}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the hand at the desk is gone; its last words are above"
        answer: dict[str, Any] = json.loads(line)
        assert "ok" in answer, answer
        done: dict[str, Any] = answer["ok"]
        return done


@dataclass(slots=True)
class Server:
    """The site's one server process: killed without a word, and started again on the same port."""

    start: Callable[[], subprocess.Popen[bytes]] = field(repr=False)
    process: subprocess.Popen[bytes] | None = None

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def again(self) -> None:
        self.process = self.start()


@dataclass(frozen=True, slots=True)
class Site:
    """`url` has no slash at its end. People: admin, chief, editor, contributor, all with `password`."""

    url: str
    desk: Desk
    password: str
    environment: dict[str, str] = field(repr=False)
    server: Server = field(repr=False)

    def manage(self, *arguments: str, typed: str = "") -> str:
        """Runs a management command on this site and returns what it printed. `typed` is what it is told where it asks."""
        return manage(self.environment, *arguments, typed=typed)


def manage(environment: dict[str, str], *arguments: str, typed: str = "") -> str:
    # In a session of its own: a command that asks for a password would otherwise ask the terminal of whoever runs the tests.
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == 0, f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def ready(url: str, process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"the server ended by itself with {process.returncode}")
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@contextlib.contextmanager
def hand(environment: dict[str, str]) -> Iterator[Desk]:
    command = [sys.executable, "-m", "tests.browser.hand"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Desk(process)
        assert process.stdin
        process.stdin.close()


@contextlib.contextmanager
def serve(services: Services | None, server: str = "daphne") -> Iterator[Site]:
    """Migrates, fills in the people and serves. With `services` on PostgreSQL and Redis, otherwise embedded."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH"}}
    with contextlib.ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="liveblog-site-", ignore_cleanup_errors=True)))
        environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "liveblog.settings",
            "VAR_DIR": str(var),
            "PORT": str(port),
            "SITE_URL": url,
            "SECRET_KEY": secrets.token_urlsafe(48),
        }
        if services:
            environment["DATABASE_URL"] = stack.enter_context(database(services, f"liveblog_site_{secrets.token_hex(4)}"))
            environment["REDIS_URL"] = services.redis
            environment["REDIS_PREFIX"] = f"site-{secrets.token_hex(6)}"
            environment["EMBEDDED_WORKER"] = "1"
        manage(environment, "migrate", "--verbosity", "0")
        desk = stack.enter_context(hand(environment))
        password = desk("people")["password"]
        command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port), "--server", server]

        def start() -> subprocess.Popen[bytes]:
            process = stack.enter_context(started(command, user=None, folder=var, environment=environment))
            try:
                until(lambda: ready(url, process), seconds=150, what="the server's readiness")
            except (RuntimeError, TimeoutError) as error:
                raise RuntimeError(f"{error}. It said:\n{(var / 'log').read_text()[-4000:]}") from error
            return process

        running = Server(start)
        running.again()
        yield Site(url, desk, password, environment, running)
