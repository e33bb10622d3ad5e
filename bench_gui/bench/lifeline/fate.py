"""What became of one event, and which fault decided it. Pure.

The words mean what they mean to the auditor: lost is only what nothing can deliver any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench_gui.bench.lifeline import blame
from bench_gui.bench.lifeline.blame import Blame
from bench_gui.bench.lifeline.evidence import (
    Evidence,
    LaneEvidence,
    Passing,
    RunEvidence,
    StoredRecord,
)
from bench_gui.bench.lifeline.model import Fate
from workers.time_units import MS_NS

NO_CAUSE = "no fault was found that explains it"
LOST_BEFORE, LOST_AFTER = "lost before the log", "lost after the log"
REPEATED = frozenset({"redelivered", "duplicate in the log"})
FATE_OF_ANOMALY = (
    ("phantom", Fate.PHANTOM),
    ("aborted read", Fate.ABORTED_READ),
    (LOST_BEFORE, Fate.LOST_BEFORE_LOG),
    (LOST_AFTER, Fate.LOST_AFTER_LOG),
    ("redelivered", Fate.DUPLICATE),
    ("duplicate in the log", Fate.DUPLICATE),
    ("suppressed", Fate.SUPPRESSED),
)
"""What the kinds of `AnomalyRange` say of an event; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A fate, the faults that decided it, and both in one sentence.

    Fields:
        decisive: the process whose end or living on decided it; None without one.
    """

    fate: Fate
    fault_ids: tuple[int, ...]
    sentence: str
    decisive: int | None = None


def judge(evidence: Evidence) -> Judgement:
    """The event's fate as far as the records tell."""
    if evidence.lane is None:
        return _from_run(evidence.run)
    run, lane = evidence.run, evidence.lane
    if lane.applied:
        return _delivered(run, lane)
    return _undelivered(run, lane)


# with an effect


def _delivered(run: RunEvidence, lane: LaneEvidence) -> Judgement:
    applied = len(lane.applied)
    if run.existed is False:
        return Judgement(Fate.PHANTOM, (), f"{_times(applied)}, though it never existed")
    if any(_aborted(lane, place) for place in ((d.partition, d.offset) for d in lane.applied)):
        return Judgement(Fate.ABORTED_READ, (), "applied, though its record was aborted")
    suppressed = len(lane.deliveries) - applied
    if applied > 1:
        causes = _agreed(run, REPEATED, blame.repetitions(run, lane, applied=True))
        return _judgement(Fate.DUPLICATE, _times(applied), causes)
    if suppressed:
        causes = _agreed(run, {"suppressed"}, blame.repetitions(run, lane, applied=False))
        what = f"{_first_effect(run, lane)}; {_times(suppressed, 'delivered again and suppressed')}"
        return _judgement(Fate.SUPPRESSED, what, causes)
    return Judgement(Fate.DELIVERED, (), _first_effect(run, lane))


def _aborted(lane: LaneEvidence, place: tuple[int, int]) -> bool:
    return any(r.aborted and (r.partition, r.offset) == place for r in lane.records)


def _first_effect(run: RunEvidence, lane: LaneEvidence) -> str:
    due_ns = run.due_ns
    if due_ns is None and lane.records:
        due_ns = lane.records[0].due_ns
    if due_ns is None:
        return "delivered once"
    late_ms = (lane.applied[0].at_ns - due_ns) / MS_NS
    return f"delivered once, {late_ms:,.3f} ms after it was due"


# without one


def _undelivered(run: RunEvidence, lane: LaneEvidence) -> Judgement:
    passing = _for_good(run, lane.positions)
    stored = [record for record in lane.records if not record.aborted]
    waiting = _waiting(lane, stored)
    if waiting is not None:
        return Judgement(Fate.IN_FLIGHT, (), f"in flight: {waiting}")
    if passing is None:
        reason = "it is in the log" if stored else "nobody has taken it yet"
        if lane.positions and not stored:
            reason = f"{run.who(lane.positions[-1].incarnation)} has it in hand"
        return Judgement(Fate.IN_FLIGHT, (), f"in flight: {reason}, and it may yet be delivered")
    if not stored:
        causes = _agreed(run, {LOST_BEFORE}, _one(blame.loss_before_log(run, passing)))
        decisive = _decisive(run, passing, causes)
        return _judgement(Fate.LOST_BEFORE_LOG, LOST_BEFORE, causes, decisive)
    return _in_the_log(run, lane, stored)


