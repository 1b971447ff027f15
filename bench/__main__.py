"""`python -m bench`: every benchmark in turn, each with its defaults (or with the options given, which all of them know)."""

from __future__ import annotations

import sys

from bench import connections, crowd, fanout, growth, pages
from bench.report import say

for name, benchmark in (("Fan-out", fanout), ("Crowd", crowd), ("Connections", connections), ("Pages", pages), ("Growth", growth)):
    say(f"\n== {name} ==")
    benchmark.main(sys.argv[1:])
