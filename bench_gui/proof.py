"""A lane against its worst fault: a short run, and what it showed in a sentence. Pure."""

from __future__ import annotations

from dataclasses import replace

from bench_gui.bench.settings import CommitInterval, RunSettings
from bench_gui.bench.snapshot import LaneCounts, Verdict
from bench_gui.bench.worst_step import worst_step
from workers.failpoints import Failpoint
from workers.lanes import Anomaly, Lane, Role, lane_of
from workers.policies import OffsetsHome

DURATION_S = 6.0
RATE_EPS = 400
COMMIT_RECORDS = 20
"""In records and not in time: then every commit comes right after the events it covers, so that no
passing of the worst step is missed."""

EVERY_COMMIT, EVERY_EVENT = 5, 100
"""A process dies at so many passings of a step that is passed once a commit, or once an event or
fetch; either is some four kills a second."""


def proof_settings(slug: str, seed: int) -> RunSettings:
    """The lane alone, its consumers killed again and again at its worst step, and nothing else."""
    return RunSettings(
        lanes=(slug,),
        duration_s=DURATION_S,
        rate_eps=RATE_EPS,
        commit_interval=CommitInterval(records=COMMIT_RECORDS),
        kill_every_s=None,
        kill_at=(worst_fault(lane_of(slug)),),
        seed=seed,
    )


def worst_fault(lane: Lane) -> Failpoint:
    """The worst step as an order that every process of the role follows, again and again."""
    consumer, step = lane.consumer, worst_step(lane)
    often = (
        step.role is Role.PRODUCER or consumer.commits_first or consumer.offsets is OffsetsHome.SINK
    )
    return replace(step, every=EVERY_EVENT if often else EVERY_COMMIT)


def place_in_words(lane: Lane) -> str:
    """Where its worst step is."""
    step = worst_step(lane)
    after = step.after.value if step.after is not None else "its start"
    before = step.before.value if step.before is not None else "anything else"
    return f"after {after}, before {before}"


def proof_in_words(slug: str, kills: int, counts: LaneCounts, verdict: Verdict) -> str:
    """What was seen: "HOLDS: 28 kills at its worst step, 0 lost, 0 duplicates"."""
    lane = lane_of(slug)
    if not kills:
        return f"{Verdict.NOT_TESTED.value}: no process came to the worst step of {lane.name}"
    word = "kill" if kills == 1 else "kills"
    seen = f"{kills:,} {word} at its worst step, {_lost(lane, counts)}, {_duplicates(lane, counts)}"
    suppressed = f"; {counts.suppressed:,} redeliveries suppressed" if counts.suppressed else ""
    return f"{verdict.value}: {seen}{suppressed}"


def _lost(lane: Lane, counts: LaneCounts) -> str:
    return f"{counts.lost:,} lost{_judged(lane, Anomaly.LOST, counts.lost)}"


def _duplicates(lane: Lane, counts: LaneCounts) -> str:
    word = "duplicate" if counts.duplicates == 1 else "duplicates"
    judged = _judged(lane, Anomaly.DUPLICATE, counts.duplicates)
    return f"{counts.duplicates:,} {word}{judged}"


def _judged(lane: Lane, anomaly: Anomaly, count: int) -> str:
    """A number means nothing before one knows whether the lane allows it."""
    if not count:
        return ""
    return " (expected)" if anomaly in lane.allowed else " (forbidden)"
