"""Another site, for the demo: a page on a port (and so an origin) of its own that embeds the live blog with one line."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.template.loader import render_to_string

PATH = "/demo/host/"


def start(*, host: str, port: int, site: str, slug: str, title: str) -> ThreadingHTTPServer:
    """Serves the page at PATH in a thread until `shutdown()`. Raises `OSError` where the port is taken."""
    page = render_to_string("embed/host.html", {"site": site, "slug": slug, "title": title}).encode()

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == PATH
            self.send_response(200 if found else 302)
            if found:
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(page)))
            else:
                self.send_header("Location", PATH)
                self.send_header("Content-Length", "0")
            self.end_headers()
            if found:
                self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 – the library's name
            """Quiet: the demo's own lines are to be read."""

    server = ThreadingHTTPServer((host, port), Host)
    threading.Thread(target=server.serve_forever, name="demo-host", daemon=True).start()
    return server
