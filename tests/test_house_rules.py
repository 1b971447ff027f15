"""Rules of the house that no linter knows: where writes live, how long a file is, what must never be committed."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.source import PACKAGES, ROOT, files, name

WRITES = {"create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "update", "delete", "acreate", "aupdate", "adelete"}
QUERIES = {"objects", "_default_manager", "_base_manager", "queryset", "qs"}
RELATED = {"entries", "revisions", "changes", "corrections", "entry_bylines", "memberships"}
WRITERS = "newsroom/actions/"

LONGEST = 400
# Written so that this file does not match itself.
MACHINE = re.compile(r"(?<![\w.])/(?:root|home|Users|work)/\w|\.py[e]nv\b")
SELF_TALK = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b")


def chain(node: ast.expr) -> Iterator[str]:
    """The names of `a.b(…).c` from the right: c, b, a."""
    while True:
        match node:
            case ast.Attribute(value=inner, attr=attribute):
                yield attribute
                node = inner
            case ast.Call(func=inner) | ast.Subscript(value=inner):
                node = inner
            case ast.Name(id=root):
                yield root
                return
            case _:
                return


def bypasses(source: str) -> list[str]:
    """The calls in a source that write through a queryset or a manager."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            names = set(chain(node.func.value))
            if names & (QUERIES | RELATED):
                found.append(f"{node.lineno}: {ast.unparse(node.func)}")
    return found


@pytest.mark.parametrize(
    "line",
    [
        "Entry.objects.filter(pk=1).update(headline='x')",
        "blog.entries.all().delete()",
        "queryset.delete()",
        "Change.objects.bulk_create(rows)",
        "entry.corrections.create(note='x')",
    ],
)
def test_a_write_that_goes_past_the_actions_is_seen(line: str) -> None:
    assert bypasses(line)


@pytest.mark.parametrize("line", ["facts.update(more)", "Entry.objects.filter(pk=1).first()", "digest.update(b'x')"])
def test_what_writes_nothing_is_let_be(line: str) -> None:
    assert bypasses(line) == []


def test_only_actions_write_through_querysets() -> None:
    outside = [path for path in files(".py", under=PACKAGES) if not name(path).startswith(WRITERS)]
    assert {name(path): found for path in outside if (found := bypasses(path.read_text()))} == {}


def test_only_permissions_judge_a_role() -> None:
    """Elsewhere a role is printed, given to `permissions`, or set by an action; none is compared."""
    found = [
        f"{name(path)}:{number}"
        for path in files(".py", under=("newsroom/desk", "newsroom/admin", "newsroom/accounts"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"\bRole\.|\brole\s*[!=]=", line)
    ]
    assert found == []


def test_no_signal_is_wired() -> None:
    wired = [
        name(path) for path in files(".py", under=PACKAGES) if re.search(r"\b(pre|post)_(save|delete|init)\b|m2m_changed", path.read_text())
    ]
    assert wired == []


def test_no_file_is_too_long() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in files(".py", ".js", ".mjs", ".css", ".html")}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


@pytest.mark.parametrize("leak", ["cd /ro" + "ot/project", "/ho" + "me/alice/site", "~/.py" + "env/bin"])
def test_a_path_of_somebody_s_machine_is_seen(leak: str) -> None:
    assert MACHINE.search(leak)


def test_no_path_of_a_machine_and_no_note_to_self_is_committed() -> None:
    endings = (".py", ".js", ".mjs", ".css", ".html", ".md", ".json", ".svg", "")
    texts = [*files(*endings), *(path for path in ROOT.iterdir() if path.is_file() and path.suffix in {".md", ".toml", ".txt", ".yml", ""})]
    readable = [path for path in texts if path.name != ".git"]
    found = {name(path) for path in readable if MACHINE.search(path.read_text()) or SELF_TALK.search(path.read_text())}
    assert found == set()


@pytest.mark.parametrize("listed", ["requirements.txt", "requirements-dev.txt"])
def test_the_pinned_lists_carry_no_address(listed: str) -> None:
    text = (ROOT / listed).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=)", text, re.MULTILINE)


@pytest.mark.parametrize("listed", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_a_version_and_a_hash(listed: str) -> None:
    pins = re.split(r"\n(?=[A-Za-z])", "\n" + (ROOT / listed).read_text())[1:]
    assert pins
    assert [pin.splitlines()[0] for pin in pins if "==" not in pin.splitlines()[0] or "--hash=sha256:" not in pin] == []


def test_everything_that_is_asked_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]

    def names(lines: list[str]) -> set[str]:
        return {re.split(r"[\[<>=~! ]", line, maxsplit=1)[0].lower() for line in lines}

    def pinned(listed: str) -> set[str]:
        return {
            line.split("==")[0].split("[")[0] for line in (ROOT / listed).read_text().splitlines() if "==" in line and line[0].isalpha()
        }

    assert names(project["project"]["dependencies"]) - pinned("requirements.txt") == set()
    assert names([*groups["lint"], *groups["test"]]) - pinned("requirements-dev.txt") == set()
