"""A lane's history as Jepsen's checker for Kafka reads it: one operation a line, in EDN. Pure.

A producer slot is process 0, 1, ..., a consumer slot a process after those; in a lane with an
output topic one more process reads that topic at the end. A killed worker's process lives on in its
successor, because only then does the checker see that what was polled once is polled again.
Keys are partitions: 0, 1, ... of the input topic, then those of the output topic; NOWHERE is the
key of sends that never reached the log.

A value is the event's identity, slot << 40 | sequence. Records of aborted transactions have values
of their own, -1 - (key << 40 | offset): the event is sent again after an abort, and a checker that
expects each value to be sent once would take the second for the first.

Source: jepsen-io/jepsen, jepsen/src/jepsen/tests/kafka.clj ("Operations").
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from bench_gui.bench.history.edn import Keyword, edn
from bench_gui.bench.history.operations import (
    UNKNOWN_PARTITION,
    Outcome,
    Poll,
    Reason,
    Send,
    Stretch,
)
from bench_gui.bench.records.stored_processes import Process
from bench_gui.bench.snapshot import FaultReport
from workers.files import CLICKS, RESULTS, event_id
from workers.lanes import Role
from workers.time_units import SECOND_NS

NOWHERE = UNKNOWN_PARTITION
KEY_BITS = 40
READ_AT_ONCE = 2000
"""Records in one poll of the output topic's reader, if its batches are no longer."""

SEND, POLL, TXN, SUBSCRIBE, ASSIGN = map(Keyword, ("send", "poll", "txn", "subscribe", "assign"))
INVOKE, OK, INFO = map(Keyword, ("invoke", "ok", "info"))
NEMESIS = Keyword("nemesis")


Pair = tuple[int | None, int]
"""An offset, None where it is not known, and a value."""


class Source(Protocol):
    """Where a lane's operations come from, such as `lane_snapshot.LaneSnapshot`."""

    producers: int
    consumers: int
    partitions: int
    start_ns: int

    @property
    def has_output(self) -> bool: ...
    def of_slot(self, role: Role, slot: int) -> list[Process]: ...
    def nemesis(self) -> list[FaultReport]: ...
    def sends(self, slot: int) -> Iterator[Send]: ...
    def polls(self, slot: int) -> Iterator[Poll]: ...
    def committed_output(self) -> Iterator[Stretch]: ...
    def aborted(self, topic: str) -> Iterator[tuple[int, int, int]]: ...


class Op(NamedTuple):
    """One line of the history, without its index. `more`: keys beyond those of every operation."""

    time_ns: int
    process: int | Keyword
    type: Keyword
    f: Keyword
    value: Any
    more: dict[Keyword, Any]


def history_lines(source: Source) -> Iterator[str]:
    """The lane's whole history. Times are nanoseconds since the sources' start, never below 0."""
    last_ns = 0
    for index, op in enumerate(_whole(source)):
        last_ns = max(last_ns, op.time_ns - source.start_ns)
        yield _line(index, last_ns, op)


def _whole(source: Source) -> Iterator[Op]:
    """What happened, then what nobody knows the end of, then what the output's reader reads.

    The checker takes an operation that never ends for one that never was, so it ends as unknown.
    """
    open_ops: dict[int | Keyword, Op] = {}
    for op in _in_time(source):
        if op.type is INVOKE:
            open_ops[op.process] = op
        else:
            open_ops.pop(op.process, None)
        yield op
    more = {Keyword("error"): Keyword(Reason.UNDECIDED.value)}
    for op in open_ops.values():
        yield op._replace(type=INFO, more=more)
    if source.has_output:
        yield from _reader(source)


def _line(index: int, time_ns: int, op: Op) -> str:
    fields = {
        Keyword("index"): index,
        Keyword("time"): time_ns,
        Keyword("type"): op.type,
        Keyword("process"): op.process,
        Keyword("f"): op.f,
        Keyword("value"): op.value,
    }
    return edn(fields | op.more) + "\n"


