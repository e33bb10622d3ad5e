"""Which fault repeated or lost an event. Pure: the rules of attribution over one event's rows.

The auditor follows the same rules for every event at once and has the last word; these give the
same answer while it has none yet, and the words for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench_gui.bench.audit.blame import NOTICED_NS
from bench_gui.bench.incarnations import FaultMark, MarkKind
from bench_gui.bench.lifeline.evidence import (
    Delivery,
    LaneEvidence,
    Passing,
    RunEvidence,
    StoredRecord,
)
from bench_gui.bench.records.stored_processes import Process


@dataclass(frozen=True, slots=True)
class Blame:
    """A fault, and how it did it in words that follow a colon."""

    fault_id: int
    why: str


def fault_words(run: RunEvidence, fault_id: int) -> str:
    """ "fault 12 (kill)"."""
    fault = run.faults.get(fault_id)
    return f"fault {fault_id}" if fault is None else f"fault {fault_id} ({fault.kind})"


def end_words(run: RunEvidence, process: Process) -> str:
    """How a process ended: "was ended by fault 12 (kill) after X, before Y"."""
    if process.fault_id is None:
        return "finished by itself"
    fault = run.faults.get(process.fault_id)
    between = ""
    if fault is not None and fault.after_step is not None:
        between = f" after {fault.after_step}, before {fault.before_step}"
    return f"was ended by {fault_words(run, process.fault_id)}{between}"


def redelivery(run: RunEvidence, before: Delivery, again: Delivery) -> Blame | None:
    """Why a record that `before` had delivered was delivered by `again` once more.

    The end of the first, or an expired session of either, whichever came last before the act.
    """
    candidates = _expiries(run, {before.incarnation, again.incarnation}, again)
    process = run.processes.get(before.incarnation)
    if process is not None and _ended_before(process, again):
        assert process.fault_id is not None
        assert process.ended_ns is not None
        why = (
            f"{process.worker} had delivered it and {end_words(run, process)}, "
            f"so {run.who(again.incarnation)} delivered it again"
        )
        candidates.append((process.ended_ns, Blame(process.fault_id, why)))
    in_time = [found for found in candidates if found[0] <= again.at_ns]
    return max(in_time or candidates, key=lambda found: found[0], default=(0, None))[1]


def _ended_before(process: Process, again: Delivery) -> bool:
    """Whether a fault had ended it, as far as its end may be noticed late."""
    if not process.killed or process.worker.incarnation == again.incarnation:
        return False
    return (process.ended_ns or 0) <= again.at_ns + NOTICED_NS


def _expiries(
    run: RunEvidence, incarnations: Iterable[int], again: Delivery
) -> list[tuple[int, Blame | None]]:
    found: list[tuple[int, Blame | None]] = []
    for mark in run.marks:
        expired = mark.kind is MarkKind.EXPIRY and mark.incarnation in incarnations
        if expired and mark.at_ns <= again.at_ns:
            why = (
                f"the session of {run.who(mark.incarnation)} expired by "
                f"{fault_words(run, mark.fault_id)}, and {run.who(again.incarnation)} delivered "
                f"it again"
            )
            found.append((mark.at_ns, Blame(mark.fault_id, why)))
    return found


def log_duplicate(run: RunEvidence, before: StoredRecord, again: StoredRecord) -> Blame | None:
    """Why an event that `before` had stored in the log was stored by `again` once more."""
    process = run.processes.get(before.incarnation)
    if process is not None and process.killed and before.incarnation != again.incarnation:
        assert process.fault_id is not None
        why = (
            f"{process.worker} had appended it and {end_words(run, process)}, "
            f"so {run.who(again.incarnation)} appended it again"
        )
        return Blame(process.fault_id, why)
    marks = _marks(run, MarkKind.ACK_LOSS, before.incarnation)
    if not marks:
        return None
    # a repeated append may bear the time of the first one, which no mark comes before
    mark = max((m for m in marks if m.at_ns <= again.at_ns), key=_at, default=marks[0])
    words = fault_words(run, mark.fault_id)
    why = f"{run.who(before.incarnation)} had appended it, the acknowledgement was lost by {words}"
    return Blame(mark.fault_id, f"{why}, and it was appended again")


def loss_before_log(run: RunEvidence, passing: Passing) -> Blame | None:
    """Why an event that the source position had passed is in no record."""
    marks = _marks(run, MarkKind.REQUEST_LOSS, None)
    if marks and not run.lane.producer.retries:
        mark = marks[-1]
        words = fault_words(run, mark.fault_id)
        why = f"the request of {run.who(mark.incarnation)} was lost by {words}"
        return Blame(mark.fault_id, f"{why}, and this producer never retries")
    return _end_after_passing(run, passing, "had advanced the position past it")


def loss_after_log(run: RunEvidence, passing: Passing) -> Blame | None:
    """Why a record that a committed offset had passed has no effect."""
    return _end_after_passing(run, passing, "had committed the offset past it")


def _end_after_passing(run: RunEvidence, passing: Passing, deed: str) -> Blame | None:
    """A process that moved the position again had finished what it had passed before."""
    process = run.processes.get(passing.incarnation)
    if passing.again or process is None or not process.killed:
        return None
    assert process.fault_id is not None
    return Blame(process.fault_id, f"{process.worker} {deed} and {end_words(run, process)}")


def _marks(run: RunEvidence, kind: MarkKind, incarnation: int | None) -> list[FaultMark]:
    """The marks of the kind whose events hold this one, in the order of time.

    Of any process of its slot where `incarnation` is None.
    """
    slot, sequence = run.event
    found = [
        mark
        for mark in run.marks
        if mark.kind is kind
        and incarnation in {None, mark.incarnation}
        and mark.source == slot
        and mark.first_sequence <= sequence < mark.next_sequence
    ]
    return sorted(found, key=_at)


def _at(mark: FaultMark) -> int:
    return mark.at_ns


def repetitions(run: RunEvidence, lane: LaneEvidence, *, applied: bool) -> list[Blame]:
    """The causes of the deliveries beyond the first that were applied, or suppressed."""
    found: list[Blame] = []
    for number, delivery in enumerate(lane.deliveries):
        if number and delivery.applied is applied:
            blame = _repetition(run, lane, lane.deliveries[:number], delivery)
            if blame is not None and blame.fault_id not in {b.fault_id for b in found}:
                found.append(blame)
    return found


def _repetition(
    run: RunEvidence, lane: LaneEvidence, earlier: tuple[Delivery, ...], again: Delivery
) -> Blame | None:
    """Of the same record: a redelivery. Of another record: the log's duplicate shows."""
    place = (again.partition, again.offset)
    same = [d for d in earlier if (d.partition, d.offset) == place]
    stored = [record for record in lane.records if record.readable]
    if again.offset >= 0 and same:
        return redelivery(run, same[-1], again)
    if len(stored) < 2:
        return redelivery(run, earlier[-1], again)
    number = next((n for n, r in enumerate(stored) if (r.partition, r.offset) == place), 0)
    number = max(number, 1)  # the first record, delivered later: the second made it a duplicate
    return log_duplicate(run, stored[number - 1], stored[number])
