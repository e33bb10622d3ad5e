"""Two processes, a producer and a consumer, by hand or over a peer.

`python -m tests.benchmarks.pipeline ROLE ORDER` is one of them; `run_pipeline` runs both.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from tests.benchmarks.children import Children, go, ready_and_wait, tell, told
from tests.benchmarks.figures import percentile
from tests.benchmarks.hand import HandConsumer, HandProducer
from tests.benchmarks.order import Meter, Order
from tests.benchmarks.peers import PEERS
from tests.benchmarks.rounds import Figures
from tests.benchmarks.work import Clicks, Position, Sink, link_of, note_latencies, records_of

HELD_BACK_S = 0.0002
POLL_S = 0.001
"""How often a peer's consumer looks again at an empty queue; no peer wakes another process."""
SECOND_NS = 1_000_000_000
Append = Callable[[int, int, bytes], None]
"""First event, number of events, their records."""
Step = Callable[[], int]
"""Consumes what there is; returns how many events that was."""


def run_pipeline(order: Order, directory: Path) -> Figures:
    """Runs producer and consumer. Returns events/s and CPU, and latencies where a rate is kept."""
    order = replace(order, directory=str(directory))
    Meter.create(directory)
    os.mkfifo(directory / "bell")
    text = json.dumps(asdict(order))
    with Children() as children:
        roles = []
        for role in ("producer", "consumer"):
            roles.append(children.start("-m", "tests.benchmarks.pipeline", role, text))
            told(roles[-1])
        for process in reversed(roles):
            go(process)
        produced, consumed = (told(process) for process in roles)
    events = consumed["events"]
    seconds = (consumed["ended_ns"] - produced["began_ns"]) / SECOND_NS
    cpu_s = produced["cpu_s"] + consumed["cpu_s"]
    return {
        "events/s": events / seconds,
        "CPU us/event": cpu_s / events * 1e6,
        **consumed["latencies"],
    }


def main() -> None:
    """One of the two processes."""
    role, text = sys.argv[1:]
    order = Order(**json.loads(text))
    directory = Path(order.directory)
    (_produce if role == "producer" else _consume)(order, directory)


def _produce(order: Order, directory: Path) -> None:
    append, clicks, meter = _append(order, directory), Clicks(), Meter(directory)
    ready_and_wait()
    began_ns, cpu_s = time.monotonic_ns(), time.process_time()
    if order.rate_eps is None:
        position = _closed_loop(order, began_ns, append, clicks.blob, meter)
    else:
        position = _open_loop(order, order.rate_eps, began_ns, append, clicks.blob)
    meter.end(position)
    tell({"began_ns": began_ns, "cpu_s": time.process_time() - cpu_s})


def _append(order: Order, directory: Path) -> Append:
    if order.kind == "hand":
        return HandProducer(directory, order).append
    peer, position = PEERS[order.kind](directory, order), Position(directory, order.durability)

    def append(first: int, count: int, records: bytes) -> None:
        peer.put(list(records_of(records)))
        position.advance(first + count)

    return append


def _closed_loop(
    order: Order, began_ns: int, append: Append, blob: Callable[..., bytes], meter: Meter
) -> int:
    position, batch = 0, order.batch
    ends_ns = began_ns + int(order.seconds * SECOND_NS)
    while (now_ns := time.monotonic_ns()) < ends_ns:
        if position - meter.consumed >= order.window:
            time.sleep(HELD_BACK_S)
            continue
        append(position, batch, blob(position, batch, now_ns))
        position += batch
    return position


def _open_loop(
    order: Order, rate_eps: int, began_ns: int, append: Append, blob: Callable[..., bytes]
) -> int:
    """Takes events once they are due, all that are."""
    position, gap_ns = 0, SECOND_NS // rate_eps
    while position < order.seconds * rate_eps:
        due_ns = began_ns + position * gap_ns
        count = (time.monotonic_ns() - due_ns) // gap_ns + 1
        if count <= 0:
            time.sleep(max(0, due_ns - time.monotonic_ns()) / SECOND_NS)
            continue
        count = min(count, order.batch)
        append(position, count, blob(position, count, due_ns, gap_ns))
        position += count
    return position


def _consume(order: Order, directory: Path) -> None:
    latencies_ns: list[int] = []
    make_step = _hand_step if order.kind == "hand" else _peer_step
    step, sink = make_step(order, directory, latencies_ns)
    meter = Meter(directory)
    ready_and_wait()
    cpu_s, events = time.process_time(), 0
    while not meter.finished(events):
        events += step()
        meter.consumed = events
    ended_ns = time.monotonic_ns()
    cpu_s = time.process_time() - cpu_s
    if sink.counted() != events:
        raise RuntimeError(f"{events} events were consumed and {sink.counted()} counted")
    tell({"events": events, "ended_ns": ended_ns, "cpu_s": cpu_s,
          "latencies": _latencies(latencies_ns)})  # fmt: skip


def _latencies(latencies_ns: list[int]) -> dict[str, float]:
    if not latencies_ns:
        return {}
    return {f"p{p} ms": percentile(latencies_ns, p) / 1e6 for p in (50, 99)}


def _hand_step(order: Order, directory: Path, latencies_ns: list[int]) -> tuple[Step, Sink]:
    consumer = HandConsumer(directory, order)

    def step() -> int:
        rows = consumer.get()
        for _, records in rows:
            consumer.process(records, latencies_ns)
        return sum(count for count, _ in rows)

    return step, consumer.sink


def _peer_step(order: Order, directory: Path, latencies_ns: list[int]) -> tuple[Step, Sink]:
    peer, sink = PEERS[order.kind](directory, order), Sink(directory, order.durability)

    def step() -> int:
        messages = peer.get(order.sink_batch)
        if not messages:
            time.sleep(POLL_S)
            return 0
        sink.apply([link_of(record) for _, record in messages])
        peer.done(messages)
        if order.rate_eps is not None:
            for _, record in messages:
                note_latencies(record, 0, 1, latencies_ns)
        return len(messages)

    return step, sink


if __name__ == "__main__":
    main()
