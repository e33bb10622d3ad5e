"""One event at a time, end to end, against two processes by hand and the queue libraries."""

from __future__ import annotations

import sys

from tests.benchmarks import flows
from tests.benchmarks.figures import best, ratio
from tests.benchmarks.options import Options, run_alone
from tests.benchmarks.rounds import interleaved
from tests.benchmarks.tables import comparison
from tests.benchmarks.targets import Finding, Result, target

DURABILITY = "off"


def measure(options: Options) -> Result:
    """One event a transaction at every step, at-least-once, no faults."""
    seconds = options.pick(1.5, 3, 10)
    made = flows.contenders(seconds, 1, 1, DURABILITY, transactions=False)
    figures = interleaved(made, options.rounds_or(5))
    rates = figures[flows.RATE]
    peers = flows.peers_of(list(rates))
    bases = [flows.HAND, *([best(rates, peers)] if peers else [])]
    beside = [(name, figures[name]) for name in (flows.CPU, flows.OBSERVERS_CPU)]
    table = comparison("one at a time", flows.RATE, rates, bases, beside)
    findings = [
        Finding(target("single.peers"), ratio(rates, flows.OURS, base).middle) for base in bases[1:]
    ]
    return Result(
        "single",
        "One event at a time",
        "As end to end, but with batches of one, no linger and one event a sink transaction:"
        f" three SQLite transactions an event (log, source position, sink), synchronous"
        f" {DURABILITY}.",
        (table,),
        tuple(findings),
        flows.notes(),
    )


if __name__ == "__main__":
    sys.exit(run_alone(measure))
