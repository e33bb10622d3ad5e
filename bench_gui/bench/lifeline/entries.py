"""Turns the rows about one event into what happened, in the order of time. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bench_gui.bench.faults import PAUSE
from bench_gui.bench.incarnations import FaultMark, MarkKind
from bench_gui.bench.lifeline.blame import end_words, fault_words
from bench_gui.bench.lifeline.evidence import (
    Delivery,
    Evidence,
    LaneEvidence,
    Loss,
    Passing,
    Prepared,
    RunEvidence,
    StoredRecord,
    Transaction,
)
from bench_gui.bench.lifeline.fate import Judgement
from bench_gui.bench.lifeline.model import Fate, LifeEvent, LifeKind
from bench_gui.bench.records.stored_processes import Process, Worker
from bench_gui.bench.snapshot import AnomalyRange, FaultReport
from workers.files import CLICKS, RESULTS
from workers.lanes import Role
from workers.policies import OffsetsHome
from workers.time_units import MS_NS, SECOND_NS

UNSETTLED = frozenset({Fate.IN_FLIGHT, Fate.LOST_BEFORE_LOG, Fate.LOST_AFTER_LOG})
"""Fates in which nobody came after the processes that had the event."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A LifeEvent with its time in nanoseconds, so that it can be put in order."""

    at_ns: int
    kind: LifeKind
    incarnation: int | None
    text: str = ""
    where: str = ""
    fault_id: int | None = None


def entries_of(evidence: Evidence, judgement: Judgement) -> tuple[LifeEvent, ...]:
    """Everything that happened to the event, and to processes that had it in hand."""
    run, lane = evidence.run, evidence.lane
    moments = list(_due(run, lane))
    if lane is not None:
        acts = [*_producer_side(run, lane), *_consumer_side(run, lane)]
        moments += acts
        moments += _befell(run, lane, acts, judgement)
    else:
        moments += _losses_by_marks(run)
    # two records of the event may share a fetch or a commit
    in_time = sorted(dict.fromkeys(moments), key=lambda moment: moment.at_ns)
    told = [_told(run, moment) for moment in in_time]
    if lane is None:
        told += [_counted(run, anomaly) for anomaly in run.anomalies]
    return tuple(told)


def _told(run: RunEvidence, moment: Moment) -> LifeEvent:
    who = None if moment.incarnation is None else run.who(moment.incarnation)
    t_s = (moment.at_ns - run.start_ns) / SECOND_NS
    return LifeEvent(t_s, moment.kind, who, moment.where, moment.fault_id, moment.text)


def _counted(run: RunEvidence, anomaly: AnomalyRange) -> LifeEvent:
    who = None if anomaly.incarnation is None else run.who(anomaly.incarnation)
    where = ""
    if anomaly.partition is not None and anomaly.first_offset is not None:
        offset = anomaly.first_offset + run.event.sequence - anomaly.first_sequence
        where = _place(CLICKS, anomaly.partition, offset)
    text = f"{anomaly.kind}: {anomaly.explanation}"
    return LifeEvent(None, LifeKind.ANOMALY, who, where, anomaly.fault_id, text)


def _place(topic: str, partition: int, offset: int) -> str:
    return f"{topic} {partition} @ {offset}" if offset >= 0 else f"{topic} {partition}"


def _due(run: RunEvidence, lane: LaneEvidence | None) -> Iterator[Moment]:
    if run.due_ns is not None:
        yield Moment(run.due_ns, LifeKind.DUE, None)
    elif lane is not None and lane.records:
        yield Moment(lane.records[0].due_ns, LifeKind.DUE, None, "when it was asked for")


# what was done with the event


def _producer_side(run: RunEvidence, lane: LaneEvidence) -> Iterator[Moment]:
    yield from (_position(passing) for passing in lane.positions)
    yield from (_loss(run, loss) for loss in lane.losses)
    for number, record in enumerate(_by_attempts(lane)):
        again = "again, " if number else ""
        yield from _stored(record, LifeKind.APPENDED, CLICKS, again)


def _by_attempts(lane: LaneEvidence) -> Iterator[StoredRecord]:
    """The records at times that fit the losses between them.

    A batch has the time of its first attempt, whichever attempt stored it; an attempt comes after
    the loss that made it necessary.
    """
    losses: dict[int, deque[Loss]] = defaultdict(deque)
    for loss in lane.losses:
        losses[loss.incarnation].append(loss)
    not_before_ns: Counter[int] = Counter()
    for record in lane.records:
        who, mine = record.incarnation, losses[record.incarnation]
        while mine and not mine[0].acknowledgement:
            not_before_ns[who] = mine.popleft().at_ns
        yield replace(record, at_ns=max(record.at_ns, not_before_ns[who]))
        if mine:
            not_before_ns[who] = mine.popleft().at_ns