def _waiting(lane: LaneEvidence, stored: Iterable[StoredRecord]) -> str | None:
    """What is undecided about it, in words; None when nothing is."""
    if any(not record.readable for record in stored):
        return "its record is not readable yet, a transaction before it or its own is undecided"
    if any(not output.readable and not output.aborted for output in lane.outputs):
        return "its output record's transaction is undecided"
    if lane.prepared:
        return "its transaction is in doubt: prepared, and neither committed nor aborted"
    return None


def _in_the_log(run: RunEvidence, lane: LaneEvidence, stored: list[StoredRecord]) -> Judgement:
    passings = [_for_good(run, _of_record(lane.commits, record)) for record in stored]
    passed = [passing for passing in passings if passing is not None]
    if len(passed) < len(stored):
        reason = "no committed offset has passed it for good, so it may yet be delivered"
        return Judgement(Fate.IN_FLIGHT, (), f"in flight: it is in the log and {reason}")
    causes = _agreed(run, {LOST_AFTER}, _one(blame.loss_after_log(run, passed[0])))
    decisive = _decisive(run, passed[0], causes)
    return _judgement(Fate.LOST_AFTER_LOG, LOST_AFTER, causes, decisive)


def _of_record(commits: Iterable[Passing], record: StoredRecord) -> list[Passing]:
    return [
        commit
        for commit in commits
        if commit.partition == record.partition and commit.first <= record.offset < commit.next
    ]


def _for_good(run: RunEvidence, passings: Iterable[Passing]) -> Passing | None:
    """The passing after which nobody has the event in hand any more."""
    for passing in passings:
        process = run.processes.get(passing.incarnation)
        ended = process is not None and process.ended_ns is not None
        if passing.standing and (passing.again or ended):
            return passing
    return None


def _decisive(run: RunEvidence, passing: Passing, causes: list[Blame]) -> int | None:
    """The process that passed it, when its end is the cause or nothing is known to be."""
    process = run.processes.get(passing.incarnation)
    of_end = process is not None and process.fault_id in {cause.fault_id for cause in causes}
    return passing.incarnation if of_end or not causes else None


# without the lane's files


def _from_run(run: RunEvidence) -> Judgement:
    for kind, fate in FATE_OF_ANOMALY:
        ranges = [anomaly for anomaly in run.anomalies if anomaly.kind == kind]
        if ranges:
            refused = fate is Fate.DUPLICATE and run.lane.sink.deduplicates
            causes = [_told(run, a.fault_id) for a in ranges if a.fault_id is not None]
            return _judgement(Fate.SUPPRESSED if refused else fate, kind, causes)
    if run.complete:
        return Judgement(Fate.DELIVERED, (), "delivered once: the final count found no anomaly")
    return Judgement(Fate.UNKNOWN, (), "not known: no anomaly of it was counted so far")


# causes and words


def _agreed(run: RunEvidence, kinds: Iterable[str], found: list[Blame]) -> list[Blame]:
    """The auditor's causes where it named some, in our words where ours are the same faults."""
    wanted = set(kinds)
    audited = [a.fault_id for a in run.anomalies if a.kind in wanted and a.fault_id is not None]
    words = {cause.fault_id: cause for cause in found}
    if not audited or set(audited) == set(words):
        return found
    return [words.get(fault_id, _told(run, fault_id)) for fault_id in dict.fromkeys(audited)]


def _told(run: RunEvidence, fault_id: int) -> Blame:
    fault = run.faults.get(fault_id)
    told = "" if fault is None else f": {fault.text}"
    return Blame(fault_id, f"{blame.fault_words(run, fault_id)}{told}")


def _judgement(
    fate: Fate, what: str, causes: list[Blame], decisive: int | None = None
) -> Judgement:
    why = "; ".join(cause.why for cause in causes) or NO_CAUSE
    return Judgement(fate, tuple(c.fault_id for c in causes), f"{what}: {why}", decisive)


def _one(found: Blame | None) -> list[Blame]:
    return [] if found is None else [found]


def _times(count: int, deed: str = "applied") -> str:
    return f"{deed} once" if count == 1 else f"{deed} {count} times"
