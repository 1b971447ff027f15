from __future__ import annotations

import math
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from newsroom.errors import NewsroomError
from newsroom.importers.commands import actor_named
from newsroom.importers.guardian import parse_page
from newsroom.importers.native import parse_export
from newsroom.importers.native_story import story_of
from newsroom.importers.reading import read_document
from newsroom.importers.rehearsal import Cue, Rehearsal, free_slug, schedule
from newsroom.importers.story import Story


class WallClock:
    """The real time. Nothing but an interrupt ends a wait before its time."""

    def __init__(self) -> None:
        self._never = threading.Event()

    def now(self) -> datetime:
        return timezone.now()

    def wait(self, seconds: float) -> bool:
        return not self._never.wait(seconds)


def length(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"


class Command(BaseCommand):
    help = "Plays a live blog from a file into a new blog, entry by entry, at its own pace or faster. Ctrl-C stops it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--speed", type=float, default=60.0, help="how many times faster than it happened (60: an hour a minute)")
        parser.add_argument("--slug", default="", help="the new blog's address; made from the file's when left out")
        parser.add_argument("--limit-minutes", type=float, default=None, help="play only so many minutes of the original")
        parser.add_argument("--as", dest="username", default="", help="in whose name; the first superuser when left out")
        parser.add_argument("--dry-run", action="store_true", help="list what would be played and when, and write nothing")

    def handle(
        self, *, file: Path, speed: float, slug: str, limit_minutes: float | None, username: str, dry_run: bool, **options: Any
    ) -> None:
        if not (math.isfinite(speed) and speed > 0):
            raise CommandError("--speed is a number above 0: 1 is the original's own pace, 60 an hour a minute.")
        if limit_minutes is not None and not (math.isfinite(limit_minutes) and 0 <= limit_minutes <= 1_000_000):
            raise CommandError("--limit-minutes is a number of minutes, from 0.")
        try:
            document, name = read_document(file)
            story = parse_page(document) if name == "guardian" else story_of(parse_export(document))
            cues = schedule(story, limit=None if limit_minutes is None else timedelta(minutes=limit_minutes))
            if not cues:
                raise CommandError("The file holds nothing that readers saw, so there is nothing to play.")
            if dry_run:
                self.show(cues, speed)
            else:
                self.play(story, cues, speed, slug, username)
        except NewsroomError as error:
            raise CommandError(str(error)) from error

    def show(self, cues: list[Cue], speed: float) -> None:
        for cue in cues:
            self.stdout.write(self.line(cue, speed))
        self.stdout.write(f"{len(cues)} steps in {length(cues[-1].after / speed)}. Nothing was written.")

    def play(self, story: Story, cues: list[Cue], speed: float, slug: str, username: str) -> None:
        rehearsal = Rehearsal(story, cues, actor_named(username), WallClock(), speed, slug or free_slug(story.slug))
        blog = rehearsal.open()
        self.stdout.write(f"Playing {len(cues)} steps into /live/{blog.slug}/ in about {length(cues[-1].after / speed)}. Ctrl-C stops.")
        done = 0
        try:
            for cue, entry in rehearsal.play():
                done += 1
                self.stdout.write(self.line(cue, speed) + ("" if entry else "  (no longer applied)"))
                self.stdout.flush()
        except KeyboardInterrupt:
            self.stdout.write(f"Stopped after {done} of {len(cues)} steps. /live/{blog.slug}/ stays as it is.")
            return
        self.stdout.write(f"Played {done} of {len(cues)} steps. /live/{blog.slug}/ is still live.")

    def line(self, cue: Cue, speed: float) -> str:
        return f"{length(cue.after / speed)}  {cue.verb:8}  {cue.title}"
