from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from newsroom.actions.rerendering import rerender_blog
from newsroom.announce import sender
from newsroom.models import LiveBlog
from newsroom.permissions import RELEASE_WORKER


class Command(BaseCommand):
    help = "Renders stored entries anew after the template changed. Open pages get each as an ordinary change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", help="Blogs (default: all).")
        parser.add_argument("--all", action="store_true", help="Also those that the current template rendered.")

    def handle(self, *args: Any, **options: Any) -> None:
        blogs = LiveBlog.objects.filter(slug__in=options["slugs"]) if options["slugs"] else LiveBlog.objects.all()
        for blog in blogs:
            count = rerender_blog(blog=blog, now=timezone.now(), actor=RELEASE_WORKER, outdated_only=not options["all"])
            self.stdout.write(f"{blog.slug}: {count} entries")
        sender.flush()
