"""A page's scripts and sheets are served as one file each; what cannot be joined stops the collecting with its name."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from pytest_django.fixtures import Settings

from liveblog.joined import CannotJoin, joined_script, joined_sheet
from liveblog.static import JOINED, HashedStaticFilesStorage
from tests.conftest import missing


def among(**files: str) -> Callable[[str], str]:
    return lambda path: files[path.partition("/")[2].partition(".")[0]]


def run(script: str) -> str:
    node = shutil.which("node")
    if node is None:
        missing("Node is not installed. Install it (Debian: apt-get install nodejs).")
    return subprocess.run([node, "--input-type=module"], input=script, capture_output=True, text=True, check=True).stdout.strip()


def test_each_file_keeps_its_own_names_and_runs_once_before_those_that_need_it() -> None:
    page = [
        'import { say as tell, log } from "./a.js";',
        'import { twice } from "./b.js";',
        'const own = "page";',
        "tell(own, twice(2));",
        "console.log(JSON.stringify(log));",
    ]
    a = [
        'import "./c.js";',
        'const own = "a";',
        "export const log = [own, globalThis.runs];",
        "export function say(...words) { log.push(words) }",
    ]
    b = [
        'import { log } from "./a.js";',
        "export async function* never() {}",
        'export const twice = (n) => { log.push("b"); return n * 2; };',
    ]
    c = ["globalThis.runs = (globalThis.runs ?? 0) + 1;"]
    files = among(**{name: "\n".join([*lines, ""]) for name, lines in {"page": page, "a": a, "b": b, "c": c}.items()})
    joined = joined_script("js/page.js", files)
    assert "import" not in joined
    assert json.loads(run(joined)) == ["a", 1, "b", ["page", 4]]


@pytest.mark.parametrize(
    "line",
    ['import * as a from "./a.js";', 'import a from "./a.js";', "export default 1;", 'export { a } from "./a.js";', "x(import.meta.url);"],
)
def test_what_is_written_in_another_form_is_refused_by_file_and_line(line: str) -> None:
    with pytest.raises(CannotJoin) as refused:
        joined_script("js/page.js", among(page=f"{line}\n", a="export const a = 1;\n"))
    assert "js/page.js" in str(refused.value)
    assert line.rstrip(";").partition("(")[2][:6] in str(refused.value)


def test_a_circle_is_refused_with_its_way() -> None:
    with pytest.raises(CannotJoin, match=r"js/a\.js imports js/b\.js imports js/a\.js"):
        joined_script("js/a.js", among(a='import "./b.js";\n', b='import "./a.js";\n'))


def test_what_is_only_loaded_when_it_is_wanted_stays_outside() -> None:
    script = 'import { a } from "./a.js";\nconst open = () => import("./big.js");\n'
    assert 'import("./big.js")' in joined_script("js/page.js", among(page=script, a="export const a = 1;\n"))


def test_sheets_follow_each_other_and_what_is_for_one_medium_stays_so() -> None:
    sheets = among(page='/* Why. */\n@import url("a.css");\n@import url("b.css") print;\n', a="a { top: 0 }\n", b="b { top: 0 }\n")
    assert joined_sheet("css/page.css", sheets) == "a { top: 0 }\n@media print {\nb { top: 0 }\n}\n"


@pytest.mark.parametrize("sheet", ['@import "b.css";\n', '@import url("a.css");\n'])
def test_an_import_that_would_not_be_joined_is_refused(sheet: str) -> None:
    with pytest.raises(CannotJoin, match="css"):
        joined_sheet("css/page.css", among(page=sheet, a='@import url("b.css");\n', b=""))


def test_what_pages_name_is_whole_as_it_is_served(tmp_path: Path, settings: Settings) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "liveblog.static.HashedStaticFilesStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    for name in JOINED:
        stem, _, kind = name.rpartition(".")
        (served,) = tmp_path.glob(f"{stem}.????????????.{kind}")
        text = served.read_text()
        assert len(text) > 5000
        assert "@import" not in text
        assert not any(line.startswith("import ") for line in text.splitlines())


def test_a_file_that_changed_is_joined_anew(tmp_path: Path) -> None:
    """Also where what lies collected was joined already, as at every start but the first."""
    source, folder = tmp_path / "source", tmp_path / "collected"
    files = {"js/reader.js": 'import { a } from "./a.js";\na();\n', "js/a.js": "export const a = () => 1;\n"}
    origin, storage = HashedStaticFilesStorage(location=source), HashedStaticFilesStorage(location=folder)
    for name, text in files.items():
        origin.save(name, ContentFile(text.encode()))
        storage.save(name, ContentFile(text.encode()))
    paths = {name: (origin, name) for name in files}
    list(storage.post_process(dict(paths)))
    (source / "js/a.js").write_text("export const a = () => 2;\n")
    list(storage.post_process(dict(paths)))
    assert "() => 2" in (folder / storage.hashed_files["js/reader.js"]).read_text()
