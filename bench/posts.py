"""The door through which the load generator publishes: a small HTTP server, one connection at a time, in a process of its own."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

# Extra response headers.
Answer = dict[str, str]


def serve_posts(port: int, publish: Callable[[str, str], Answer]) -> None:
    """Calls `publish(path, body)` for each POST and answers 204 with the headers it returns, or 500 with what it raised. Never returns."""

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            try:
                answer = publish(self.path, body)
            except Exception as error:  # noqa: BLE001 – whatever it was, the generator shows it with the run, which is invalid then
                traceback.print_exc()
                self.send_error(500, ascii(error)[:200])
                return
            self.send_response(204)
            for name, value in answer.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Nothing is logged: it would be measured."""

    HTTPServer(("127.0.0.1", port), Door).serve_forever()