def _position(passing: Passing) -> Moment:
    if passing.back:
        text = f"from {passing.first:,} to {passing.next:,}: it will be taken again"
        return Moment(passing.at_ns, LifeKind.POSITION_WENT_BACK, passing.incarnation, text)
    text = f"past events {passing.first:,} to {passing.next - 1:,}"
    return Moment(passing.at_ns, LifeKind.POSITION_PASSED, passing.incarnation, text)


def _loss(run: RunEvidence, loss: Loss) -> Moment:
    kind, what = LifeKind.REQUEST_LOST, "the append did not happen"
    mark_kind = MarkKind.REQUEST_LOSS
    if loss.acknowledgement:
        kind, what = LifeKind.ACK_LOST, "the append did happen"
        mark_kind = MarkKind.ACK_LOSS
    marks = [m for m in run.marks if m.kind is mark_kind and m.incarnation == loss.incarnation]
    fault_id = next((mark.fault_id for mark in marks if mark.at_ns == loss.at_ns), None)
    text = f"attempt {loss.attempt + 1}: {what}"
    return Moment(loss.at_ns, kind, loss.incarnation, text, fault_id=fault_id)


def _losses_by_marks(run: RunEvidence) -> Iterator[Moment]:
    """What run.db alone knows of lost requests and acknowledgements."""
    kinds = {MarkKind.REQUEST_LOSS: LifeKind.REQUEST_LOST, MarkKind.ACK_LOSS: LifeKind.ACK_LOST}
    for mark in run.marks:
        if mark.kind in kinds and _holds(mark, run):
            kind = kinds[mark.kind]
            yield Moment(mark.at_ns, kind, mark.incarnation, fault_id=mark.fault_id)


def _holds(mark: FaultMark, run: RunEvidence) -> bool:
    slot, sequence = run.event
    return mark.source == slot and mark.first_sequence <= sequence < mark.next_sequence


def _stored(record: StoredRecord, kind: LifeKind, topic: str, again: str) -> Iterator[Moment]:
    where = _place(topic, record.partition, record.offset)
    transaction = record.transaction
    inside = f"in transaction {transaction.number}" if transaction is not None else ""
    yield Moment(record.at_ns, kind, record.incarnation, (again + inside).strip(", "), where)
    if transaction is None or transaction.ended_ns is None:
        return
    text = f"transaction {transaction.number}"
    if transaction.state == "aborted":
        text += ": nobody reads what was written in it"
        yield Moment(transaction.ended_ns, LifeKind.TRANSACTION_ABORTED, None, text, where)
    elif kind is LifeKind.APPENDED:
        who = transaction.incarnation
        yield Moment(transaction.ended_ns, LifeKind.TRANSACTION_COMMITTED, who, text, where)


def _consumer_side(run: RunEvidence, lane: LaneEvidence) -> Iterator[Moment]:
    for output in lane.outputs:
        yield from _stored(output, LifeKind.OUTPUT_WRITTEN, RESULTS, "")
    seen: set[int] = set()
    for delivery in lane.deliveries:
        yield from _delivered(delivery, first=not seen)
        if delivery.applied:
            seen.add(delivery.at_ns)
    for prepared in lane.prepared:
        yield from _in_doubt(prepared)
    yield from (_commit(run, commit) for commit in lane.commits)


def _delivered(delivery: Delivery, *, first: bool) -> Iterator[Moment]:
    topic = CLICKS if delivery.offset >= 0 else RESULTS
    where = _place(topic, delivery.partition, delivery.offset)
    who = delivery.incarnation
    if delivery.fetched_ns is not None:
        yield Moment(delivery.fetched_ns, LifeKind.FETCHED, who, where=where)
    if delivery.two_phase is not None:
        yield from _two_phase(delivery.two_phase, where)
    kind, text = LifeKind.EFFECT, "applied"
    if delivery.offset < 0:
        text = "its transaction is committed, so readers see the result"
    if not delivery.applied:
        kind, text = LifeKind.SUPPRESSED, "the sink knew it and left the counters alone"
    elif not first:
        kind, text = LifeKind.EFFECT_AGAIN, "applied once more"
    yield Moment(delivery.at_ns, kind, who, text, where)


def _two_phase(transaction: Transaction, where: str) -> Iterator[Moment]:
    text = f"transaction {transaction.number}"
    who = transaction.incarnation
    if transaction.prepared_ns is not None:
        yield Moment(transaction.prepared_ns, LifeKind.LOG_PREPARED, who, text, where)
    if transaction.decided_ns is not None:
        decided = f"{text}: commit"
        yield Moment(transaction.decided_ns, LifeKind.DECIDED, None, decided, where)
    if transaction.ended_ns is not None:
        kind = LifeKind.TRANSACTION_COMMITTED
        if transaction.state == "aborted":
            kind = LifeKind.TRANSACTION_ABORTED
        yield Moment(transaction.ended_ns, kind, None, text, where)


