"""The proxies' own judgement of their files, and that they speak of the same things as the code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from liveblog.planes import DESK_PREFIXES, is_desk
from liveblog.security import PERMISSIONS
from liveblog.server.limits import DEFAULT
from newsroom.finding import wanted
from newsroom.media.renditions import NAME as RENDITION
from newsroom.refs import ALPHABET
from tests.conftest import missing
from tests.services import Missing
from tests.source import ROOT
from tests.topology import certificate, compose
from tests.topology.place import example_values, nginx, proxy_configuration, proxy_variables

DEPLOY = ROOT / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text()
CADDY = (DEPLOY / "Caddyfile").read_text()


@pytest.fixture
def judged(tmp_path: Path):
    """Asks nginx what it thinks of a configuration."""
    try:
        program = nginx()
    except Missing as lack:
        missing(str(lack))
    tmp_path.chmod(0o755)
    certificate.write(tmp_path / "tls", "localhost")
    variables = proxy_variables(compose.services(example_values())["proxy"], tmp_path, [8001, 8002])

    def judge(text: str) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "run" / "nginx.conf"
        file.write_text(text)
        return subprocess.run([program, "-t", "-c", str(file)], capture_output=True, text=True, check=False)

    judge.rendered = proxy_configuration(variables)
    return judge


def test_nginx_finds_no_fault_in_its_file(judged) -> None:
    done = judged(judged.rendered)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_nginx_would_find_one(judged) -> None:
    assert judged(judged.rendered.replace("proxy_cache_lock on;", "proxy_cache_look on;")).returncode == 1


def test_every_name_in_the_file_is_set_by_compose() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)\}", NGINX))
    assert asked
    assert asked - set(compose.raw_services()["proxy"]["environment"]) == set()


def test_no_name_that_compose_sets_is_one_of_nginx_s_own() -> None:
    """envsubst replaces whatever the environment has."""
    own = set(re.findall(r"\$\{?([a-z_]+)", NGINX))
    assert own & {name.lower() for name in compose.raw_services()["proxy"]["environment"]} == set()


@pytest.fixture
def caddy() -> str:
    found = shutil.which("caddy")
    if not found:
        missing("Caddy is not installed. Install it (Debian: apt-get install caddy).")
    return str(found)


def caddy_on(program: str, verb: str, text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "Caddyfile"
    file.write_text(text)
    environment = {**os.environ, "SITE_HOST": "live.example.org", "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = [program, verb, "--config", str(file), "--adapter", "caddyfile"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def caddy_says(program: str, text: str, folder: Path) -> int:
    return caddy_on(program, "validate", text, folder).returncode


def ways_in(routes: list[dict[str, Any]], paths: tuple[str, ...] = ("*",)) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each path that Caddy hands on to the site, with how it does."""
    for route in routes:
        here = tuple(path for match in route.get("match", []) for path in match.get("path", [])) or paths
        for handler in route["handle"]:
            if handler["handler"] == "reverse_proxy":
                yield from ((path, handler["transport"]) for path in here)
            yield from ways_in(handler.get("routes", []), here)


def known_to(program: str, text: str) -> str:
    """The file without the one option that is younger than the Caddy of Debian 12."""
    version = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
    parts = re.findall(r"\d+", version)
    if (int(parts[0]), int(parts[1])) >= (2, 7):
        return text
    assert text.count("stream_close_delay 10m") == 1
    return text.replace("stream_close_delay 10m", "")


def test_caddy_finds_no_fault_in_its_file(caddy: str, tmp_path: Path) -> None:
    assert caddy_says(caddy, known_to(caddy, CADDY), tmp_path) == 0


def test_caddy_would_find_one(caddy: str, tmp_path: Path) -> None:
    assert caddy_says(caddy, known_to(caddy, CADDY).replace("lb_policy least_conn", "lb_policy most_conn"), tmp_path) != 0


