"""Whatever the workers did: what is told of each event is what the auditor counted.

The lives are told from the rows alone, before the auditor's anomalies are in run.db, so both must
come to the same fate and the same fault by themselves.
"""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings

from bench_gui.bench.audit.auditor import LaneAuditor
from bench_gui.bench.lifeline.lookup import lifeline_of
from bench_gui.bench.lifeline.model import EventId, Fate, LifeKind, Lifeline
from tests.bench.kept_run import kept_history
from tests.bench.test_audit_histories import EVENTS, OWN, SLUGS, actions, play

REPEATED = {"redelivered", "duplicate in the log"}
LOST = {Fate.LOST_BEFORE_LOG, Fate.LOST_AFTER_LOG}


def causes(auditor: LaneAuditor) -> dict[EventId, dict[str, set[int]]]:
    """The faults the auditor blames, by event and kind of anomaly."""
    found: dict[EventId, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for anomaly in auditor.new_anomalies():
        assert anomaly.fault_id is not None
        for sequence in range(anomaly.first_sequence, anomaly.last_sequence + 1):
            found[EventId(anomaly.slot, sequence)][anomaly.kind].add(anomaly.fault_id)
    return found


def check_fate(told: Lifeline, auditor: LaneAuditor) -> None:
    slot, sequence = told.event
    effects = int(auditor.effects(slot)[sequence])
    assert (told.fate is Fate.DUPLICATE) == (effects > 1)
    assert (told.fate in LOST) == bool(auditor.lost(slot)[sequence]) == (effects == 0)
    shown = [e for e in told.entries if e.kind in {LifeKind.EFFECT, LifeKind.EFFECT_AGAIN}]
    assert len(shown) == effects
    times = [entry.t_s for entry in told.entries if entry.t_s is not None]
    assert times == sorted(times)


def check_cause(told: Lifeline, blamed: dict[str, set[int]]) -> None:
    faults = set(told.fault_ids)
    if told.fate is Fate.DUPLICATE:
        assert faults
        assert faults <= set().union(*(blamed[kind] for kind in REPEATED))
    elif told.fate is Fate.SUPPRESSED:
        assert faults == blamed["suppressed"]
    else:
        assert faults == blamed.get(told.fate.value, set())


@pytest.mark.parametrize("slug", [*SLUGS, *OWN])
@settings(max_examples=15, deadline=None)
@given(moves=actions)
def test_every_life_ends_as_the_auditor_counted(slug: str, moves: list[tuple[str, int]]) -> None:
    with kept_history(slug, EVENTS) as (run, history):
        play(history, moves)
        history.drain()
        run.world.agreed()
        auditor = run.world.final()
        run.note_history()
        blamed = causes(auditor)
        for event in (EventId(slot, n) for slot in range(2) for n in range(EVENTS)):
            told = lifeline_of(run.run_dir, slug, *event, now_ns=run.world.now_ns)
            check_fate(told, auditor)
            check_cause(told, blamed[event])
