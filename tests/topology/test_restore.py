"""The back-up and the restore of docs/operations.md, with the options that stand there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import urlencode

from tests.browser.site import manage
from tests.services import postgres_program
from tests.source import ROOT
from tests.topology.place import Place
from tests.waiting import until


def documented(program: str) -> list[str]:
    """The long options that the text gives a program, except the database's name."""
    found = re.search(rf" {program} (.*?) [<>] ", (ROOT / "docs" / "operations.md").read_text())
    assert found, f"docs/operations.md does not say how to use {program}"
    return [option for option in re.findall(r"--[a-z-]+(?:=\S+)?", found[1]) if option != "--dbname"]


def postgres(program: str, *arguments: str) -> None:
    command = [postgres_program(program) or program, *documented(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_restored_site_starts_every_open_page_afresh(place: Place, tmp_path: Path) -> None:
    address, backup = place.worker.environment["DATABASE_URL"], str(tmp_path / "liveblog.dump")
    slug = place.open_blog()
    place.desk("publish", blog=slug, headline="In the back-up")
    postgres("pg_dump", "--file", backup, address)
    place.desk("publish", blog=slug, headline="After the back-up")
    with place.readers(slug, 1) as [reader]:
        hello = reader.hello
    assert hello["head"] == 2

    for program in (*place.webs, place.worker):
        program.end()
    postgres("pg_restore", "--dbname", address, backup)
    assert slug in manage(place.worker.environment, "bump_epoch")
    place.worker.start()
    place.mend()

    with place.readers(slug, 1) as [reader]:
        assert reader.hello["epoch"] != hello["epoch"]
        assert reader.hello["head"] == 1
    cursor = urlencode({"after": hello["head"], "epoch": hello["epoch"], "token": hello["token"]})
    assert '"op":"reset"' in place.visitor.ask(f"/live/{slug}/changes?{cursor}").text
    until(lambda: "After the back-up" not in place.visitor.ask(f"/live/{slug}/").text, seconds=10, what="the page of the back-up")
    assert "In the back-up" in place.visitor.ask(f"/live/{slug}/").text
