from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from newsroom.actions.reading import note_export
from newsroom.exporters.native import encode, export_blog
from newsroom.models import LiveBlog


class Command(BaseCommand):
    help = "Writes a blog as one JSON file that import_blog reads back without loss, drafts and withdrawn entries included."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("-o", "--output", type=Path, help="the file to write; the standard output when left out")
        parser.add_argument("--without-pictures", action="store_true", help="leave the original files out: a much smaller file")

    def handle(self, *, slug: str, output: Path | None, without_pictures: bool, **options: Any) -> None:
        blog = LiveBlog.objects.filter(slug=slug).first()
        if blog is None:
            raise CommandError(f"There is no blog at /live/{slug}/.")
        text = encode(export_blog(blog, with_pictures=not without_pictures))
        # Before anything of it leaves: what has been read is noted, whatever becomes of the file.
        note_export(blog=blog, now=timezone.now())
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            # Whole or not at all: a reader of the file never finds half of it.
            part = output.with_name(f"{output.name}.part")
            part.write_text(text, encoding="utf-8")
            part.replace(output)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{blog.title}: {blog.entries.count()} entries and {blog.images.count()} pictures written to {output}.")
