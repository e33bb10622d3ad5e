"""What the schedules of one scenario came to, summed up, and what should have occurred. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench_gui.bench.snapshot import LaneCounts
from tests.crashpoints.bench import Result
from tests.crashpoints.scenarios import Scenario
from tests.crashpoints.schedules import PAUSES
from workers.lanes import Anomaly, Lane

WORDS = {
    "lost_before_log": "lost before the log",
    "lost_after_log": "lost after the log",
    "duplicates": "counted twice",
    "duplicates_in_log": "twice in the log",
    "redelivered": "redelivered",
    "suppressed": "suppressed",
    "recovered": "recovered",
    "aborted_attempts": "aborted",
}
"""Fields of LaneCounts, and what they are called here."""
BLOCKED = "long in doubt"
"""Schedules in which a transaction was in doubt for longer than a session."""


@dataclass(slots=True)
class Tally:
    """A sum over schedules.

    Fields:
        crashes, pauses: schedules with one fault, which kills or stops.
        pairs, paused_pairs: with two, the first of which kills or stops.
        others: with none, or drawn.
        skipped: schedules a fault of which came to nothing; not among those above.
        seen: events by the words above, over all schedules.
    """

    crashes: int = 0
    pauses: int = 0
    pairs: int = 0
    paused_pairs: int = 0
    others: int = 0
    skipped: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    @property
    def schedules(self) -> int:
        """All that were run and in which every fault came about."""
        return self.crashes + self.pauses + self.pairs + self.paused_pairs + self.others

    def add(self, result: Result) -> None:
        """One more."""
        if result.schedule.seed or len(result.happened) == len(result.schedule.faults):
            self._count(result)
        else:
            self.skipped += 1
        if result.findings is not None:
            self.seen.update(_seen(result.findings.counts))
            self.seen[BLOCKED] += result.findings.blocked
        self.violations += [f"{result.schedule}  {what}" for what in result.violations]

    def _count(self, result: Result) -> None:
        faults = result.schedule.faults
        stops = bool(faults) and faults[0].kind in PAUSES
        if not faults or result.schedule.seed:
            self.others += 1
        elif len(faults) == 1:
            self.crashes += not stops
            self.pauses += stops
        else:
            self.pairs += not stops
            self.paused_pairs += stops

    def merge(self, other: Tally) -> None:
        """All of another."""
        for name in ("crashes", "pauses", "pairs", "paused_pairs", "others", "skipped"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.seen.update(other.seen)
        self.violations += other.violations


def _seen(counts: LaneCounts) -> Counter[str]:
    return Counter({words: getattr(counts, name) for name, words in WORDS.items()})


def never_seen(scenario: Scenario, tally: Tally) -> Iterator[str]:
    """What the lane allows and no schedule brought about, or what was never put to the test."""
    for words in _must_occur(scenario.lane):
        if not tally.seen[words]:
            yield f"{scenario.name}  no event was {words} in any schedule"


def _must_occur(lane: Lane) -> Iterator[str]:
    if Anomaly.LOST in lane.allowed:
        if not lane.producer.retries:
            yield WORDS["lost_before_log"]
        if lane.consumer.commits_first:
            yield WORDS["lost_after_log"]
    if Anomaly.DUPLICATE in lane.allowed:
        yield WORDS["duplicates"]
    if Anomaly.REDELIVERY in lane.allowed:
        yield WORDS["suppressed" if lane.sink.deduplicates else "duplicates"]
    if lane.producer.transactional:
        yield WORDS["aborted_attempts"]
    if lane.contract.blocks:
        yield BLOCKED