def test_caddy_writes_down_no_reader_s_address(caddy: str, tmp_path: Path) -> None:
    logs = json.loads(caddy_on(caddy, "adapt", known_to(caddy, CADDY), tmp_path).stdout)["logging"]["logs"]
    assert set(logs) == {"default"}
    told = logs["default"]["encoder"]["fields"]
    for name in ("request>remote_ip", "request>client_ip"):
        assert told[name] == {"filter": "ip_mask", "ipv4_cidr": 24, "ipv6_cidr": 32}
    assert {name for name, how in told.items() if how["filter"] == "delete"} == {"request>headers", "request>remote_port"}


def test_a_form_meets_no_connection_that_is_being_closed_behind_caddy(caddy: str, tmp_path: Path) -> None:
    """It is not sent twice. A kept connection is for what may be, and let go before the site does."""
    server = json.loads(caddy_on(caddy, "adapt", known_to(caddy, CADDY), tmp_path).stdout)["apps"]["http"]["servers"]["srv0"]
    ways = {path: way["keep_alive"] for path, way in ways_in(server["routes"])}
    assert ways.pop("*")["idle_timeout"] < DEFAULT.keep_alive_seconds * 1e9
    assert {path.rstrip("*") for path in ways} == {*DESK_PREFIXES, "/ws/"}
    assert all(kept == {"enabled": False} for kept in ways.values())


def test_nor_behind_nginx() -> None:
    kept, anew = (re.search(rf"upstream {name} \{{(.+?)\n    \}}", NGINX, re.DOTALL)[1] for name in ("readers", "desk"))
    assert int(re.search(r"keepalive_timeout (\d+)s;", kept)[1]) < DEFAULT.keep_alive_seconds
    assert "keepalive" not in anew
    for place in (r"/ws/", r"~ \^/\(\?:admin\|desk\|api\)/"):
        assert "proxy_pass http://desk;" in re.search(rf"location {place} \{{(.+?)\n        \}}", NGINX, re.DOTALL)[1]


def test_the_desk_of_the_proxies_is_the_desk_of_the_code() -> None:
    assert {f"/{name}/" for name in re.search(r"location ~ \^/\(\?:([\w|]+)\)/ \{", NGINX)[1].split("|")} == set(DESK_PREFIXES)
    assert {path.rstrip("*") for path in re.search(r"@desk path (.+)", CADDY)[1].split()} == set(DESK_PREFIXES)


def test_a_cookie_passes_to_the_desk_and_the_sockets_only() -> None:
    passed = re.search(r'map \$uri \$cookie \{\s*"~\^/\(\?:([\w|]+)\)/"', NGINX)[1].split("|")
    assert [name for name in passed if not is_desk(f"/{name}/") and name != "ws"] == []


def test_the_parameters_of_pages_are_the_ones_the_code_reads() -> None:
    """A parameter that only one of the two knows would be lost on the way, or would give one page the place of another."""
    read = set()
    for file in ("reader/views.py", "embed/views.py"):
        read |= set(re.findall(r"""GET\.get\(["'](\w+)["']""", (ROOT / "liveblog" / file).read_text()))
    assert read

    class Noted(dict[str, str]):
        def get(self, name: str, default: str = "") -> str:
            read.add(name)
            return default

    wanted(Noted())
    assert "before" in read
    assert set(re.findall(r"\$arg_(\w+)", NGINX)) == read


def test_a_ref_is_spelt_as_the_code_spells_it() -> None:
    (spelt,) = set(re.findall(r'"~\^e-(\[[^\]]+\])\{6\}\$" &(?:before|after|at)=', NGINX))
    assert {letter for letter in map(chr, range(128)) if re.fullmatch(spelt, letter)} == set(ALPHABET)


def test_only_a_rendition_s_name_is_looked_for_on_the_disk() -> None:
    """What the proxy would serve is what `/media/` would."""
    found = re.search(r'location ~ "\^/media/(pictures/.+)\$"', NGINX)[1]
    assert found.replace("(?:", "(") == RENDITION.pattern.replace("(jpg|webp|avif)", "(jpg|webp|avif)")


@pytest.mark.parametrize("text", [NGINX, CADDY], ids=["nginx", "caddy"])
def test_files_from_the_disk_carry_the_words_of_the_code(text: str) -> None:
    assert f'"{PERMISSIONS}"' in text
    assert "max-age=31536000; includeSubDomains" in text
