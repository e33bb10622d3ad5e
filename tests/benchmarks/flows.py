"""End to end, one producer and one consumer: ours, by hand, and over each queue library."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks.bench import LANE, no_faults, run_bench
from tests.benchmarks.order import Order
from tests.benchmarks.peers import HAVE_TRANSACTIONS, PEERS, version
from tests.benchmarks.pipeline import run_pipeline
from tests.benchmarks.processes import Sampler
from tests.benchmarks.rounds import Contender, Figures
from tests.benchmarks.shares import Measured

OURS = "the bench"
HAND = "by hand"
RATE, CPU, OBSERVERS_CPU = "events/s", "CPU us/event", "observers' CPU us/event"
OBSERVERS = ("client", "bench", "auditor")
WARM_S = 0.5
PEER_WINDOW = 2000
"""Events under way over a peer: enough to keep it busy, and no backlog that slows its queries."""
SAMPLE_S = 0.4


def contenders(
    seconds: float, batch: int, sink_batch: int, durability: str, *, transactions: bool
) -> list[Contender]:
    """Everyone who can do the work; `transactions`: libraries once more with many at once."""
    order = Order("hand", "", seconds, batch, sink_batch, durability)
    made = [
        Contender(OURS, partial(_ours, seconds, batch, sink_batch, durability)),
        Contender(HAND, partial(run_pipeline, order)),
    ]
    for peer in installed():
        at_once = [False, True] if transactions and peer in HAVE_TRANSACTIONS else [False]
        for many in at_once:
            mine = Order(peer, "", seconds / 2, batch, sink_batch, durability,
                         window=PEER_WINDOW, transactions=many)  # fmt: skip
            name = f"{peer}, many at once" if many else peer
            made.append(Contender(name, partial(run_pipeline, mine)))
    return made


def installed() -> list[str]:
    """The peers that can be measured."""
    return [name for name in PEERS if version(name) is not None]


def peers_of(names: Sequence[str]) -> list[str]:
    """Of contenders' names, those of peers."""
    return [name for name in names if name not in {OURS, HAND}]


def notes() -> tuple[str, ...]:
    """How the libraries were used, and which of them are missing."""
    missing = [name for name in PEERS if name not in installed()]
    said = (
        "Libraries, one message an event, as durable against a kill as the bench: diskcache"
        " `Cache.push` and `pull` without eviction; litequeue `put`, `pop`, `done`; persist-queue"
        " `SQLiteQueue`; huey's `SqliteStorage` (its queue without its workers). All with a"
        " write-ahead log and SQLite's synchronous as the bench has it (persist-queue has no"
        " setting for it: set on its connection). Their producers keep the same source position,"
        " their consumers write into the same sink. None of them wakes another process, so their"
        f" consumers look again every millisecond; at most {PEER_WINDOW:,} events are under way, so"
        " that no backlog slows their queries. *Many at once*: puts, and takes or marks as done,"
        " share transactions as far as the library lets them.",
    )
    return (*said, f"Not installed, so not measured: {', '.join(missing)}.") if missing else said


def _ours(seconds: float, batch: int, sink_batch: int, durability: str, directory: Path) -> Figures:
    options = no_faults(
        lanes=LANE, rate="max", duration=f"{seconds:g}s", producers="1", consumers="1",
        partitions="1", batch=str(batch), linger="0ms", sink_batch=str(sink_batch),
        durability=durability,
    )  # fmt: skip
    samplers: list[Sampler] = []

    pids: list[int] = []

    def sample(process: subprocess.Popen[str]) -> None:
        samplers.append(Sampler(process.pid, SAMPLE_S))
        pids.append(process.pid)

    ran = run_bench(directory, options, keep_data=True, meanwhile=sample)
    samplers[0].stop()
    measured = Measured(ran.directory, samplers[0], pids[0])
    rate, shares = ran.delivered_per_second(), measured.shares(WARM_S)
    observers = sum(shares[part] for part in OBSERVERS)
    return {
        RATE: rate,
        CPU: shares["workers"] / rate * 1e6,
        OBSERVERS_CPU: observers / rate * 1e6,
    }
