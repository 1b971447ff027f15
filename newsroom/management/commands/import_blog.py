from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from newsroom.errors import NewsroomError
from newsroom.importers.commands import actor_named
from newsroom.importers.guardian import parse_page
from newsroom.importers.native import parse_export
from newsroom.importers.native_writer import write_export
from newsroom.importers.reading import read_document
from newsroom.importers.report import Report
from newsroom.importers.writer import write_story
from newsroom.models import State


class Command(BaseCommand):
    help = "Brings a live blog in from a file: this software's own export, or the data of a Guardian-style live page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", default="", help="in whose name; the first superuser when left out")
        parser.add_argument("--slug", default="", help="the blog's address (a foreign page only; an export keeps its own)")
        parser.add_argument(
            "--state", choices=State.values, default=None, help="the new blog's state (a foreign page only); ended when left out"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--json", action="store_true", help="the report as JSON")

    def handle(self, *, file: Path, username: str, slug: str, state: str | None, dry_run: bool, **options: Any) -> None:
        try:
            report = self.run(file, username, slug, state, dry_run)
        except NewsroomError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1) if options["json"] else report.as_text())

    def run(self, file: Path, username: str, slug: str, state: str | None, dry_run: bool) -> Report:
        document, name = read_document(file)
        actor, now = actor_named(username), timezone.now()
        if name == "guardian":
            return write_story(parse_page(document), actor=actor, now=now, slug=slug, state=state or State.ENDED, dry_run=dry_run)
        if slug or state:
            raise CommandError(
                "An export keeps its own address and state: leave out --slug and --state. To play it into a new blog, use rehearse."
            )
        return write_export(parse_export(document), actor=actor, now=now, dry_run=dry_run)
