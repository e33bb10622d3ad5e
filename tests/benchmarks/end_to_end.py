"""End to end at full speed, against two processes by hand and the queue libraries people use."""

from __future__ import annotations

import sys

from tests.benchmarks import flows
from tests.benchmarks.figures import best, ratio
from tests.benchmarks.options import Options, run_alone
from tests.benchmarks.rounds import interleaved
from tests.benchmarks.tables import comparison
from tests.benchmarks.targets import Finding, Result, target

BATCH, SINK_BATCH, DURABILITY = 1000, 500, "off"


def measure(options: Options) -> Result:
    """End to end as fast as it goes, at-least-once, no faults."""
    seconds = options.pick(1.5, 3, 10)
    made = flows.contenders(seconds, BATCH, SINK_BATCH, DURABILITY, transactions=True)
    figures = interleaved(made, options.rounds_or(5))
    rates = figures[flows.RATE]
    peers = flows.peers_of(list(rates))
    bases = [flows.HAND, *([best(rates, peers)] if peers else [])]
    beside = [(name, figures[name]) for name in (flows.CPU, flows.OBSERVERS_CPU)]
    table = comparison("end to end", flows.RATE, rates, bases, beside)
    findings = [
        Finding(target(f"end_to_end.{key}"), ratio(rates, flows.OURS, base).middle)
        for key, base in zip(("floor", "peers"), bases, strict=False)
    ]
    return Result(
        "end_to_end",
        "End to end, as fast as it goes",
        f"One producer process, one consumer process, one partition, batches of {BATCH:,}, one sink"
        f" transaction for {SINK_BATCH} events with one statement an event, source position and"
        f" offsets in files of their own, synchronous {DURABILITY}; {seconds:g} s a round, and half"
        " of that for each library. Rates are from the start to the last effect, the drain"
        " included. The bench is `main.py run` with everything that belongs to it (its auditor"
        " reads along): CPU is that of producer and consumer, the observers' that of command line,"
        " bench and auditor.",
        (table,),
        tuple(findings),
        flows.notes(),
    )


if __name__ == "__main__":
    sys.exit(run_alone(measure))
