"""The rules of Jepsen's checker for Kafka, said again in Python over an exported history.

Only those that need no graph: what is appended, read, lost, there twice, read though aborted, and
the order within and between a process's operations. Each function is named as in
jepsen-io/jepsen, jepsen/src/jepsen/tests/kafka.clj; the values are those of the history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.bench.edn_reader import read_edn

Op = dict[str, Any]
Place = tuple[int, int]
"""(key, value)."""
TRANSFERS = {":send", ":poll", ":txn"}


def read_history(text: str) -> list[Op]:
    return [read_edn(line) for line in text.splitlines()]


def client_ops(history: Iterable[Op]) -> list[Op]:
    return [op for op in history if op[":process"] != ":nemesis"]


def op_writes(op: Op) -> Iterator[tuple[int, int | None, int]]:
    """(key, offset, value) of each send."""
    if op[":f"] in {":send", ":txn"}:
        for mop in op[":value"]:
            if mop[0] == ":send":
                _, key, value = mop
                yield (key, *value) if isinstance(value, list) else (key, None, value)


def op_reads(op: Op) -> Iterator[tuple[int, int | None, int]]:
    """(key, offset, value) of each record polled."""
    if op[":f"] in {":poll", ":txn"}:
        for mop in op[":value"]:
            if mop[0] == ":poll" and len(mop) > 1:
                for key, pairs in mop[1].items():
                    for offset, value in pairs:
                        yield key, offset, value


@dataclass(frozen=True)
class VersionOrder:
    """One key: the values at each offset, and each value's index without the gaps."""

    log: dict[int, set[int]]

    @property
    def by_index(self) -> list[set[int]]:
        return [self.log[offset] for offset in sorted(self.log)]

    def first_index(self, value: int) -> int | None:
        return next((n for n, values in enumerate(self.by_index) if value in values), None)

    def last_index(self, value: int) -> int | None:
        found = [n for n, values in enumerate(self.by_index) if value in values]
        return found[-1] if found else None


class Analysis:
    """What the checker works out before it looks for errors."""

    def __init__(self, history: Iterable[Op]) -> None:
        self.ops = client_ops(history)
        self.completed = [op for op in self.ops if op[":type"] != ":invoke"]
        self.writes = self._by_type(op_writes)
        self.reads = self._by_type(op_reads)
        self.writer_of: dict[Place, Op] = {}
        for op in self.completed:
            for key, _, value in op_writes(op):
                self.writer_of[key, value] = op
        self.orders = self._version_orders()

    def _by_type(self, of: Any) -> dict[str, set[Place]]:
        found: dict[str, set[Place]] = defaultdict(set)
        for op in self.completed:
            found[op[":type"]] |= {(key, value) for key, _, value in of(op)}
        return found

    def must_have_committed(self, op: Op) -> bool:
        if op[":type"] == ":ok":
            return True
        seen = any((key, value) in self.reads[":ok"] for key, _, value in op_writes(op))
        return op[":type"] == ":info" and seen

    def _version_orders(self) -> dict[int, VersionOrder]:
        logs: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        for op in self.completed:
            found = list(op_reads(op))
            if self.must_have_committed(op):
                found += op_writes(op)
            for key, offset, value in found:
                if offset is not None:
                    logs[key][offset].add(value)
        return {key: VersionOrder(dict(log)) for key, log in logs.items()}


def g1a_cases(analysis: Analysis) -> set[Place]:
    """Aborted reads."""
    return analysis.reads[":ok"] & analysis.writes[":fail"]


def duplicate_cases(analysis: Analysis) -> set[Place]:
    """Values at more than one offset of a key."""
    found: dict[Place, int] = defaultdict(int)
    for key, order in analysis.orders.items():
        for values in order.by_index:
            for value in values:
                found[key, value] += 1
    return {place for place, count in found.items() if count > 1}


def inconsistent_offsets(analysis: Analysis) -> set[Place]:
    """(key, offset) that hold more than one value."""
    return {
        (key, offset)
        for key, order in analysis.orders.items()
        for offset, values in order.log.items()
        if len(values) > 1
    }


def lost_write_cases(analysis: Analysis) -> set[Place]:
    """Values passed over: below the highest one read, written for certain, and never read."""
    lost: set[Place] = set()
    for key in {key for key, _ in analysis.reads[":ok"]}:
        order = analysis.orders[key]
        read = {value for k, value in analysis.reads[":ok"] if k == key}
        bound = max(
            (order.first_index(value) for value in read), key=lambda i: -1 if i is None else i
        )
        assert bound is not None
        for value in {v for values in order.by_index for v in values} - read:
            last = order.last_index(value)
            assert last is not None
            if last <= bound and analysis.must_have_committed(analysis.writer_of[key, value]):
                lost.add((key, value))
    return lost


def unseen(analysis: Analysis) -> set[Place]:
    """Acknowledged and never polled by anybody."""
    return analysis.writes[":ok"] - analysis.reads[":ok"]


