"""What a browser is served: every script and style under a name made of its content."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from pytest_django.fixtures import Settings

from liveblog.static import HashedStaticFilesStorage

IMPORT = re.compile(r"""^\s*(?:import|export)\b[^;"'(]*?["'](\.[^"']+)["']""", re.MULTILINE)
HASHED = re.compile(r"\.[0-9a-f]{12}\.m?js$")


@pytest.fixture
def storage(tmp_path: Path, settings: Settings) -> HashedStaticFilesStorage:
    settings.STATIC_ROOT = tmp_path
    return HashedStaticFilesStorage(location=tmp_path)


def collected(storage: HashedStaticFilesStorage, files: dict[str, str]) -> dict[str, str]:
    for name, text in files.items():
        storage.save(name, ContentFile(text.encode()))
    done = list(storage.post_process({name: (storage, name) for name in files}))
    assert [error for *_, error in done if isinstance(error, Exception)] == []
    return {name: Path(storage.path(storage.hashed_files[name])).read_text() for name in files}


def test_an_import_is_renamed_with_the_file_it_names(storage: HashedStaticFilesStorage) -> None:
    built = collected(storage, {"a.js": 'import { b } from "./b.js";\nb();\n', "b.js": "export const b = () => 1;\n"})
    assert re.search(r'"\./b\.[0-9a-f]{12}\.js"', built["a.js"])


def test_types_that_refer_to_each_other_in_a_circle_do_not_stop_the_build(storage: HashedStaticFilesStorage) -> None:
    files = {
        "a.js": '/** @typedef {import("./b.js").B} B */\nexport const a = 1;\n',
        "b.js": '/**\n * @import { A } from "./a.js"\n */\nexport const b = 1;\n',
    }
    assert collected(storage, files) == files


def test_a_circle_of_real_imports_is_reported(storage: HashedStaticFilesStorage) -> None:
    files = {"a.js": 'import "./b.js";\n', "b.js": 'import "./a.js";\n'}
    with pytest.raises(AssertionError, match="Max post-process passes exceeded"):
        collected(storage, files)


def test_every_import_of_our_own_scripts_ends_at_a_hashed_name(tmp_path: Path, settings: Settings) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "liveblog.static.HashedStaticFilesStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    built = [path for path in (tmp_path / "js").rglob("*.js") if HASHED.search(path.name)]
    assert built
    imports = {(path.name, name) for path in built for name in IMPORT.findall(path.read_text())}
    assert imports
    assert {(script, name) for script, name in imports if not HASHED.search(name)} == set()


def test_what_pages_link_to_is_compressed_once(storage: HashedStaticFilesStorage, tmp_path: Path) -> None:
    files = {"a.css": "body { color: var(--ink); }\n" * 100}
    collected(storage, files)
    hashed = tmp_path / storage.hashed_files["a.css"]
    twins = [Path(f"{hashed}.br"), Path(f"{hashed}.gz")]
    sizes = [twin.stat().st_size for twin in twins]
    assert max(sizes) < hashed.stat().st_size / 4
    assert not (tmp_path / "a.css.gz").exists()
    twins[0].write_bytes(b"kept")
    list(storage.post_process({"a.css": (storage, "a.css")}))
    assert twins[0].read_bytes() == b"kept"