def _in_time(source: Source) -> Iterator[Op]:
    names = Names(source)
    processes = [_nemesis(source)]
    for slot in range(source.producers):
        processes.append(_sequential(slot, (_send(names, send) for send in source.sends(slot))))
    for slot in range(source.consumers):
        number = source.producers + slot
        processes.append(_sequential(number, _consumer(source, names, slot)))
    return heapq.merge(*processes, key=lambda op: op.time_ns)


# values


@dataclass(slots=True)
class AbortedPlaces:
    """Records of aborted transactions in one topic: few, as each end aborts one at the most."""

    firsts: dict[int, list[int]] = field(default_factory=dict)
    counts: dict[int, list[int]] = field(default_factory=dict)

    def add(self, partition: int, offset: int, count: int) -> None:
        """In order of offset."""
        self.firsts.setdefault(partition, []).append(offset)
        self.counts.setdefault(partition, []).append(count)

    def __contains__(self, place: tuple[int, int]) -> bool:
        partition, offset = place
        firsts = self.firsts.get(partition, [])
        number = bisect_right(firsts, offset) - 1
        return number >= 0 and offset < firsts[number] + self.counts[partition][number]


class Names:
    """The keys and values of records."""

    def __init__(self, source: Source) -> None:
        self._partitions = source.partitions
        self._aborted = {topic: AbortedPlaces() for topic in (CLICKS, RESULTS)}
        for topic, places in self._aborted.items():
            for place in source.aborted(topic):
                places.add(*place)

    def key(self, topic: str, partition: int) -> int:
        """NOWHERE stays NOWHERE."""
        return partition + self._partitions if topic == RESULTS else partition

    def pairs(self, topic: str, stretch: Stretch) -> Iterator[Pair]:
        """The offset and the value of each record."""
        known = stretch.first_offset >= 0
        for n in range(stretch.count):
            offset = stretch.first_offset + n if known else None
            value = event_id(stretch.source, stretch.first_sequence + n)
            if offset is not None and (stretch.partition, offset) in self._aborted[topic]:
                value = -1 - (self.key(topic, stretch.partition) << KEY_BITS | offset)
            yield offset, value


# operations


class Span(NamedTuple):
    """An operation from its invocation to its completion. `ended_ns`: None without one."""

    began_ns: int
    ended_ns: int | None
    type: Keyword
    f: Keyword
    invoked: Any
    completed: Any
    more: dict[Keyword, Any]


def _sequential(process: int, spans: Iterable[Span]) -> Iterator[Op]:
    """Invocations and completions of one process, of which at most one operation is open.

    One that nobody can say the end of ends when the process is known to do something else.
    """
    now_ns = 0
    open_span: Span | None = None
    for span in spans:
        now_ns = max(now_ns, span.began_ns)
        if open_span is not None:
            yield Op(now_ns, process, INFO, open_span.f, open_span.completed, open_span.more)
        yield Op(now_ns, process, INVOKE, span.f, span.invoked, {})
        open_span = span if span.ended_ns is None else None
        if span.ended_ns is not None:
            now_ns = max(now_ns, span.ended_ns)
            yield Op(now_ns, process, span.type, span.f, span.completed, span.more)


def _send(names: Names, send: Send) -> Span:
    invoked: list[Any] = []
    completed: list[Any] = []
    for stretch in send.stretches:
        _add_sends(names, CLICKS, stretch, invoked, completed)
    if send.outcome is not Outcome.OK:
        completed = invoked
    kind, more = Keyword(send.outcome.value), _more(send.incarnation, send.reason)
    return Span(send.began_ns, send.ended_ns, kind, SEND, invoked, completed, more)


def _add_sends(
    names: Names, topic: str, stretch: Stretch, invoked: list[Any], completed: list[Any]
) -> None:
    key = names.key(topic, stretch.partition)
    for offset, value in names.pairs(topic, stretch):
        invoked.append((SEND, key, value))
        completed.append((SEND, key, (offset, value)))


