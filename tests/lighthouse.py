"""`python -m tests.lighthouse`: what Lighthouse says of a blog's page, mobile with its default throttling, the median of three runs.

A site of its own is served as in production (hashed, compressed files; uvicorn), with the demo on it. The program itself is fetched by npx
into npm's cache. Full reports are written to var/lighthouse.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from typing import Any

from tests.browser.conftest import WINDOWED
from tests.browser.site import ROOT, serve
from tests.waiting import until

PAGE = "/live/pyongyang-visit/"
VERSION = "12"
FLOORS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
FIGURES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index")


def report(url: str, out: Path, program: list[str], chromium: str) -> dict[str, Any]:
    command = [
        *program,
        url,
        "--quiet",
        "--output=json",
        "--output=html",
        f"--output-path={out}",
        "--chrome-flags=--headless=new --no-sandbox",
    ]
    subprocess.run(command, env={**os.environ, "CHROME_PATH": chromium}, check=True)
    found: dict[str, Any] = json.loads(Path(f"{out}.report.json").read_text())
    return found


def at_rest(url: str) -> bool:
    """Whether the page has stayed the same for a while: the demo's pictures are still being encoded after it is seeded."""

    def tag() -> str:
        with urllib.request.urlopen(url) as answer:
            return str(answer.headers["ETag"])

    before = tag()
    threading.Event().wait(8)
    return tag() == before


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="make lighthouse", description="Lighthouse on a blog's page; fails below the floors of docs/design.md."
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--program", default="", help="a lighthouse that is installed already")
    options = parser.parse_args(arguments)
    npx, chromium = shutil.which("npx"), next(filter(None, map(shutil.which, WINDOWED)), None)
    if (npx is None and not options.program) or chromium is None:
        sys.stderr.write("Lighthouse wants Node with npx, and Chromium (Debian: apt-get install npm chromium).\n")
        return 1
    program = [options.program] if options.program else [str(npx), "--yes", f"lighthouse@{VERSION}"]
    out = ROOT / "var/lighthouse"
    out.mkdir(parents=True, exist_ok=True)
    with serve(None, server="uvicorn") as site:
        site.manage("seed_demo")
        until(lambda: at_rest(site.url + PAGE), seconds=180, what="the end of the pictures' work")
        reports = [report(site.url + PAGE, out / f"run-{number + 1}", program, chromium) for number in range(options.runs)]
    scores = {name: round(100 * statistics.median(each["categories"][name]["score"] or 0 for each in reports)) for name in FLOORS}
    for name, score in scores.items():
        sys.stdout.write(f"{name:<26}{score}\n")
    for name in FIGURES:
        sys.stdout.write(f"{name:<26}{statistics.median(each['audits'][name]['numericValue'] for each in reports):.3f}\n")
    for audit in reports[0]["audits"].values():
        if audit["score"] is not None and audit["score"] < 0.9:
            sys.stdout.write(f"  {audit['score']} {audit['id']}: {audit['title']}\n")
    return 0 if all(score >= FLOORS[name] for name, score in scores.items()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
