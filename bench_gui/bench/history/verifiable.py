"""A lane's history as Kafka's verifiable producer and consumer print it: one JSON object a line.

A worker slot is one such tool; its processes follow each other in its file, each from its
`startup_complete`, and a killed one says nothing at its end. A value is "slot.sequence", as the
producer's --value-prefix makes it. Which partitions a consumer was assigned is not recorded, so
nothing says so. Pure.

Source: apache/kafka, tools/src/main/java/org/apache/kafka/tools/VerifiableProducer.java and
VerifiableConsumer.java.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from bench_gui.bench.history.operations import Commit, Outcome, Poll, Reason, Send, Stretch
from bench_gui.bench.records.stored_processes import Process
from workers.files import CLICKS
from workers.lanes import Role
from workers.time_units import MS_NS, SECOND_NS

UNTHROTTLED = -1
"""The target throughput of a producer without one."""

EXCEPTIONS: dict[Reason, tuple[str, str]] = {
    Reason.ABORTED: (
        "class org.apache.kafka.common.errors.TransactionAbortedException",
        "the transaction was aborted",
    ),
    Reason.REQUEST_LOST: (
        "class org.apache.kafka.common.errors.TimeoutException",
        "the request was lost",
    ),
}
"""What Kafka's client would have said. A killed client says nothing."""


class Source(Protocol):
    """Where a lane's operations come from, such as `lane_snapshot.LaneSnapshot`."""

    producers: int
    start_ns: int
    started_at: str
    rate_eps: int | None

    def of_slot(self, role: Role, slot: int) -> list[Process]: ...
    def sends(self, slot: int) -> Iterator[Send]: ...
    def polls(self, slot: int) -> Iterator[Poll]: ...
    def commits(self, slot: int) -> Iterator[Commit]: ...


class Said(NamedTuple):
    """One line. `fields` come after the timestamp and the name."""

    at_ns: int
    name: str
    fields: dict[str, Any]


def producer_lines(source: Source, slot: int) -> Iterator[str]:
    """What the verifiable producer of the slot would have printed."""
    tally = _Tally(source)
    sends = (said for send in source.sends(slot) for said in tally.said(send))
    lives = _lives(source.of_slot(Role.PRODUCER, slot), tally)
    return _lines(source, heapq.merge(sends, lives, key=_at))


def consumer_lines(source: Source, slot: int) -> Iterator[str]:
    """What the verifiable consumer of the slot would have printed."""
    polls = (_consumed(poll) for poll in source.polls(slot))
    commits = (_committed(commit) for commit in source.commits(slot))
    lives = _lives(source.of_slot(Role.CONSUMER, slot), None)
    return _lines(source, heapq.merge(polls, commits, lives, key=_at))


def _at(said: Said) -> int:
    return said.at_ns


def _lines(source: Source, said: Iterable[Said]) -> Iterator[str]:
    """Timestamps are milliseconds since the epoch."""
    started_ns = int(datetime.fromisoformat(source.started_at).timestamp() * SECOND_NS)
    for at_ns, name, fields in said:
        timestamp_ms = (started_ns + at_ns - source.start_ns) // MS_NS
        line = {"timestamp": timestamp_ms, "name": name, **fields}
        yield json.dumps(line, separators=(",", ":")) + "\n"


def _lives(processes: Iterable[Process], tally: _Tally | None) -> Iterator[Said]:
    """The start of each process, and the end of those that came to their own."""
    for process in processes:
        yield Said(process.started_ns, "startup_complete", {})
        if process.finished and process.ended_ns is not None:
            yield Said(process.ended_ns, "shutdown_complete", {})
            if tally is not None:
                yield Said(process.ended_ns, "tool_data", tally.of(process))


class _Tally:
    """What each producer process has sent so far."""

    def __init__(self, source: Source) -> None:
        self._sent: Counter[int] = Counter()
        self._acked: Counter[int] = Counter()
        rate = source.rate_eps
        self._target = UNTHROTTLED if rate is None else rate // source.producers

    def said(self, send: Send) -> Iterator[Said]:
        for stretch in send.stretches:
            self._sent[send.incarnation] += stretch.count
            if send.outcome is Outcome.OK:
                self._acked[send.incarnation] += stretch.count
            for n in range(stretch.count):
                yield from _sent(send, stretch, n)

    def of(self, process: Process) -> dict[str, Any]:
        """The summary that it prints last."""
        incarnation = process.worker.incarnation
        acked = self._acked[incarnation]
        lived_ms = max(1, ((process.ended_ns or 0) - process.started_ns) // MS_NS)
        return {
            "sent": self._sent[incarnation],
            "acked": acked,
            "target_throughput": self._target,
            "avg_throughput": 1000 * acked / lived_ms,
        }


def _sent(send: Send, stretch: Stretch, n: int) -> Iterator[Said]:
    at_ns = send.began_ns if send.ended_ns is None else send.ended_ns
    event = {"key": None, "value": f"{stretch.source}.{stretch.first_sequence + n}"}
    if send.outcome is Outcome.OK:
        place = {"partition": stretch.partition, "offset": stretch.first_offset + n}
        yield Said(at_ns, "producer_send_success", {**event, "topic": CLICKS, **place})
    elif send.reason in EXCEPTIONS:
        exception, message = EXCEPTIONS[send.reason]
        error = {"exception": exception, "message": message}
        yield Said(at_ns, "producer_send_error", {**event, "topic": CLICKS, **error})


def _consumed(poll: Poll) -> Said:
    partitions: dict[int, dict[str, Any]] = {}
    for stretch in poll.polled:
        summary = partitions.setdefault(stretch.partition, _summary(stretch))
        last = stretch.first_offset + stretch.count - 1
        summary["count"] += stretch.count
        summary["minOffset"] = min(summary["minOffset"], stretch.first_offset)
        summary["maxOffset"] = max(summary["maxOffset"], last)
    count = sum(summary["count"] for summary in partitions.values())
    at_ns = poll.began_ns if poll.ended_ns is None else poll.ended_ns
    fields = {"count": count, "partitions": list(partitions.values())}
    return Said(at_ns, "records_consumed", fields)


def _summary(stretch: Stretch) -> dict[str, Any]:
    offset = stretch.first_offset
    place = {"topic": CLICKS, "partition": stretch.partition}
    return {**place, "count": 0, "minOffset": offset, "maxOffset": offset}


def _committed(commit: Commit) -> Said:
    offsets = [
        {"topic": CLICKS, "partition": partition, "offset": offset}
        for partition, offset in commit.offsets
    ]
    return Said(commit.at_ns, "offsets_committed", {"offsets": offsets, "success": True})
