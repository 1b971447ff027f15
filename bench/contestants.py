"""The servers that are measured, each started fresh and given up after its run: ours, the tutorial's way, and nginx with nchan."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import resource
import shutil
import string
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from bench.generator import Target
from bench.processes import PYTHON, started
from bench.stage import Stage
from tests.services import free_port

SLUG = "bench"
SOCKET = f"/ws/live/{SLUG}/"
NGINX_MODULES = Path("/usr/lib/nginx/modules")

Contestant = Callable[[Stage], AbstractContextManager[Target]]


class Missing(Exception):
    """A contestant's program is not installed. The message says what to install."""


def have_uvicorn() -> bool:
    return importlib.util.find_spec("uvicorn") is not None


@contextlib.contextmanager
def our_server(stage: Stage, server: str = "daphne", *, environment: dict[str, str] | None = None) -> Iterator[tuple[int, int]]:
    """`manage.py serve`; yields its port and process id."""
    port = free_port()
    command = [PYTHON, "manage.py", "serve", "--port", str(port), "--no-static"]
    if server != "daphne":
        if not have_uvicorn():
            raise Missing("uvicorn is not installed (pip install uvicorn).")
        command += ["--server", server]
    with started(command, port=port, log=stage.log(f"{server}-{port}"), environment={**stage.environment, **(environment or {})}) as pid:
        yield port, pid


@contextlib.contextmanager
def our_writer(stage: Stage, *, environment: dict[str, str] | None = None) -> Iterator[tuple[int, int]]:
    """The process that publishes through the actions; yields its port and process id."""
    port = free_port()
    command = [PYTHON, "-m", "bench.writer", str(port)]
    with started(command, port=port, log=stage.log("writer"), environment={**stage.environment, **(environment or {})}) as pid:
        yield port, pid


def ours(server: str = "daphne", *, processes: int = 1, environment: dict[str, str] | None = None) -> Contestant:
    @contextlib.contextmanager
    def contestant(stage: Stage) -> Iterator[Target]:
        with contextlib.ExitStack() as stack:
            servers = [stack.enter_context(our_server(stage, server, environment=environment)) for _ in range(processes)]
            port, _ = stack.enter_context(our_writer(stage, environment=environment))
            yield Target(
                ports=[port for port, _ in servers],
                socket_path=SOCKET,
                publish_port=port,
                publish_path=f"/{SLUG}",
                pids=[pid for _, pid in servers],
                greets=True,
                together_path=f"/{SLUG}/together",
                around=_around(port),
            )

    return contestant


def _around(port: int) -> int:
    """How many bytes of a frame are not the posted words: the entry's markup and the frame's keys."""
    words = "a" * 500
    return int(post(port, f"/{SLUG}/size", words)["Frame-Bytes"]) - len(words)


def post(port: int, path: str, body: str) -> dict[str, str]:
    """Publishes through a writer's door; returns what its answer says."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body.encode(), method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return dict(answer.headers)


def _stock_command(server: str, port: int) -> list[str]:
    application = "bench.baselines.asgi:application"
    if server == "daphne":
        return [PYTHON, "-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port), application]
    if not have_uvicorn():
        raise Missing("uvicorn is not installed (pip install uvicorn).")
    return [PYTHON, "-m", "uvicorn", "--port", str(port), "--no-access-log", "--log-level", "warning", application]


@contextlib.contextmanager
def stock_server(stage: Stage, server: str = "daphne", *, templates: Path | None = None) -> Iterator[tuple[int, int]]:
    """The stock project of bench/baselines; yields its port and process id. `templates` holds the page that it caches."""
    port = free_port()
    environment = {**stage.environment, "DJANGO_SETTINGS_MODULE": "bench.baselines.settings"}
    if templates:
        environment["BENCH_TEMPLATES"] = str(templates)
    with started(_stock_command(server, port), port=port, log=stage.log(f"stock-{server}"), environment=environment) as pid:
        yield port, pid


def tutorial(server: str = "daphne") -> Contestant:
    @contextlib.contextmanager
    def contestant(stage: Stage) -> Iterator[Target]:
        door = free_port()
        command = [PYTHON, "-m", "bench.baselines.publisher", str(door)]
        with (
            stock_server(stage, server) as (port, pid),
            started(command, port=door, log=stage.log("publisher"), environment=stage.environment),
        ):
            around = len(json.dumps({"message": ""}))
            yield Target([port], SOCKET, door, "/", [pid], greets=False, around=around)

    return contestant


@contextlib.contextmanager
def nchan(stage: Stage) -> Iterator[Target]:
    if not shutil.which("nginx") or not (NGINX_MODULES / "ngx_nchan_module.so").exists():
        raise Missing("nginx with nchan is not installed (Debian: apt-get install nginx-light libnginx-mod-nchan).")
    port = free_port()
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    template = string.Template((Path(__file__).parent / "baselines" / "nchan.conf.in").read_text())
    configuration = stage.folder / f"nchan-{port}.conf"
    configuration.write_text(template.substitute(modules=NGINX_MODULES, folder=stage.folder, port=port, files=files))
    with started(["nginx", "-c", str(configuration), "-p", str(stage.folder)], port=port, log=stage.log("nchan")) as pid:
        yield Target([port], "/ws", port, "/publish", [pid], greets=False)
