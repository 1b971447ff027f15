"""The programs of a run: each is ours alone, can be killed by its stored process, and comes back on the same port."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tests.services import HERE, Missing, answers_postgres, answers_redis, free_port, postgres_program
from tests.waiting import until

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Program:
    folder: Path
    user: str | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def launch(self, command: list[str], environment: dict[str, str] | None = None, *, hands_over: tuple[int, ...] = ()) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                user=self.user,
                cwd=self.folder,
                env=environment,
                pass_fds=hands_over,
            )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    def ended(self, seconds: float = 30) -> int:
        """Waits for its end; the exit code (negative: the signal's number)."""
        assert self.process
        return self.process.wait(seconds)

    def kill(self) -> None:
        if self.process and self.alive:
            self.process.kill()
            self.process.wait()

    def words(self) -> str:
        """The end of what it logged."""
        return (self.folder / "log").read_text(errors="replace")[-3000:]


class Postgres(Program):
    def __init__(self, folder: Path) -> None:
        # PostgreSQL refuses to run as root, and Debian's package brings an account for it.
        super().__init__(folder, "postgres" if os.geteuid() == 0 else None)
        initdb, server = postgres_program("initdb"), postgres_program("postgres")
        if not initdb or not server:
            raise Missing("PostgreSQL is not installed. Install it (Debian: apt-get install postgresql).")
        if self.user:
            shutil.chown(folder, self.user)
        self.server, self.data, self.port = server, folder / "data", free_port()
        subprocess.run(
            [initdb, "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True, capture_output=True, user=self.user, cwd=folder,
        )  # fmt: skip
        self.url = self.url_at(self.port)

    def url_at(self, port: int) -> str:
        """Its address where it is reached at that port; 0 is its own."""
        return f"postgresql://postgres@{HERE}:{port or self.port}"

    def start(self) -> None:
        facts = {
            "port": self.port,
            "listen_addresses": HERE,
            "unix_socket_directories": self.folder,
            "fsync": "off",
            # The judge counts from there.
            "track_commit_timestamp": "on",
            "max_connections": 120,
        }
        options = [part for name, value in facts.items() for part in ("-c", f"{name}={value}")]
        self.launch([self.server, "-D", str(self.data), *options])
        until(lambda: answers_postgres(self.url), seconds=60, what="PostgreSQL")

    def stop_at_once(self) -> None:
        """PostgreSQL's *immediate* shutdown: every backend quits, nothing is flushed, the next start recovers from the log."""
        self.signal(signal.SIGQUIT)
        self.ended()

    def copy(self, name: str) -> None:
        """Keeps the data as it is now, while stopped."""
        shutil.copytree(self.data, self.folder / name, copy_function=self._copy_owned)
        self._own(self.folder / name)

    def restore(self, name: str) -> None:
        shutil.rmtree(self.data)
        (self.folder / name).rename(self.data)

    def _copy_owned(self, source: str, target: str) -> str:
        return str(shutil.copy2(source, target))

    def _own(self, folder: Path) -> None:
        if self.user:
            for path in [folder, *folder.rglob("*")]:
                shutil.chown(path, self.user, self.user)


class Redis(Program):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        server = shutil.which("redis-server") or shutil.which("valkey-server")
        if not server:
            raise Missing("Redis is not installed. Install it (Debian: apt-get install redis-server).")
        self.server, self.port = server, free_port()
        self.url = self.url_at(self.port)

    def url_at(self, port: int) -> str:
        """Its address where it is reached at that port; 0 is its own."""
        return f"redis://{HERE}:{port or self.port}/0"

    def start(self) -> None:
        self.launch([self.server, "--port", str(self.port), "--bind", HERE, "--save", "", "--appendonly", "no", "--dir", str(self.folder)])
        until(lambda: answers_redis(self.url), seconds=30, what="Redis")


class Server(Program):
    """One `manage.py serve` with the settings of the suite, on `asgi` (daphne or uvicorn).

    With `send_buffer` the kernel holds no more than about that for a connection.
    """

    def __init__(self, folder: Path, environment: dict[str, str], send_buffer: int = 0, asgi: str = "daphne") -> None:
        super().__init__(folder)
        self.port = free_port()
        self.url = f"http://{HERE}:{self.port}"
        self.environment = environment
        self.send_buffer = send_buffer
        self.asgi = asgi

    def begin(self) -> None:
        command = [sys.executable, str(ROOT / "manage.py"), "serve", "--no-static", "--server", self.asgi]
        if not self.send_buffer:
            return self.launch([*command, "--port", str(self.port)], self.environment)
        # As a supervisor does: the socket is opened here, and every connection inherits what is set on it.
        with socket.create_server((HERE, self.port)) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.send_buffer)
            return self.launch([*command, "--fd", str(listener.fileno())], self.environment, hands_over=(listener.fileno(),))

    def wait(self) -> None:
        try:
            until(self.ready, seconds=90, what="the server's readiness")
        except (RuntimeError, TimeoutError) as error:
            raise RuntimeError(f"{error}. It said:\n{self.words()}") from error

    def start(self) -> None:
        self.begin()
        self.wait()

    def ready(self) -> bool:
        if not self.alive:
            raise RuntimeError("the server ended by itself")
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def manage(environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}"
