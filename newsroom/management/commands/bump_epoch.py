from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from newsroom.actions.blogs import bump_epoch
from newsroom.models import LiveBlog


class Command(BaseCommand):
    help = "After a restore: gives blogs a new history's name, so that every open page starts afresh."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", help="Blogs to bump (default: all).")

    def handle(self, *args: Any, **options: Any) -> None:
        blogs = LiveBlog.objects.all()
        if options["slugs"]:
            blogs = blogs.filter(slug__in=options["slugs"])
            if missing := set(options["slugs"]) - set(blogs.values_list("slug", flat=True)):
                raise CommandError(f"There is no blog called {', '.join(sorted(missing))}.")
        for blog in blogs:
            self.stdout.write(f"{blog.slug}: {bump_epoch(blog=blog, now=timezone.now())}")
