"""The door through which the load generator publishes: a small HTTP server, one connection at a time, in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

# Extra response headers.
Answer = dict[str, str]


def serve_posts(port: int, publish: Callable[[str, str], Answer]) -> None:
    """Calls `publish(path, body)` for each POST and answers 204 with the headers it returns. Never returns."""

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            answer = publish(self.path, self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            for name, value in answer.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Nothing is logged: it would be measured."""

    HTTPServer(("127.0.0.1", port), Door).serve_forever()
