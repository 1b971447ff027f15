"""The compose file as Docker would read it: variables filled in, anchors and merges resolved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.source import ROOT

FILE = ROOT / "docker-compose.yml"
CADDY_FILE = ROOT / "deploy" / "compose.caddy.yml"

# ${NAME}, ${NAME:-used when empty}, ${NAME:?said when empty}; $$ is a dollar.
VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?::(?P<how>[-?])(?P<rest>[^}]*))?\})")


@dataclass(frozen=True, slots=True)
class Variable:
    """One use of a variable. `how` is `?` where it must be set, `-` where it has a default, empty otherwise."""

    name: str
    how: str
    rest: str


def variables(text: str) -> list[Variable]:
    return [Variable(found["name"], found["how"] or "", found["rest"] or "") for found in VARIABLE.finditer(text) if found["name"]]


def fill_in(text: str, values: dict[str, str]) -> str:
    """The text with every variable replaced. Raises KeyError with the sentence of the file where one must be set."""

    def value(found: re.Match[str]) -> str:
        if found["dollar"]:
            return "$"
        given = values.get(found["name"], "")
        if given or found["how"] is None:
            return given
        if found["how"] == "?":
            raise KeyError(found["rest"])
        return found["rest"]

    return VARIABLE.sub(value, text)


def _filled(part: Any, values: dict[str, str]) -> Any:
    if isinstance(part, str):
        return fill_in(part, values)
    if isinstance(part, dict):
        return {name: _filled(inner, values) for name, inner in part.items()}
    if isinstance(part, list):
        return [_filled(inner, values) for inner in part]
    return part


def services(values: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Name to service, with these values for the variables."""
    found: dict[str, dict[str, Any]] = _filled(YAML(typ="safe").load(FILE.read_text())["services"], values)
    return found


def raw_services(file: Path = FILE) -> dict[str, dict[str, Any]]:
    """Name to service as written, anchors and merges resolved."""
    found: dict[str, dict[str, Any]] = YAML(typ="safe").load(file.read_text())["services"]
    return found


def example() -> dict[str, str]:
    """`.env.example`, name to value."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
