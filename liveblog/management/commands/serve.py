from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from liveblog import serve


def require_migrated() -> None:
    """Raises `CommandError` where tables are missing: a server without them would answer every request with an error."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise CommandError(f"The database lacks {len(missing)} migrations. Run `manage.py migrate` first.")


class Command(BaseCommand):
    help = "Serves pages, sockets and the desk. HTTP and websockets on one port."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on (default: this machine only).")
        parser.add_argument("--port", type=int, default=settings.PORT, help="Port to listen on (default: PORT, or 8000).")
        parser.add_argument("--fd", type=int, help="A listening socket that was opened by a supervisor, instead of --host and --port.")
        parser.add_argument("--server", choices=serve.SERVERS, default="daphne", help="Server underneath (default: daphne).")
        parser.add_argument("--no-static", action="store_true", help="Do not collect the static files first.")

    def handle(self, *args: Any, **options: Any) -> None:
        require_migrated()
        if not settings.DEBUG and not options["no_static"]:
            call_command("collectstatic", interactive=False, verbosity=0)
        host, port, fd = options["host"], options["port"], options["fd"]

        def ready() -> None:
            place = f"http://{host}:{port}/" if fd is None else f"file descriptor {fd}"
            self.stdout.write(f"Listening on {place}")
            self.stdout.flush()

        serve.run(host=host, port=port, worker=settings.EMBEDDED_WORKER, ready=ready, server=options["server"], fd=fd)
