from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from liveblog import serve


class Command(BaseCommand):
    help = "Serves pages, sockets and the desk. HTTP and websockets on one port."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on (default: this machine only).")
        parser.add_argument("--port", type=int, default=settings.PORT, help="Port to listen on (default: PORT, or 8000).")
        parser.add_argument("--no-static", action="store_true", help="Do not collect the static files first.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not options["no_static"]:
            call_command("collectstatic", interactive=False, verbosity=0)

        def ready() -> None:
            self.stdout.write(f"Listening on http://{options['host']}:{options['port']}/")

        serve.run(host=options["host"], port=options["port"], worker=settings.EMBEDDED_WORKER, ready=ready)
