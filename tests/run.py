"""`python -m tests.run [pytest's own options]`: the suite on PostgreSQL and Redis, then the same suite on the embedded default.

What knows neither database nor channel layer says the same in both, and runs in the first alone.

After both, alone, the quick set of faults (tests/faults), which starts and kills services of its own.

It stops at the first run that fails, so the last lines are always pytest's own. Without the services the first run is left out
with a sentence, except where CI is set: there it is a failure.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

from tests.services import Missing, Services, running

TESTS = Path(__file__).parent
# Pure functions, files, servers with an application of the tests' own, sites with services of their own, and what a browser does with a
# page once it has it: that an entry reaches an open one is seen on both.
ENGINE_FREE = (
    "bench",
    *(f"browser/{file.name}" for file in (TESTS / "browser").glob("test_*.py") if file.name != "test_one_entry.py"),
    "liveblog/test_budget.py",
    "liveblog/test_catalogues.py",
    "liveblog/test_fan_out.py",
    "liveblog/test_joined.py",
    "liveblog/test_plural_words.py",
    "liveblog/test_script_budget.py",
    "liveblog/test_server_drain.py",
    "liveblog/test_server_frames.py",
    "liveblog/test_server_requests.py",
    "liveblog/test_server_site.py",
    "liveblog/test_server_websocket.py",
    "liveblog/test_server_writer.py",
    "liveblog/test_static_files.py",
    "liveblog/test_tokens.py",
    "newsroom/test_differences.py",
    "newsroom/test_merging.py",
    "newsroom/test_pictures_encoded.py",
    "newsroom/test_pictures_refused.py",
    "newsroom/test_roles_at_doors.py",
    "newsroom/test_sanitise.py",
    "topology",
)

# They measure what readers feel of others beside them, and nothing else may be felt.
ALONE = ("tests/faults/test_quick_neighbours.py",)

# pytest's own code for a choice that no test fits.
NOTHING_PICKED = 5


def suite(title: str, options: list[str], environment: dict[str, str]) -> int:
    print(f"\n== The suite {title} ==", flush=True)
    # One more than there are cores: a test often waits for a browser or a server.
    workers = [] if any(option.startswith("-n") for option in options) else ["-n", str(min(4, (os.cpu_count() or 1) + 1))]
    base = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    command = [sys.executable, "-m", "pytest", "-m", "not faults", *workers, *options]
    return subprocess.run(command, env={**base, **environment}, check=False).returncode


def faults(options: list[str]) -> int:
    """Alone: it measures time, and it kills what it runs on. Whoever picks tests by a mark of their own has said that it is not wanted."""
    if "-m" in options:
        return 0
    print("\n== The quick set of faults ==", flush=True)
    # Two at a time: most of a run is waiting for what was broken.
    named = any(Path(option.split("::")[0]).exists() for option in options)
    together = ["-n", "2", *(f"--deselect={test}" for test in ALONE)]
    for picked in (["-n", "2"],) if named else (together, list(ALONE)):
        code = subprocess.run([sys.executable, "-m", "pytest", *options, "-m", "faults", *picked], check=False).returncode
        if code not in {0, NOTHING_PICKED}:
            return code
    return 0


def both(options: list[str], services: Services) -> int:
    known = {"TEST_POSTGRES_URL": services.postgres, "TEST_REDIS_URL": services.redis}
    # The name is only the stem: Django makes test_<name>_<worker> of it and drops that again.
    distributed = {"DATABASE_URL": f"{services.postgres}/liveblog_{secrets.token_hex(4)}", "REDIS_URL": services.redis}
    code = suite("on PostgreSQL and Redis", options, {**known, **distributed})
    if code:
        return code
    code = suite("on the embedded default", [*options, *(f"--ignore={TESTS / name}" for name in ENGINE_FREE)], known)
    # Whoever picked one of those files has seen it pass already.
    return 0 if code == NOTHING_PICKED else code


def main(options: list[str]) -> int:
    try:
        with running() as services:
            return both(options, services) or faults(options)
    except Missing as missing:
        if os.environ.get("CI"):
            print(missing, file=sys.stderr)
            return 1
        print(f"{missing} The run on PostgreSQL and Redis is left out.", flush=True)
        return suite("on the embedded default", options, {})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
