"""What the proxy makes of a site that fails: what its answers allow, and not a second more."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.conftest import missing
from tests.services import HERE, Missing, started, throwaway_folder
from tests.topology import certificate, compose
from tests.topology.place import example_values, nginx, proxy_configuration, proxy_variables
from tests.topology.visitor import NAME, Answer, Visitor
from tests.waiting import until

# As the site's own, in shorter.
OF_A_PAGE = "public, max-age=0, s-maxage=1, stale-if-error=2"
OF_AN_ENTRY = "public, max-age=0, s-maxage=1"
OF_CHANGES = "public, max-age=1"
# In the place of a status: the connection ends without a word.
NOTHING = 0


@dataclass(slots=True)
class Origin:
    """In the place of the web processes: answers everything in the same way, and counts how often it was asked since."""

    status: int = 200
    control: str = ""
    asked: int = 0

    def says(self, status: int, control: str = "no-store") -> None:
        self.status, self.control, self.asked = status, control, 0


@pytest.fixture(scope="module")
def origin() -> Origin:
    return Origin()


@pytest.fixture(scope="module")
def visitor(origin: Origin) -> Iterator[Visitor]:
    """Of the proxy of the compose file, in front of the origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            origin.asked += 1
            if origin.status == NOTHING:
                return
            body = f"said with {origin.status}".encode()
            self.send_response(origin.status)
            for name, value in (("Cache-Control", origin.control), ("Content-Type", "text/plain"), ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    try:
        program = nginx()
    except Missing as lack:
        missing(str(lack))
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(ThreadingHTTPServer((HERE, 0), Handler))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.shutdown)
        folder = stack.enter_context(throwaway_folder(None))
        # The proxy's workers are somebody else and read files here.
        folder.chmod(0o755)
        certificate.write(folder / "tls", NAME)
        variables = proxy_variables(compose.services(example_values())["proxy"], folder, [server.server_port] * 2)
        configuration = folder / "run" / "nginx.conf"
        configuration.write_text(proxy_configuration(variables))
        stack.enter_context(started([program, "-c", str(configuration), "-g", "daemon off;"], user=None, folder=folder))
        visitor = Visitor(int(variables["HTTPS_PORT"].split(":")[1]), str(folder / "tls" / "fullchain.pem"))

        def answers() -> bool:
            with contextlib.suppress(ConnectionError):
                return visitor.ask("/healthz").status == 200
            return False

        origin.says(200)
        until(answers, seconds=15, what="the proxy")
        yield visitor


def asked_anew(origin: Origin, visitor: Visitor, path: str) -> Answer:
    """The first answer for which the origin was asked."""

    def ask() -> Answer | None:
        answer = visitor.ask(path)
        return answer if origin.asked else None

    return until(ask, seconds=5, what="a question to the origin")


@pytest.mark.parametrize("path", ["/", "/live/a-story/", "/embed/a-story/"])
def test_while_the_site_cannot_be_asked_a_page_is_shown_as_long_as_it_allows_and_no_longer(
    origin: Origin, visitor: Visitor, path: str
) -> None:
    origin.says(200, OF_A_PAGE)
    assert asked_anew(origin, visitor, path).status == 200
    origin.says(NOTHING)
    assert asked_anew(origin, visitor, path).text == "said with 200"
    until(lambda: visitor.ask(path).status == 502, seconds=5, what="the end of the copy")


@pytest.mark.parametrize(("status", "told"), [(NOTHING, 502), (404, 404), (503, 503)])
@pytest.mark.parametrize(
    ("path", "control"),
    [
        ("/live/a-story/e-7f3k9q/", OF_AN_ENTRY),
        ("/live/a-story/feed.atom", OF_AN_ENTRY),
        ("/live/a-story/snapshot", OF_CHANGES),
        ("/live/a-story/changes?after=1&epoch=abcdefghjkmn&token=1", OF_CHANGES),
    ],
)
def test_what_must_be_true_now_is_never_shown_as_it_was(
    origin: Origin, visitor: Visitor, path: str, control: str, status: int, told: int
) -> None:
    origin.says(200, control)
    assert asked_anew(origin, visitor, path).status == 200
    origin.says(status)
    assert asked_anew(origin, visitor, path).status == told
