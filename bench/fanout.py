"""`python -m bench.fanout`: what a delivery costs, alone and in a burst, beside nginx with nchan and the tutorial's way."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from bench import contestants, generator, options
from bench.contestants import Contestant, Missing
from bench.generator import Load, Outcome
from bench.report import Report, median, say
from bench.stage import Stage, ready

# The tutorial's way needs milliseconds for each delivery: fewer repetitions, and none at all where a run would take minutes.
TUTORIAL = Load(readers=0, singles=2, burst=0)
TUTORIAL_MOST_READERS = 5000
# The time to the last reader has two modes on some machines, whoever serves: the median of a few is now one of them and now the other.
SINGLES = 20

Results = dict[tuple[str, int], list[Outcome]]


def field_of(servers: list[str]) -> dict[str, Contestant]:
    return {
        "nchan": contestants.nchan,
        **{f"ours on {server}": contestants.ours(server) for server in servers},
        **{f"tutorial on {server}": contestants.tutorial(server) for server in servers},
    }


def load_for(name: str, readers: int) -> Load:
    if name.startswith("tutorial"):
        return Load(readers=readers, singles=TUTORIAL.singles, burst=0)
    return Load(readers=readers, singles=SINGLES, together=True)


def measure(stage: Stage, report: Report, *, sizes: list[int], runs: int, servers: list[str]) -> Results:
    """`runs` rounds; in each, every contestant in turn at every size, so that a busy minute of the machine hits all alike."""
    program = generator.build(stage.folder)
    results: Results = defaultdict(list)
    for number in range(1, runs + 1):
        for readers in sizes:
            for name, contestant in field_of(servers).items():
                if name.startswith("tutorial") and readers > TUTORIAL_MOST_READERS:
                    continue
                try:
                    with contestant(stage) as target:
                        outcome = generator.run(program, target, load_for(name, readers))
                except Missing as missing:
                    say(f"  {name} is left out: {missing}")
                    continue
                results[name, readers].append(outcome)
                report.runs.append({"round": number, "contestant": name, "faults": outcome.faults, **outcome.figures})
                say(f"  round {number}, {readers:,} readers, {name}: {told(outcome)}")
    return results


def told(outcome: Outcome) -> str:
    told_phases = []
    for phase in ("single", "burst", "together"):
        cpu, last = outcome.get(f"{phase}.cpu_us_per_delivery"), outcome.get(f"{phase}.last_after_commit_ms")
        if not math.isnan(cpu):
            told_phases.append(f"{phase} {cpu:.1f} µs a delivery, last after {last:.0f} ms")
    return "; ".join([", ".join(told_phases) or "nothing", *outcome.faults])


def cost(results: Results, name: str, readers: int, phase: str = "single") -> float:
    return median(outcome.cost(phase) for outcome in results.get((name, readers), []))


def figure(results: Results, name: str, readers: int, path: str) -> float:
    return median(outcome.get(path) for outcome in results.get((name, readers), []))


def best(results: Results, name: str, readers: int, path: str) -> float:
    """The least of all rounds: of a time, the one that the rest of the machine lengthened least. Reported, not judged."""
    return min((value for outcome in results.get((name, readers), []) if not math.isnan(value := outcome.get(path))), default=math.nan)


def faults(results: Results, *keys: tuple[str, int]) -> list[str]:
    return [
        f"{name}, {readers:,} readers: {fault}"
        for name, readers in keys
        for outcome in results.get((name, readers), [])
        for fault in outcome.faults
    ]


def judge(report: Report, results: Results, *, sizes: list[int], servers: list[str]) -> None:
    size = 5000 if 5000 in sizes else sizes[-1]
    small = 1000 if 1000 in sizes else sizes[0]
    unit = "insn" if generator_counts(results) else "µs CPU"
    for readers in sizes:
        for name in field_of(servers):
            for phase in ("single", "burst", "together"):
                if not math.isnan(value := cost(results, name, readers, phase)):
                    report.add(
                        f"{name}, {readers:,} readers, {phase}: a delivery", value, unit=unit, faults=faults(results, (name, readers))
                    )
    single_bar = {"daphne": 1.6, "uvicorn": 1.0}
    burst_bar = {"daphne": 0.35, "uvicorn": 0.2}
    time_bar = 1.3
    for server in servers:
        ours, way = f"ours on {server}", f"tutorial on {server}"
        of_both = faults(results, (ours, size), ("nchan", size))
        at = f"{server}, {size:,} readers"
        report.add(
            f"cost a delivery ÷ nchan, {at}", cost(results, ours, size) / cost(results, "nchan", size), single_bar[server], faults=of_both
        )
        report.add(
            f"cost a delivery, burst of 30 as one writer commits them ÷ nchan, {at}",
            cost(results, ours, size, "burst") / cost(results, "nchan", size, "burst"),
            faults=of_both,
        )
        report.add(
            f"cost a delivery, burst of 30 that arrives together ÷ nchan, {at}",
            cost(results, ours, size, "together") / cost(results, "nchan", size, "burst"),
            burst_bar[server],
            faults=of_both,
        )
        report.add(
            f"tutorial's cost ÷ ours, {at}",
            cost(results, way, size) / cost(results, ours, size),
            40 if server == "daphne" else None,
            at_least=True,
            faults=faults(results, (ours, size), (way, size)),
        )
        report.add(
            f"time to the last reader ÷ nchan, {at}",
            figure(results, ours, size, "single.last_after_commit_ms") / figure(results, "nchan", size, "single.last_ms"),
            time_bar,
            faults=of_both,
        )
        report.add(
            f"… the least of the rounds ÷ nchan's, {at}",
            best(results, ours, size, "single.last_after_commit_ms") / best(results, "nchan", size, "single.last_ms"),
        )
        report.add(
            f"growth of the cost, {size:,} ÷ {small:,} readers, {server}",
            cost(results, ours, size) / cost(results, ours, small),
            1.35,
            faults=faults(results, (ours, size), (ours, small)),
        )
    report.add(f"growth of the cost, {size:,} ÷ {small:,} readers, nchan", cost(results, "nchan", size) / cost(results, "nchan", small))


def generator_counts(results: Results) -> bool:
    return any(not math.isnan(outcome.get("single.kinsn_per_delivery")) for outcomes in results.values() for outcome in outcomes)


def main(arguments: list[str] | None = None) -> Report:
    parser = options.parser(__doc__)
    parser.add_argument("--readers", type=options.numbers, default=[1000, 5000, 10000], help="numbers of readers, by commas")
    chosen: Any = parser.parse_args(arguments)
    report = Report("fanout", counters=True)
    with ready() as stage:
        stage.open_blogs(contestants.SLUG)
        results = measure(stage, report, sizes=chosen.readers, runs=chosen.runs, servers=chosen.servers)
    judge(report, results, sizes=chosen.readers, servers=chosen.servers)
    report.finish(chosen.out)
    return report


if __name__ == "__main__":
    main()
