"""One address asked of the proxy and of the site itself, to be compared."""

from __future__ import annotations

import http.client
import re

from tests.services import HERE
from tests.topology.place import AS_THE_PROXY, Place
from tests.topology.visitor import Answer

# What says how old, how large or from whom an answer is, and differs with who gives it.
OWN = {
    "server",
    "alt-svc",
    "date",
    "last-modified",
    "etag",
    "content-length",
    "connection",
    "accept-ranges",
    "content-encoding",
    "vary",
    "content-type",
    "transfer-encoding",
}


def from_the_site(place: Place, path: str) -> Answer:
    """The same address, asked of a web process itself."""
    connection = http.client.HTTPConnection(HERE, place.webs[0].port, timeout=20)
    connection.request("GET", path, headers=AS_THE_PROXY)
    got = connection.getresponse()
    answer = Answer(got.status, got.headers, got.read())
    connection.close()
    return answer


def words(answer: Answer) -> dict[str, str]:
    """The headers, except the giver's own; a directive's order does not matter."""
    names = {name.lower() for name in answer.headers} - OWN
    doubled = [name for name in names if len(answer.headers.get_all(name) or []) > 1]
    assert doubled == []
    return {name: ", ".join(sorted(re.split(r",\s*", answer.headers[name]))) for name in names}


def a_file_of(place: Place) -> str:
    """The address of a style sheet that a page names."""
    page = place.visitor.ask(f"/live/{place.open_blog()}/").text
    found = re.search(r'href="(?:https://localhost)?(/static/[^"]+\.[0-9a-f]{12}\.css)"', page)
    assert found, page
    return found[1]
