"""The compose file without an engine: its schema, its words, and that it asks for nothing that is not there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.source import ROOT
from tests.topology import compose

SERVICES = compose.raw_services()
OURS = {name for name, service in SERVICES.items() if "build" in service}
ONCE = {"migrate", "assets"}
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}
# What the program reads besides what README lists.
OF_THE_IMAGE = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}


def valid(*files: Path) -> bool:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", *map(str, files)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def documented() -> set[str]:
    """The names of README's table under Configuration."""
    table = (ROOT / "README.md").read_text().split("## Configuration")[1].split("\n## ")[0]
    return {name for line in table.splitlines() if line.startswith("| `") for name in re.findall(r"`([A-Z_]+)`", line.split("|")[1])}


def test_both_files_are_what_compose_understands() -> None:
    assert valid(compose.FILE, compose.CADDY_FILE)


def test_a_misspelt_key_would_be_seen(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(compose.FILE.read_text().replace("healthcheck:", "helthcheck:"))
    assert not valid(wrong)


@pytest.mark.parametrize("name", sorted(OURS - {"assets"}))
def test_a_command_is_one_of_the_program_s_with_options_it_has(name: str) -> None:
    command = SERVICES[name]["command"]
    assert command[:2] == ["python", "manage.py"]
    app = get_commands()[command[2]]
    assert isinstance(app, str)
    parser = load_command_class(app, command[2]).create_parser("manage.py", command[2])
    parser.parse_args(command[3:])


def test_the_image_starts_as_a_web_service_does() -> None:
    said = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert said
    assert said[1].replace('"', "'") == str(SERVICES["web1"]["command"])


@pytest.mark.parametrize("name", sorted(OURS - {"assets"}))
def test_what_a_process_is_told_is_in_the_readme(name: str) -> None:
    assert set(SERVICES[name]["environment"]) - documented() == set()


def test_what_the_image_sets_is_in_the_readme() -> None:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    names = set(re.findall(r"(\w+)=", "".join(re.findall(r"^ENV (.+)$", text, re.MULTILINE))))
    assert names - OF_THE_IMAGE
    assert names - OF_THE_IMAGE - documented() == set()


def test_every_variable_is_in_the_example_and_every_line_of_the_example_is_used() -> None:
    used = {variable.name for file in (compose.FILE, compose.CADDY_FILE) for variable in compose.variables(file.read_text())}
    assert used == set(compose.example())


def test_no_secret_has_a_value_and_none_may_be_left_out() -> None:
    uses = [variable for variable in compose.variables(compose.FILE.read_text()) if variable.name in SECRETS]
    assert {variable.name for variable in uses} == SECRETS
    assert {variable.how for variable in uses} == {"?"}
    assert {name for name in SECRETS if compose.example()[name]} == set()


@pytest.mark.parametrize("name", sorted(SECRETS | {"SITE_HOST"}))
def test_a_start_without_it_says_what_to_set(name: str) -> None:
    values = {**compose.example(), **dict.fromkeys(SECRETS, "x" * 48)}
    with pytest.raises(KeyError, match=f"Set {name} in .env"):
        compose.services({**values, name: ""})
    assert compose.services(values)["web1"]["environment"]["SITE_URL"] == "https://live.example.org"


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert {name for name, service in SERVICES.items() if "outside" in service["networks"]} == {"proxy"}
    assert "internal: true" in compose.FILE.read_text()


def test_the_proxy_holds_no_secret_and_cannot_see_the_originals() -> None:
    proxy = SERVICES["proxy"]
    assert not SECRETS & {variable.name for variable in compose.variables(str(proxy))}
    assert not any(volume.startswith("data:") for volume in proxy["volumes"])
    assert all(volume.endswith(":ro") for volume in proxy["volumes"])


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONCE))
def test_what_runs_on_is_watched_restarted_and_given_time_to_end(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"
    assert service["stop_grace_period"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_log_grows_without_end(name: str) -> None:
    assert {"max-size", "max-file"} <= set(SERVICES[name]["logging"]["options"])


@pytest.mark.parametrize("name", sorted(OURS))
def test_what_is_ours_can_change_nothing_but_its_volumes(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert "cap_add" not in service


@pytest.mark.parametrize(("file", "name"), [*((compose.FILE, name) for name in sorted(SERVICES)), (compose.CADDY_FILE, "caddy")])
def test_no_process_holds_a_right_that_it_does_not_need(file: Path, name: str) -> None:
    """No more than what it takes to listen where a browser knocks, and to step down from root."""
    service = compose.raw_services(file)[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service.get("cap_add", [])) <= {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID", "NET_BIND_SERVICE"}


def test_the_image_does_not_run_as_root_and_is_built_from_what_is_pinned() -> None:
    text = (ROOT / "Dockerfile").read_text()
    last = text.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "--require-hashes" in text
    assert not re.search(r"^(?:ARG|ENV) .*(?:SECRET|PASSWORD)", text, re.MULTILINE)


def test_the_build_is_sent_exactly_what_it_copies() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) ", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(copied) == sent
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_two_web_services_are_asked_by_both_proxies() -> None:
    webs = {name for name in SERVICES if name.startswith("web")}
    assert len(webs) == 2
    assert set(re.findall(r"(web\d):8000", SERVICES["proxy"]["environment"]["WEB_SERVERS"])) == webs
    assert set(re.findall(r"(web\d):8000", (ROOT / "deploy" / "Caddyfile").read_text())) == webs


def test_the_pools_fit_into_the_database() -> None:
    from liveblog.environment import POOL_OPTIONS

    most = int(re.search(r"max_connections=(\d+)", " ".join(SERVICES["db"]["command"]))[1])
    processes = len(OURS - ONCE)
    assert POOL_OPTIONS["max_size"] * processes * 4 <= most
