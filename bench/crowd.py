"""`python -m bench.crowd`: readers who have stopped reading, a busy afternoon, with Redis and without, and two processes instead of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bench import contestants, generator, options
from bench.contestants import Contestant
from bench.fanout import Results, cost, faults, figure
from bench.generator import Load
from bench.report import Report, median, say
from bench.stage import Stage, ready
from tests.services import free_port

# Nearly the largest frame there is, and 4.5 MB in all: the kernel takes 2.4 MB for a reader who reads nothing before the server feels it.
LARGE = 15_000
FLOOD = 300
# What G2 promises its second for (docs/delivery.md), for as long as it takes to see whether something piles up.
BUSY_RATE = 20
BUSY_SECONDS = 60
BUSY = "twenty entries a second"
NO_REDIS = f"{BUSY}, without Redis"
# In the order of a round. What stalled readers do to the others is a ratio of two p99, and of three hundred entries three decide each:
# twice as many runs, and those with them between those without, so that a machine that grows slower or quicker tells nothing.
ROUND = ("two entries a second", BUSY, "flood", "flood, 2 % stalled", "flood, 2 % stalled", "flood", "spread")


def loads(readers: int) -> dict[str, Load]:
    flood = Load(readers=readers, singles=0, burst=FLOOD, frame_bytes=LARGE, entries_per_second=20, timeout_s=60)
    return {
        "two entries a second": Load(readers=readers, singles=0, burst=40, entries_per_second=2, timeout_s=60),
        BUSY: Load(readers=readers, singles=0, burst=BUSY_RATE * BUSY_SECONDS, entries_per_second=BUSY_RATE, timeout_s=2 * BUSY_SECONDS),
        "flood": flood,
        "flood, 2 % stalled": replace(flood, stalled=max(readers // 50, 1)),
        # As many as one process shall bear: below a thousand, what an entry costs a process once would be most of it.
        "spread": Load(readers=5 * readers, singles=10, together=True),
    }


def measure(stage: Stage, report: Report, *, readers: int, runs: int, servers: list[str]) -> Results:
    program = generator.build(stage.folder)
    results: Results = {}
    for number in range(1, runs + 1):
        for server in servers:
            one, two = contestants.ours(server), contestants.ours(server, processes=2)
            wanted = loads(readers)
            plan: list[tuple[str, Contestant, Load]] = [(name, one, wanted[name]) for name in ROUND]
            plan.append(("spread over two", two, wanted["spread"]))
            # Nobody listens there: every entry waits for the sync loop.
            alone = contestants.ours(server, environment={"REDIS_URL": f"redis://127.0.0.1:{free_port()}"})
            plan.append((NO_REDIS, alone, wanted[BUSY]))
            for name, contestant, load in plan:
                with contestant(stage) as target:
                    outcome = generator.run(program, target, load)
                results.setdefault((f"{server}: {name}", readers), []).append(outcome)
                report.runs.append({"round": number, "server": server, "what": name, "faults": outcome.faults, **outcome.figures})
                say(
                    f"  round {number}, {server}, {name}: {outcome.get('burst.cpu_us_per_delivery'):.1f} µs a delivery, "
                    f"p99 {outcome.get('burst.p99_after_commit_ms'):.0f} ms after the commit; " + "; ".join(outcome.faults)
                )
    return results


def too_slow(results: Results, name: tuple[str, int]) -> list[str]:
    """The rounds in which the machine could not write at the rate that was asked for."""
    took = [outcome.get("burst.seconds") for outcome in results.get(name, [])]
    return [f"the writer took {seconds:.0f} s for {BUSY_SECONDS} s of entries" for seconds in took if seconds > 1.1 * BUSY_SECONDS]


def judge(report: Report, results: Results, *, readers: int, servers: list[str]) -> None:
    for server in servers:

        def name(what: str, server: str = server) -> tuple[str, int]:
            return f"{server}: {what}", readers

        busy, flood, stalled = name("two entries a second"), name("flood"), name("flood, 2 % stalled")
        busier, bereft = name(BUSY), name(NO_REDIS)
        p99 = "burst.p99_after_commit_ms"
        report.add(
            f"{server}: commit to reader, p99, {readers:,} readers, 2 entries/s",
            figure(results, *busy, p99),
            100,
            unit="ms",
            faults=faults(results, busy),
        )
        report.add(
            f"{server}: the same, {BUSY_RATE} entries/s for {BUSY_SECONDS} s",
            figure(results, *busier, p99),
            1000,
            unit="ms",
            faults=[*faults(results, busier), *too_slow(results, busier)],
        )
        report.add(
            f"{server}: the same, without Redis",
            figure(results, *bereft, p99),
            5000,
            unit="ms",
            faults=[*faults(results, bereft), *too_slow(results, bereft)],
        )
        report.add(
            f"{server}: cost a delivery with 2 % stalled ÷ without",
            cost(results, *stalled, "burst") / cost(results, *flood, "burst"),
            1.1,
            faults=faults(results, stalled, flood),
        )
        report.add(
            f"{server}: p99 of the others with 2 % stalled ÷ without",
            figure(results, *stalled, p99) / figure(results, *flood, p99),
            1.1,
            faults=faults(results, stalled, flood),
        )
        grown = median(
            with_.get("memory_growth_kib") - without.get("memory_growth_kib")
            for with_, without in zip(results.get(stalled, []), results.get(flood, []), strict=True)
        )
        still = figure(results, *stalled, "stalled")
        report.add(
            f"{server}: memory that a stalled reader took",
            grown / still,
            128,
            unit="KiB",
            note=f"of {still:.0f}",
            faults=faults(results, stalled),
        )
        for phase, bar in (("single", 1.1), ("together", None)):
            report.add(
                f"{server}: cost a delivery, two processes ÷ one, {5 * readers:,} readers, {phase}",
                cost(results, *name("spread over two"), phase) / cost(results, *name("spread"), phase),
                bar,
                faults=faults(results, name("spread over two"), name("spread")),
            )


def main(arguments: list[str] | None = None) -> Report:
    parser = options.parser(__doc__)
    parser.add_argument("--readers", type=int, default=1000, help="how many readers; five times as many for one and two processes (1000)")
    chosen: Any = parser.parse_args(arguments)
    report = Report("crowd", counters=True)
    with ready() as stage:
        stage.open_blogs(contestants.SLUG)
        results = measure(stage, report, readers=chosen.readers, runs=chosen.runs, servers=chosen.servers)
    judge(report, results, readers=chosen.readers, servers=chosen.servers)
    report.finish(chosen.out)
    return report


if __name__ == "__main__":
    main()
