"""The compose file's site as processes on loopback: the same commands, the same environment and the same proxy configuration.

What differs is what Docker would have provided: host names, ports and paths. PostgreSQL comes from `tests.services`.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.browser.site import Desk, hand
from tests.services import HERE, Missing, Services, answers_redis, database, free_port, started, throwaway_folder
from tests.source import ROOT
from tests.topology import certificate, compose
from tests.topology.visitor import NAME, Reader, Visitor
from tests.waiting import until

# Said by the proxy to the web process, and by the health check.
AS_THE_PROXY = {"Host": NAME, "X-Forwarded-Proto": "https"}
PROXY_VARIABLE = re.compile(r"\$\{([A-Z_]+)\}")


def proxy_configuration(variables: dict[str, str]) -> str:
    """deploy/nginx.conf as the image's entry point renders it: names in capitals that the environment has."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    return PROXY_VARIABLE.sub(lambda found: variables.get(found[1], found[0]), text)


@dataclass(slots=True)
class Program:
    """A service that can be stopped and started again."""

    command: list[str]
    environment: dict[str, str]
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=ROOT, env=self.environment)

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end(self, *, by_force: bool = False, within: float = 30) -> int:
        """SIGTERM, or SIGKILL; the exit code."""
        assert self.process
        if by_force:
            self.process.kill()
        else:
            self.process.terminate()
        try:
            return self.process.wait(within)
        finally:
            self.process.kill()

    def said(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


@dataclass(slots=True)
class Web(Program):
    port: int = 0

    def is_ready(self) -> bool:
        if not self.runs:
            raise RuntimeError(f"a web process ended by itself:\n{self.said()[-3000:]}")
        try:
            with urllib.request.urlopen(
                urllib.request.Request(f"http://{HERE}:{self.port}/readyz", headers=AS_THE_PROXY), timeout=2
            ) as got:
                return bool(got.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


@dataclass(slots=True)
class Place:
    folder: Path
    services: dict[str, dict[str, Any]]
    webs: list[Web]
    worker: Program
    proxy: Program
    visitor: Visitor
    desk: Desk
    # Signed in as an editor: the proxy lets nobody try the sign-in too often.
    editor: Visitor = field(init=False)

    def open_blog(self) -> str:
        slug = f"story-{secrets.token_hex(4)}"
        self.desk("open_blog", slug=slug)
        return slug

    def mend(self) -> None:
        """Both web processes run, are ready, and are both asked by the proxy."""
        down = [web for web in self.webs if not web.runs]
        for web in down:
            web.start()
        for web in self.webs:
            until(web.is_ready, seconds=60, what="a web process")
        # One that did not answer is left alone for two seconds.
        for path in ("/healthz", "/admin/account/login/") if down else ():
            until(lambda path=path: self._asks_both(path), seconds=20, what="the proxy's trust in both processes")

    def _asks_both(self, path: str) -> bool:
        before = len(self.proxied(path))
        statuses = {self.visitor.ask(path).status for _ in self.webs}
        asked = until(lambda: len(found := self.proxied(path)) >= before + len(self.webs) and found, seconds=5, what="the proxy's log")
        return statuses == {200} and {web for _, web in asked[before:]} == {f"{HERE}:{web.port}" for web in self.webs}

    @contextlib.contextmanager
    def readers(self, slug: str, count: int) -> Iterator[list[Reader]]:
        with contextlib.ExitStack() as stack:
            found = []
            for _ in range(count):
                reader = Reader(self.visitor, slug)
                stack.callback(reader.close)
                found.append(reader)
            yield found

    def is_healthy(self, name: str, port: int = 0) -> bool:
        """What the service's own health check says, run as Docker would."""
        kind, *command = self.services[name]["healthcheck"]["test"]
        if kind == "CMD-SHELL":
            command = ["sh", "-c", *command]
        here = [word.replace("127.0.0.1:8000", f"{HERE}:{port}").replace("/tmp/pulse", str(self.folder / "pulse")) for word in command]
        here[0] = sys.executable if here[0] == "python" else here[0]
        return subprocess.run(here, env=self.worker.environment, capture_output=True, check=False).returncode == 0

    def proxied(self, path: str) -> list[tuple[str, str]]:
        """What the proxy's log says of the requests for this address: how the cache answered, and which web process was asked."""
        lines = [line for line in self.proxy.said().splitlines() if f'"{path}" ' in line]
        return [(found[1], found[2]) for line in lines if (found := re.search(r"cache=(\S+) web=(.+?) (?:\d{3}|-)[ ,]", line))]


def image_environment() -> dict[str, str]:
    """What the image sets for every service."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return dict(re.findall(r"(\w+)=(\S+)", "".join(re.findall(r"^ENV (.+)$", text, re.MULTILINE))))


def redis_server() -> str:
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise Missing("Redis is not installed. Install it (Debian: apt-get install redis-server).")
    return found


def nginx() -> str:
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if not found:
        raise Missing("nginx is not installed. Install it (Debian: apt-get install nginx-light).")
    return found


def example_values() -> dict[str, str]:
    """`.env` as somebody would fill it in for this machine."""
    made = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD")}
    return {**compose.example(), **made, "SITE_HOST": NAME}


def proxy_variables(service: dict[str, dict[str, str]], folder: Path, web_ports: list[int]) -> dict[str, str]:
    """The proxy's environment with this machine's ports and paths in the place of the container's."""
    servers = service["environment"]["WEB_SERVERS"].replace(" resolve", "")
    for number, port in enumerate(web_ports, 1):
        servers = servers.replace(f"web{number}:8000", f"{HERE}:{port}")
    places = {"RUN_DIR": "run", "CACHE_DIR": "cache", "CONFIG_DIR": "config", "TLS_DIR": "tls", "ACME_DIR": "acme", "FILES_DIR": "srv"}
    for name in places.values():
        (folder / name).mkdir(exist_ok=True)
    shutil.copy(ROOT / "deploy" / "trusted-proxies.conf", folder / "config")
    ours = {name: str(folder / place) for name, place in places.items()}
    ports = {"HTTP_PORT": f"{HERE}:{free_port()}", "HTTPS_PORT": f"{HERE}:{free_port()}", "RESOLVER": HERE}
    return {**service["environment"], **ours, **ports, "WEB_SERVERS": servers}


def site_environment(service: dict[str, dict[str, str]], folder: Path, *, database_url: str, redis_port: int) -> dict[str, str]:
    """A web process's or the worker's environment: the image's and the compose file's, with this machine's places."""
    paths = {"/data": "data", "/srv/media": "srv/media", "/app/collected": "collected"}
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH"}}
    image = {name: str(folder / paths[value]) for name, value in image_environment().items() if value in paths}
    return {
        **kept,
        **image,
        **service["environment"],
        "DJANGO_SETTINGS_MODULE": "liveblog.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": service["environment"]["REDIS_URL"].replace("redis:6379", f"{HERE}:{redis_port}"),
    }


def as_here(command: list[str], folder: Path, *more: str) -> list[str]:
    """A service's command on this machine."""
    ours = {
        "python": sys.executable,
        "0.0.0.0": HERE,
        "/app/collected/.": f"{folder}/collected/.",
        "/srv/static/": f"{folder}/srv/static/",
        "/tmp/pulse": str(folder / "pulse"),
    }
    return [ours.get(word, word) for word in command] + list(more)


def run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}"


@contextlib.contextmanager
def standing(found: Services) -> Iterator[Place]:
    values = example_values()
    services = compose.services(values)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(throwaway_folder(None))
        # The proxy's workers are somebody else and read files here.
        folder.chmod(0o755)
        for name in ("data", "srv/static", "srv/media", "redis", "web1", "web2", "worker", "proxy"):
            (folder / name).mkdir(parents=True)
        certificate.write(folder / "tls", NAME)

        redis_port = free_port()
        bus = [redis_server(), *services["redis"]["command"][1:], "--port", str(redis_port), "--bind", HERE, "--dir", str(folder / "redis")]
        stack.enter_context(started(bus, user=None, folder=folder / "redis"))
        url = stack.enter_context(database(found, f"liveblog_topology_{secrets.token_hex(4)}"))
        environment = site_environment(services["web1"], folder, database_url=url, redis_port=redis_port)
        until(lambda: answers_redis(environment["REDIS_URL"]), seconds=15, what="the bus")

        # Done by the image's build; here beside the migrations, to save the time.
        with subprocess.Popen(
            [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"], cwd=ROOT, env=environment
        ) as collecting:
            run(as_here(services["migrate"]["command"], folder), environment)
        assert collecting.returncode == 0
        run(as_here(services["assets"]["command"], folder), environment)

        webs = []
        for name in ("web1", "web2"):
            port = free_port()
            webs.append(Web(as_here(services[name]["command"], folder, "--port", str(port)), environment, folder / name, port=port))
        worker = Program(as_here(services["worker"]["command"], folder), environment, folder / "worker")
        variables = proxy_variables(services["proxy"], folder, [web.port for web in webs])
        configuration = folder / "run" / "nginx.conf"
        configuration.write_text(proxy_configuration(variables))
        proxy_command = [nginx(), *(str(configuration) if word == "/run/nginx.conf" else word for word in services["proxy"]["command"][1:])]
        proxy = Program(proxy_command, environment, folder / "proxy")

        for program in (*webs, worker, proxy):
            program.start()
            stack.callback(ended, program)
        desk = stack.enter_context(hand(environment))
        visitor = Visitor(int(variables["HTTPS_PORT"].split(":")[1]), str(folder / "tls" / "fullchain.pem"))
        place = Place(folder, services, webs, worker, proxy, visitor, desk)
        password = desk("people")["password"]
        place.mend()
        until((folder / "pulse").exists, seconds=60, what="the worker's first pulse")
        place.editor = Visitor(visitor.port, visitor.trust)
        place.editor.sign_in("editor", password)
        yield place


def ended(program: Program) -> None:
    if program.runs:
        program.end()