def _in_doubt(prepared: Prepared) -> Iterator[Moment]:
    where = _place(CLICKS, prepared.partition, prepared.offset)
    who = prepared.incarnation
    yield Moment(prepared.fetched_ns, LifeKind.FETCHED, who, where=where)
    if prepared.transaction is not None:
        yield from _two_phase(prepared.transaction, where)
    text = "in doubt: its rows are locked until it is resolved"
    yield Moment(prepared.at_ns, LifeKind.SINK_PREPARED, who, text, where)


def _commit(run: RunEvidence, commit: Passing) -> Moment:
    home = "in the database" if run.lane.consumer.offsets is OffsetsHome.SINK else "in the log"
    where = f"{CLICKS} {commit.partition}"
    if commit.back:
        text = f"from {commit.first:,} to {commit.next:,} {home}: it will be delivered again"
        return Moment(commit.at_ns, LifeKind.OFFSETS_WENT_BACK, commit.incarnation, text, where)
    text = f"from {commit.first:,} to {commit.next:,} {home}"
    return Moment(commit.at_ns, LifeKind.OFFSETS_COMMITTED, commit.incarnation, text, where)


# what befell the processes that had it


def _befell(
    run: RunEvidence, lane: LaneEvidence, acts: list[Moment], judgement: Judgement
) -> Iterator[Moment]:
    """Ends, pauses and expired sessions, as far as they concern the event."""
    if not acts:
        return
    involved = {act.incarnation for act in acts if act.incarnation is not None}
    first_ns = min(act.at_ns for act in acts) if run.due_ns is None else run.due_ns
    last_ns = max(act.at_ns for act in acts)
    for incarnation in sorted(involved & set(run.processes)):
        process = run.processes[incarnation]
        if _end_concerns(run, lane, process, acts, judgement):
            yield _end(run, process)
        settled = judgement.fate not in UNSETTLED
        until_ns = last_ns if settled else process.ended_ns
        yield from _pauses(run, process.worker, first_ns, until_ns)
    yield from _expirations(run, lane, involved, first_ns, last_ns)


def _end_concerns(
    run: RunEvidence,
    lane: LaneEvidence,
    process: Process,
    acts: Iterable[Moment],
    judgement: Judgement,
) -> bool:
    """An end matters if it decided the fate, or if it left the event to another of its role."""
    if process.ended_ns is None:
        return False
    if process.worker.incarnation == judgement.decisive:
        return True
    if not process.killed or any(_is_after(run, process, act) for act in acts):
        return process.killed
    stored = any(not record.aborted for record in lane.records)
    left_undone = process.worker.role == Role.CONSUMER.value or not stored
    return judgement.fate is Fate.IN_FLIGHT and left_undone


def _is_after(run: RunEvidence, process: Process, act: Moment) -> bool:
    """Whether a process of the same role dealt with the event after this one's end."""
    if act.incarnation in {None, process.worker.incarnation}:
        return False
    assert act.incarnation is not None
    same_role = run.who(act.incarnation).role == process.worker.role
    return same_role and act.at_ns > (process.ended_ns or 0)


def _end(run: RunEvidence, process: Process) -> Moment:
    assert process.ended_ns is not None
    incarnation = process.worker.incarnation
    text = end_words(run, process).removeprefix("was ended ")
    return Moment(process.ended_ns, LifeKind.ENDED, incarnation, text, fault_id=process.fault_id)


def _pauses(
    run: RunEvidence, worker: Worker, from_ns: int, until_ns: int | None
) -> Iterator[Moment]:
    """Those that overlap the event's life. `until_ns`: None when it has no end yet."""
    length_ns = int(run.pause_ms * MS_NS)
    for fault in run.faults.values():
        at_ns = run.start_ns + int(fault.t_s * SECOND_NS)
        overlaps = at_ns + length_ns >= from_ns and (until_ns is None or at_ns <= until_ns)
        if fault.kind == PAUSE and _hit(fault, worker) and overlaps:
            text = f"by {fault_words(run, fault.fault_id)}, for {run.pause_ms / 1000:g} s"
            kind = LifeKind.PAUSED
            yield Moment(at_ns, kind, worker.incarnation, text, fault_id=fault.fault_id)


def _hit(fault: FaultReport, worker: Worker) -> bool:
    hit = (fault.role, fault.slot, fault.incarnation)
    return hit == (worker.role, worker.slot, worker.generation)


def _expirations(
    run: RunEvidence, lane: LaneEvidence, involved: set[int], first_ns: int, last_ns: int
) -> Iterator[Moment]:
    for expired in lane.expirations:
        if expired.incarnation not in involved or not first_ns <= expired.at_ns <= last_ns:
            continue
        text = f"silent for the session timeout, as {run.who(expired.expired_by)} noticed"
        fault_id = next(
            (
                mark.fault_id
                for mark in run.marks
                if mark.kind is MarkKind.EXPIRY
                and (mark.incarnation, mark.at_ns) == (expired.incarnation, expired.at_ns)
            ),
            None,
        )
        who = expired.incarnation
        yield Moment(expired.at_ns, LifeKind.EXPIRED, who, text, fault_id=fault_id)
