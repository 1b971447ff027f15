"""The load generator: built from bench/load when it is older than its source, run, and judged by what it says of itself."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parent / "load"
# Beyond this share of one core the generator may have slowed the server down, and times are the generator's own.
MOST_OF_A_CORE = 0.9


class NoCompiler(Exception):
    """gcc is missing. The message says what to install."""


def build(folder: Path) -> Path:
    program = folder / "fanload"
    source = [*sorted(SOURCE.glob("*.c")), SOURCE / "fanload.h"]
    if program.exists() and program.stat().st_mtime > max(path.stat().st_mtime for path in source):
        return program
    if not shutil.which("gcc"):
        raise NoCompiler("gcc is missing: the load generator is compiled on the spot. Install it (Debian: apt-get install gcc libc6-dev).")
    files = [str(path) for path in source if path.suffix == ".c"]
    subprocess.run(["gcc", "-std=c11", "-O2", "-Wall", "-Wextra", "-o", str(program), *files, "-lm"], check=True)  # noqa: S603, S607
    return program


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of the generator; the names of its options are in bench/README.md."""

    readers: int
    singles: int = 5
    burst: int = 30
    bursts: int = 1
    frame_bytes: int = 2048
    stalled: int = 0
    entries_per_second: float = 0.0
    gap_s: float = 0.2
    settle_s: float = 1.0
    timeout_s: float = 30.0
    together: bool = False
    connect_only: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A server under load: where its readers and its publisher connect, and which processes are charged."""

    ports: list[int]
    socket_path: str
    publish_port: int
    publish_path: str
    pids: list[int]
    # The first frame comes unasked, and only then is a reader registered.
    greets: bool
    # Entries posted here reach the server together, once the last of a burst is there. Empty: this server has no such thing.
    together_path: str = ""
    # What stands around the posted words in a frame of this server.
    around: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    figures: dict[str, Any]
    faults: list[str] = field(default_factory=list)

    def get(self, path: str) -> float:
        """A figure by its dotted name, NaN where it was not measured."""
        value: Any = self.figures
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return float("nan") if value is None else float(value)

    def cost(self, phase: str) -> float:
        """Instructions of the server a delivery (thousands) where the machine counts them, otherwise its CPU time (microseconds)."""
        counted = self.get(f"{phase}.kinsn_per_delivery")
        return counted if counted == counted else self.get(f"{phase}.cpu_us_per_delivery")


def run(program: Path, target: Target, load: Load) -> Outcome:
    """One run. Its faults say why no verdict may rest on it: something lost, doubled or refused, or a generator that was too slow."""
    options: dict[str, Any] = {
        "-p": ",".join(map(str, target.ports)),
        "-u": target.socket_path,
        "-P": 0 if load.connect_only else target.publish_port,
        "-U": target.publish_path,
        "-S": ",".join(map(str, target.pids)),
        "-n": load.readers,
        "-Z": load.stalled,
        "-s": load.frame_bytes - target.around,
        "-k": load.singles,
        "-b": load.burst,
        "-B": load.bursts,
        "-R": load.entries_per_second,
        "-g": load.gap_s,
        "-w": load.settle_s,
        "-t": load.timeout_s,
    }
    command = [str(program), *(str(part) for pair in options.items() for part in pair), *(["-F"] if target.greets else [])]
    if target.together_path and load.together:
        command += ["-V", f"{target.together_path}/{load.burst}"]
    limit = 120 + load.readers / 50 + load.timeout_s * (load.singles + load.bursts)
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)  # noqa: S603
    if done.returncode:
        return Outcome({}, [f"the generator gave up: {done.stderr.strip()[-300:]}"])
    figures = json.loads(done.stdout)
    return Outcome(figures, faults_of(figures, done.stderr.strip()[-400:]))


def faults_of(figures: dict[str, Any], said: str = "") -> list[str]:
    """What makes a run invalid; `said` is what the generator had to say of it, which stands behind the counts."""
    phases = [figures[name] for name in ("single", "burst", "together") if name in figures]
    counts = {
        "lost": sum(phase["lost"] for phase in phases),
        "doubled": figures["duplicates"],
        "out of order": figures["out_of_order"],
        "closed": figures["closed"],
        "refused": figures["failed"],
        "publishing failed": figures["publish_errors"],
    }
    faults = [f"{count} {what}" for what, count in counts.items() if count]
    busiest = max((phase["generator_share"] or 0.0 for phase in phases), default=0.0)
    if busiest > MOST_OF_A_CORE:
        faults.append(f"the generator itself took {busiest:.0%} of a core")
    return [*faults, said] if faults and said else faults
