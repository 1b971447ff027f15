"""`python -m bench.connections`: handshakes a second and the memory of a quiet reader, beside the tutorial's way and nchan."""

from __future__ import annotations

from typing import Any

from bench import contestants, generator, options
from bench.contestants import Contestant, Missing
from bench.fanout import Results, faults, figure
from bench.generator import Load
from bench.report import Report, say
from bench.stage import Stage, ready


def measure(stage: Stage, report: Report, *, readers: int, runs: int, servers: list[str]) -> Results:
    program = generator.build(stage.folder)
    results: Results = {}
    field: dict[str, Contestant] = {
        "nchan": contestants.nchan,
        **{f"ours on {server}": contestants.ours(server) for server in servers},
        **{f"tutorial on {server}": contestants.tutorial(server) for server in servers},
    }
    for number in range(1, runs + 1):
        for name, contestant in field.items():
            try:
                with contestant(stage) as target:
                    outcome = generator.run(program, target, Load(readers=readers, connect_only=True, settle_s=2))
            except Missing as missing:
                say(f"  {name} is left out: {missing}")
                continue
            results.setdefault((name, readers), []).append(outcome)
            report.runs.append({"round": number, "contestant": name, "faults": outcome.faults, **outcome.figures})
            say(
                f"  round {number}, {name}: {outcome.get('handshakes_per_second'):,.0f} handshakes a second at "
                f"{outcome.get('handshake_cpu_ms'):.2f} ms CPU, {outcome.get('memory_kib_per_reader'):.1f} KiB a reader "
                + "; ".join(outcome.faults)
            )
    return results


def judge(report: Report, results: Results, *, readers: int, servers: list[str]) -> None:
    memory_bar = {"daphne": 26.0, "uvicorn": 10.0}
    report.add(f"nchan: memory a quiet reader, {readers:,}", figure(results, "nchan", readers, "memory_kib_per_reader"), unit="KiB")
    for server in servers:
        ours, way = f"ours on {server}", f"tutorial on {server}"
        of_ours, of_both = faults(results, (ours, readers)), faults(results, (ours, readers), (way, readers))
        report.add(
            f"{server}: memory a quiet reader, {readers:,}",
            figure(results, ours, readers, "memory_kib_per_reader"),
            memory_bar[server],
            unit="KiB",
            faults=of_ours,
        )
        report.add(f"{server}: handshakes a second", figure(results, ours, readers, "handshakes_per_second"), unit="/s", faults=of_ours)
        report.add(
            f"{server}: handshakes a second ÷ the tutorial's",
            figure(results, ours, readers, "handshakes_per_second") / figure(results, way, readers, "handshakes_per_second"),
            1.5,
            at_least=True,
            faults=of_both,
        )
        report.add(
            f"{server}: CPU a handshake, the tutorial's ÷ ours",
            figure(results, way, readers, "handshake_cpu_ms") / figure(results, ours, readers, "handshake_cpu_ms"),
            faults=of_both,
        )


def main(arguments: list[str] | None = None) -> Report:
    parser = options.parser(__doc__)
    parser.add_argument("--readers", type=int, default=5000, help="how many connect (5000)")
    chosen: Any = parser.parse_args(arguments)
    report = Report("connections")
    with ready() as stage:
        stage.open_blogs(contestants.SLUG)
        results = measure(stage, report, readers=chosen.readers, runs=chosen.runs, servers=chosen.servers)
    judge(report, results, readers=chosen.readers, servers=chosen.servers)
    report.finish(chosen.out)
    return report


if __name__ == "__main__":
    main()