def unwritten(analysis: Analysis) -> set[Place]:
    """Polled and sent by nobody: the checker gives up on such a history."""
    polled = set().union(*analysis.reads.values())
    return polled - set(analysis.writer_of)


def precommitted_read_cases(analysis: Analysis) -> list[Op]:
    def own(op: Op) -> set[Place]:
        return {(k, v) for k, _, v in op_reads(op)} & {(k, v) for k, _, v in op_writes(op)}

    return [op for op in analysis.completed if own(op)]


def _steps(analysis: Analysis, values: dict[int, list[int]]) -> Iterator[int]:
    for key, mine in values.items():
        order = analysis.orders.get(key, VersionOrder({}))
        for before, after in pairwise(mine):
            i, j = order.last_index(before), order.last_index(after)
            yield 1 if i is None or j is None else j - i


def _grouped(found: Iterable[tuple[int, int | None, int]]) -> dict[int, list[int]]:
    values: dict[int, list[int]] = defaultdict(list)
    for key, _, value in found:
        values[key].append(value)
    return values


def int_poll_errors(analysis: Analysis) -> list[Op]:
    """Polls that within themselves skip a record, go back or repeat."""
    return [
        op
        for op in analysis.completed
        if any(step != 1 for step in _steps(analysis, _grouped(op_reads(op))))
    ]


def int_nonmonotonic_send(analysis: Analysis) -> list[Op]:
    return [
        op
        for op in analysis.completed
        if any(step < 1 for step in _steps(analysis, _grouped(op_writes(op))))
    ]


def poll_steps(analysis: Analysis) -> Iterator[tuple[int, int, int]]:
    """(process, key, step) from each of a process's polls to its next of the same key."""
    last: dict[tuple[int, int], int] = {}
    for op in analysis.completed:
        process = op[":process"]
        if op[":f"] in {":subscribe", ":assign"}:
            kept = set(op[":value"])
            last = {k: v for k, v in last.items() if k[0] != process or k[1] in kept}
            continue
        for key, values in _grouped(op_reads(op)).items():
            if (process, key) in last:
                yield process, key, next(_steps(analysis, {key: [last[process, key], values[0]]}))
            if op[":type"] == ":ok":
                last[process, key] = values[-1]


def nonmonotonic_polls(analysis: Analysis) -> set[tuple[int, int]]:
    """(process, key) that were polled again from where they had been before."""
    return {(process, key) for process, key, step in poll_steps(analysis) if step < 1}


def nonmonotonic_sends(analysis: Analysis) -> list[tuple[int, int]]:
    last: dict[tuple[int, int], int] = {}
    found = []
    for op in analysis.completed:
        if op[":type"] == ":fail":
            continue
        for key, values in _grouped(op_writes(op)).items():
            place = (op[":process"], key)
            if place in last and next(_steps(analysis, {key: [last[place], values[0]]})) < 1:
                found.append(place)
            last[place] = values[-1]
    return found


RULES = {
    "duplicate": duplicate_cases,
    "G1a": g1a_cases,
    "lost-write": lost_write_cases,
    "inconsistent-offsets": inconsistent_offsets,
    "unseen": unseen,
    "no-writer-of": unwritten,
    "precommitted-read": precommitted_read_cases,
    "int-poll": int_poll_errors,
    "int-nonmonotonic-send": int_nonmonotonic_send,
    "nonmonotonic-poll": nonmonotonic_polls,
    "nonmonotonic-send": nonmonotonic_sends,
}
OF_LOG_DUPLICATES = {"duplicate", "int-poll", "nonmonotonic-poll", "nonmonotonic-send",
                     "int-nonmonotonic-send"}  # fmt: skip
"""What a value at two offsets looks like: the checker orders it by the last."""
ALLOWED = {
    "at-most-once": {"lost-write", "unseen"},
    "at-least-once": OF_LOG_DUPLICATES,
    "idempotent-consumer": OF_LOG_DUPLICATES,
    "cross-system": {"nonmonotonic-poll"},
}
"""What each lane's semantic lets the checker find. Its effects are not the checker's concern."""


def found_errors(history: list[Op]) -> set[str]:
    analysis = Analysis(history)
    return {name for name, rule in RULES.items() if rule(analysis)}


def check_form(history: list[Op]) -> None:
    """What every history must be."""
    assert [op[":index"] for op in history] == list(range(len(history)))
    assert all(a[":time"] <= b[":time"] for a, b in pairwise(history))
    open_ops: dict[Any, Op] = {}
    for op in client_ops(history):
        process = op[":process"]
        if op[":type"] == ":invoke":
            assert process not in open_ops
            open_ops[process] = op
            continue
        invoked = open_ops.pop(process)
        assert op[":f"] == invoked[":f"]
        assert op[":type"] in {":ok", ":fail", ":info"}
        assert [mop[0] for mop in _mops(op)] == [mop[0] for mop in _mops(invoked)]
    assert not open_ops


def _mops(op: Op) -> list[Any]:
    return op[":value"] if op[":f"] in TRANSFERS else []