def _consumer(source: Source, names: Names, slot: int) -> Iterator[Span]:
    keys = list(range(source.partitions))
    subscribed = (_subscription(process, keys) for process in source.of_slot(Role.CONSUMER, slot))
    polls = (_poll(names, poll) for poll in source.polls(slot))
    return heapq.merge(subscribed, polls, key=_end_or_begin)


def _end_or_begin(span: Span) -> int:
    return span.began_ns if span.ended_ns is None else span.ended_ns


def _subscription(process: Process, keys: list[int]) -> Span:
    at_ns = process.started_ns
    more = _more(process.worker.incarnation, None)
    return Span(at_ns, at_ns, OK, SUBSCRIBE, keys, keys, more)


def _poll(names: Names, poll: Poll) -> Span:
    invoked: list[Any] = [(POLL,)]
    completed: list[Any] = [(POLL, _polled(names, CLICKS, poll.polled))]
    for stretch in poll.sent:
        _add_sends(names, RESULTS, stretch, invoked, completed)
    kind, more = Keyword(poll.outcome.value), _more(poll.incarnation, poll.reason)
    suppressed = _polled(names, CLICKS, [s for s in poll.polled if not s.applied])
    if suppressed:
        more[Keyword("suppressed")] = suppressed
    f = TXN if poll.sent else POLL
    if poll.outcome is not Outcome.OK:
        completed = [completed[0], *invoked[1:]]
    return Span(poll.began_ns, poll.ended_ns, kind, f, invoked, completed, more)


def _polled(names: Names, topic: str, stretches: Iterable[Stretch]) -> dict[int, list[Pair]]:
    found: dict[int, list[Pair]] = {}
    for stretch in stretches:
        key = names.key(topic, stretch.partition)
        found.setdefault(key, []).extend(names.pairs(topic, stretch))
    return found


def _more(incarnation: int, reason: Reason | None) -> dict[Keyword, Any]:
    more: dict[Keyword, Any] = {Keyword("incarnation"): incarnation}
    return more if reason is None else more | {Keyword("error"): Keyword(reason.value)}


def _nemesis(source: Source) -> Iterator[Op]:
    for fault in sorted(source.nemesis(), key=lambda fault: fault.t_s):
        at_ns = source.start_ns + int(fault.t_s * SECOND_NS)
        value = {
            Keyword("fault"): fault.fault_id,
            Keyword("role"): Keyword(fault.role),
            Keyword("slot"): fault.slot,
            Keyword("after"): fault.after_step,
            Keyword("before"): fault.before_step,
        }
        yield Op(at_ns, NEMESIS, INFO, Keyword(fault.kind.replace(" ", "-")), value, {})


# the output topic's reader


def _reader(source: Source) -> Iterator[Op]:
    """Reads the output topic from its beginning, as one who sees committed records only."""
    names = Names(source)
    process = source.producers + source.consumers
    keys = [names.key(RESULTS, partition) for partition in range(source.partitions)]
    seek = {Keyword("seek-to-beginning?"): True}
    yield Op(0, process, INVOKE, ASSIGN, keys, seek)
    yield Op(0, process, OK, ASSIGN, keys, seek)
    for stretches in _chunks(source.committed_output()):
        yield Op(0, process, INVOKE, POLL, [(POLL,)], {})
        yield Op(0, process, OK, POLL, [(POLL, _polled(names, RESULTS, stretches))], {})


def _chunks(stretches: Iterable[Stretch]) -> Iterator[Sequence[Stretch]]:
    chunk: list[Stretch] = []
    records = 0
    for stretch in stretches:
        if chunk and records + stretch.count > READ_AT_ONCE:
            yield chunk
            chunk, records = [], 0
        chunk.append(stretch)
        records += stretch.count
    if chunk:
        yield chunk
