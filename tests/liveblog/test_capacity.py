"""How many sockets a process holds: as many as are wished for, as far as it may open files, and it opens as many as it may."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from liveblog.wire.capacity import OTHER_FILES, room

ROOT = Path(__file__).resolve().parent.parent.parent

# A limit is a process's own, and what was lowered for good does not rise again: each is tried in a new one.
PROGRAM = """
import logging, resource, sys
import django
soft, hard = int(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
django.setup()
from liveblog.wire.capacity import make_room, room
make_room()
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0], room())
"""


def after_a_start(soft: int, hard: int, max_sockets: int, var: Path) -> tuple[list[int], str]:
    environment = {**os.environ, "MAX_SOCKETS": str(max_sockets), "VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "liveblog.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(soft), str(hard)], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return [int(word) for word in done.stdout.split()], done.stderr


def test_a_server_takes_as_many_files_as_it_may_have_and_is_quiet_where_that_is_nearly_enough(tmp_path: Path) -> None:
    (files, sockets), said = after_a_start(300, 800, 560, tmp_path)
    assert (files, sockets) == (800, 800 - OTHER_FILES)
    assert "MAX_SOCKETS" not in said


def test_it_says_so_where_that_is_too_little(tmp_path: Path) -> None:
    (files, sockets), said = after_a_start(300, 800, 20_000, tmp_path)
    assert (files, sockets) == (800, 800 - OTHER_FILES)
    assert f"MAX_SOCKETS is 20000, and the limit of open files leaves {800 - OTHER_FILES}" in said


def test_a_process_promises_no_more_sockets_than_it_may_open_files(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"files": 65_536}
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (limits["files"], resource.RLIM_INFINITY))
    settings.MAX_SOCKETS = 20_000
    assert room() == 20_000
    settings.MAX_SOCKETS = 70_000
    assert room() == 65_536 - OTHER_FILES
    limits["files"] = 1024
    assert room() == 1024 - OTHER_FILES
    limits["files"] = resource.RLIM_INFINITY
    assert room() == 70_000
