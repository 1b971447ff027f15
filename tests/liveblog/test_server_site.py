"""`manage.py serve`: the site itself under either server, from the first hello to the last good-bye."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from liveblog.server.limits import DEFAULT
from liveblog.server.listening import listen
from tests.serving import HERE, Served
from tests.source import ROOT

MANAGE = [sys.executable, str(ROOT / "manage.py")]
SLUG = "a-story"
OPEN = f"""
from django.contrib.auth import get_user_model
from django.utils import timezone
from newsroom.actions.blogs import open_blog
chief = get_user_model().objects.create_superuser("chief", password="not used here")
open_blog(actor=chief, now=timezone.now(), slug="{SLUG}", title="A story", state="live")
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    """A site of its own: SQLite and the embedded worker, with one live blog."""
    folder = tmp_path_factory.mktemp("site")
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}}
    environment = {**inherited, "VAR_DIR": str(folder), "DEBUG": "1", "PYTHONUNBUFFERED": "1"}
    subprocess.run([*MANAGE, "migrate", "-v0"], env=environment, check=True)
    subprocess.run([*MANAGE, "shell", "-v0", "-c", OPEN], env=environment, check=True)
    return environment


@pytest.fixture(params=["daphne", "uvicorn"])
def start(request, environment) -> Iterator[Callable[..., Served]]:
    with contextlib.ExitStack() as stack:

        def begin(**besides: str) -> Served:
            listener = listen(host=HERE, port=0, fd=None, limits=DEFAULT)
            port, fd = listener.getsockname()[1], listener.fileno()
            command = [*MANAGE, "serve", "--server", request.param, "--fd", str(fd)]
            process = subprocess.Popen(
                command, env=environment | besides, pass_fds=[fd], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
            )
            listener.close()
            stack.callback(process.communicate)
            stack.callback(process.kill)
            assert process.stdout
            assert process.stdout.readline() == f"Listening on file descriptor {fd}\n"
            return Served(process, port)

        yield begin


def test_a_reader_is_greeted_told_and_closed_and_nothing_is_left_over(start):
    server = start(MAX_SOCKETS="1")
    reader, kept = server.socket(f"/ws/live/{SLUG}/"), server.peer()
    assert json.loads(reader.texts(1)[0])["op"] == "hello"
    # One too many is told so, and costs the one who is in nothing.
    assert server.socket(f"/ws/live/{SLUG}/").close_code() == 4503
    kept.ask("/readyz")
    assert kept.answer()[0] == 200
    server.stop(signal.SIGTERM)
    last = [json.loads(text) for text in reader.texts(1)]
    assert [frame["op"] for frame in last] == ["bye"]
    assert reader.close_code() == 4012
    _, errors = server.process.communicate(timeout=20)
    assert server.process.returncode == 0
    assert "Traceback" not in errors, errors
    assert "was destroyed" not in errors, errors


def test_it_is_not_ready_while_it_drains(start):
    server = start()
    # Enough of them that telling all takes a moment: they are closed at a pace.
    readers = [server.socket(f"/ws/live/{SLUG}/") for _ in range(300)]
    assert len([reader.texts(1) for reader in readers]) == 300
    kept = server.peer()
    kept.ask("/readyz")
    assert kept.answer()[0] == 200
    server.stop()
    assert json.loads(readers[0].texts(1)[0])["op"] == "bye"
    kept.ask("/readyz")
    assert kept.answer()[0] == 503
    assert {reader.close_code() for reader in readers} == {4012}
    assert server.exit_code() == 0


def test_the_writer_is_there_and_the_hub_uses_it(start, environment):
    """An entry published by another process reaches the reader as bytes that `send()` never saw."""
    server = start()
    reader = server.socket(f"/ws/live/{SLUG}/")
    assert json.loads(reader.texts(1)[0])["op"] == "hello"
    subprocess.run([*MANAGE, "shell", "-v0", "-c", PUBLISH], env=environment, check=True)
    frame = json.loads(reader.texts(1)[0])
    while frame["op"] in {"head", "readers"}:
        frame = json.loads(reader.texts(1)[0])
    assert (frame["op"], "From elsewhere" in frame["html"]) == ("put", True)


PUBLISH = f"""
from django.contrib.auth import get_user_model
from django.utils import timezone
from newsroom.actions.entries import EntryText, publish_entry
from newsroom.models import LiveBlog
text = EntryText(headline="From elsewhere", blocks=[{{"type": "text", "html": "<p>Said.</p>"}}])
chief = get_user_model().objects.get(username="chief")
publish_entry(actor=chief, blog=LiveBlog.objects.get(slug="{SLUG}"), text=text, now=timezone.now())
"""


def test_a_port_that_is_taken_ends_the_start_with_a_sentence(environment, tmp_path: Path):
    with socket.create_server((HERE, 0)) as holder:
        port = str(holder.getsockname()[1])
        done = subprocess.run([*MANAGE, "serve", "--port", port], env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert f"{HERE}:{port} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
