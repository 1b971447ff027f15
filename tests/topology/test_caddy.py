"""The other proxy before the same site."""

from __future__ import annotations

import contextlib
import os
import ssl
from collections.abc import Iterator

import pytest

from tests.services import HERE, free_port
from tests.topology.asking import a_file_of, from_the_site, words
from tests.topology.place import Place, Program, ended
from tests.topology.test_proxy_files import CADDY, known_to
from tests.topology.test_proxy_files import caddy as caddy
from tests.topology.visitor import NAME, Reader, Visitor
from tests.waiting import until


@pytest.fixture
def visitor(place: Place, caddy: str) -> Iterator[Visitor]:
    """One who comes through Caddy. Its file is the one of deploy/ with this machine's ports and paths, and a certificate that is there."""
    port, folder = free_port(), place.folder / "caddy"
    folder.mkdir(exist_ok=True)
    text = known_to(caddy, CADDY)
    for number, web in enumerate(place.webs, 1):
        text = text.replace(f"web{number}:8000", f"{HERE}:{web.port}")
    ours = {
        "{$SITE_HOST} {": f"https://{NAME}:{port} {{\n\ttls {place.folder}/tls/fullchain.pem {place.folder}/tls/privkey.pem",
        " /srv\n": f" {place.folder}/srv\n",
        "{\n\tservers {": "{\n\tadmin off\n\tauto_https off\n\tservers {",
    }
    for theirs, mine in ours.items():
        assert theirs in text
        text = text.replace(theirs, mine)
    (folder / "Caddyfile").write_text(text)
    environment = {**os.environ, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = [caddy, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    program = Program(command, environment, folder)
    program.start()
    found = Visitor(port, place.visitor.trust)

    def answers() -> bool:
        assert program.runs, program.said()
        try:
            return found.ask("/healthz").status == 200
        except ConnectionError:
            return False

    try:
        until(answers, seconds=10, what="Caddy")
        yield found
    finally:
        ended(program)


def test_what_is_published_reaches_a_page_and_a_socket_through_caddy(place: Place, visitor: Visitor) -> None:
    slug = place.open_blog()
    reader = Reader(visitor, slug)
    place.desk("publish", blog=slug, headline="Through the other door")
    assert "Through the other door" in reader.next("put")["html"]
    reader.close()
    assert "Through the other door" in visitor.ask(f"/live/{slug}/").text


def test_files_and_pages_through_caddy_have_the_headers_of_the_site(place: Place, visitor: Visitor) -> None:
    for path in (a_file_of(place), f"/live/{place.open_blog()}/", "/"):
        assert words(visitor.ask(path)) == words(from_the_site(place, path))
    assert visitor.ask("/static/absent.0123456789ab.js").status == 404


def test_caddy_keeps_out_what_nginx_keeps_out(place: Place, visitor: Visitor) -> None:
    assert visitor.ask("/metrics").status == 404
    assert visitor.ask("/media/../../data/secret-key").status in {400, 404}
    # Who does not stop to hear the refusal is cut.
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        assert visitor.ask("/desk/a-story/images/", method="POST", body=b"x" * (14 * 1024 * 1024)).status == 413
