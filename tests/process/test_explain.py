"""Lives and histories of a real run, while it goes on and after it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bench_gui.bench.history.writing import HistoryFormat, export_history
from bench_gui.bench.lifeline import lane_reading, run_reading
from bench_gui.bench.lifeline.evidence import Evidence
from bench_gui.bench.lifeline.fate import FATE_OF_ANOMALY, Judgement, judge
from bench_gui.bench.lifeline.lookup import events_of_fault, lifeline_of
from bench_gui.bench.lifeline.model import EventId, Fate
from bench_gui.bench.plan import lane_directory
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import AnomalyRange, RunState
from tests.bench import kafka_checker as checker
from tests.process.bench_runs import Watched, start
from workers.files import LaneFiles, event_id
from workers.lanes import LANES

LANE_SLUGS = tuple(lane.slug for lane in LANES)
SETTINGS = RunSettings(
    lanes=LANE_SLUGS,
    duration_s=6,
    rate_eps=300,
    producers=2,
    kill_every_s=0.5,
    pause_every_s=1.2,
    pause_ms=900,
    session_timeout_ms=500,
    request_loss=0.03,
    ack_loss=0.03,
    drain_timeout_s=600,
)
EXPECTED = dict(FATE_OF_ANOMALY)
SAMPLE = 60
EVENTS = 900
"""Of each source."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A whole run, looked into while it went on."""
    watched = start(tmp_path_factory.mktemp("explained"), SETTINGS, keep_data=True)
    watched.watch_until(lambda snapshot: snapshot.t_s > 2)
    for slug in LANE_SLUGS:
        life = lifeline_of(watched.run_dir, slug, 0, 0)
        assert life.entries
        assert life.notes == ()
        out = watched.run_dir / "live"
        export_history(watched.run_dir, out, HistoryFormat.JEPSEN, slug)
        ops = checker.read_history((out / f"{slug}.edn").read_text("utf-8"))
        checker.check_form(ops)
        assert not checker.unwritten(checker.Analysis(ops))
    watched.watch_to_the_end()
    assert watched.last.state is RunState.COMPLETE
    yield watched
    watched.client.close()


def anomalies(run: Watched) -> list[AnomalyRange]:
    with closing(RunStore.open(run.run_dir)) as stored:
        found = stored.anomalies()
    return random.Random(7).sample(found, min(SAMPLE, len(found)))


def unaided(run_dir: Path, slug: str, event: EventId) -> Judgement:
    """The judgement from the rows alone, as if the auditor had said nothing."""
    with closing(RunStore.open(run_dir)) as stored:
        told = run_reading.gather(stored, slug, event, now_ns=0)
    files = LaneFiles(lane_directory(run_dir, slug))
    rows = lane_reading.gather(told.lane, files, event, told.processes)
    return judge(Evidence(replace(told, anomalies=()), rows))


def test_the_lives_of_harmed_events_end_as_the_auditor_says(run: Watched) -> None:
    harmed = anomalies(run)
    assert harmed
    for anomaly in harmed:
        if anomaly.kind == "duplicate in the log":
            continue
        event = EventId(anomaly.slot, anomaly.last_sequence)
        found = unaided(run.run_dir, anomaly.lane, event)
        assert found.fate is EXPECTED[anomaly.kind], (anomaly, found)
        assert anomaly.fault_id in found.fault_ids, (anomaly, found)


def test_faults_lead_to_events_and_events_to_faults(run: Watched) -> None:
    for fault_id in {a.fault_id for a in anomalies(run) if a.fault_id is not None}:
        found = events_of_fault(run.run_dir, fault_id)
        assert found.example is not None
        life = lifeline_of(run.run_dir, found.fault.lane, *found.example)
        if life.fate is not Fate.DELIVERED:
            assert fault_id in life.fault_ids


@pytest.mark.parametrize("slug", LANE_SLUGS)
def test_every_life_has_come_to_an_end(run: Watched, slug: str) -> None:
    for sequence in range(0, EVENTS, 37):
        life = lifeline_of(run.run_dir, slug, sequence % 2, sequence)
        assert life.fate not in {Fate.IN_FLIGHT, Fate.UNKNOWN, Fate.PHANTOM, Fate.ABORTED_READ}
        times = [entry.t_s for entry in life.entries]
        assert None not in times
        assert times == sorted(times)


@pytest.mark.parametrize("slug", LANE_SLUGS)
def test_the_history_shows_what_the_lane_allows(run: Watched, slug: str, tmp_path: Path) -> None:
    (path,) = export_history(run.run_dir, tmp_path, HistoryFormat.JEPSEN, slug)
    ops = checker.read_history(path.read_text("utf-8"))
    checker.check_form(ops)
    assert checker.found_errors(ops) <= checker.ALLOWED.get(slug, set())
    sent = {value for op in ops for _, _, value in checker.op_writes(op)}
    assert sent >= {event_id(slot, sequence) for slot in range(2) for sequence in range(EVENTS)}
