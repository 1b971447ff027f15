from __future__ import annotations

import socket
import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from liveblog import demo_host, serve
from newsroom.demo import tail
from newsroom.demo.seed import Seeded, seed
from newsroom.models import LiveBlog

# The demo's other site: on the next port, so that it is another origin.
HOST_PORT_OFFSET = 1
MOST_PORT = 65535


class Command(BaseCommand):
    help = "A live blog to look at: migrates, seeds once, prints where to go and serves. A second start keeps the data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on (default: this machine only).")
        parser.add_argument("--port", type=int, default=settings.PORT, help="Port to listen on (default: PORT, or 8000).")
        parser.add_argument("--quiet-story", action="store_true", help="Let no further entries arrive by themselves.")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        self._require_free(host, port)
        self.stdout.write("Preparing the demo …")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        seeded = seed(timezone.now())
        demo_host.start(host=host, port=port + HOST_PORT_OFFSET, site=self._site(port), slug=seeded.slug, title=self._title(seeded))
        stopping = threading.Event()
        arriving = not options["quiet_story"] and tail.is_left()
        # One command is the whole demo, also on PostgreSQL and Redis: no worker has to be started beside it.
        serve.run(host=host, port=port, worker=True, ready=lambda: self._ready(seeded, port, stopping, arriving=arriving))
        stopping.set()

    def _require_free(self, host: str, port: int) -> None:
        if port + HOST_PORT_OFFSET > MOST_PORT:
            raise CommandError(
                f"The demo takes two ports, and {port} is the last there is. Choose others: PORT=8080 make demo takes 8080 and 8081."
            )
        for number in (port, port + HOST_PORT_OFFSET):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((host, number))
                except OSError as error:
                    raise CommandError(
                        f"Port {number} cannot be used ({error.strerror}). The demo takes two; "
                        "choose others: PORT=8080 make demo takes 8080 and 8081."
                    ) from error

    def _place(self) -> str:
        config = settings.DATABASES["default"]
        return str(settings.VAR_DIR) if config["ENGINE"].endswith("sqlite3") else f"the database {config['NAME']} and {settings.VAR_DIR}"

    def _site(self, port: int) -> str:
        return settings.SITE_URL if port == settings.PORT else f"http://localhost:{port}"

    def _title(self, seeded: Seeded) -> str:
        return str(LiveBlog.objects.values_list("title", flat=True).get(slug=seeded.slug))

    def _ready(self, seeded: Seeded, port: int, stopping: threading.Event, *, arriving: bool) -> None:
        site = self._site(port)
        self.stdout.write(
            f"\n  The live blog   {site}/live/{seeded.slug}/"
            f"\n  All live blogs  {site}/"
            f"\n  The desk        {site}/admin/"
            f"\n                  users “editor” (chief of the blogs), “contributor” and “admin”, password “{seeded.password}”"
            f"\n  On another site http://localhost:{port + HOST_PORT_OFFSET}{demo_host.PATH}"
            "\n\n  "
            + ("For four minutes further entries arrive by themselves. " if arriving else "")
            + f"Ctrl-C stops it; the data stays in {self._place()}.\n"
        )
        if arriving:
            threading.Thread(target=self._let_arrive, args=(stopping,), name="demo-story", daemon=True).start()

    def _let_arrive(self, stopping: threading.Event) -> None:
        try:
            tail.play(timezone.now, lambda seconds: not stopping.wait(seconds))
        finally:
            close_old_connections()
