"""A recording is what the watchers saw: frame by frame, and to the end."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from bench_gui.bench.client import BenchClient
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.fault_tally import FaultTally
from bench_gui.bench.measure.records import MEASURE_DB
from bench_gui.bench.recording.about import find_run
from bench_gui.bench.recording.codec import codec_of
from bench_gui.bench.recording.film import open_film
from bench_gui.bench.recording.frames import (
    bare,
    key_frame,
    pack_change,
    pack_faults,
    pack_key,
    unpack_change,
    unpack_faults,
    unpack_key,
)
from bench_gui.bench.recording.pace import Pace
from bench_gui.bench.recording.rebuilt_lane import RebuiltLane
from bench_gui.bench.recording.recorded import DAMAGED_HERE, MADE_UP_END
from bench_gui.bench.recording.recorder import Recorder
from bench_gui.bench.records.export import csv_text, export_run
from bench_gui.bench.records.results import COUNTED, SUMMARY_COLUMNS, rows_now
from bench_gui.bench.records.run_records import RunRecords
from bench_gui.bench.records.run_tables import RUN_DB
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import (
    FaultReport,
    LaneCounts,
    LaneSnapshot,
    RunSnapshot,
    RunState,
    Verdict,
    WorkerState,
)
from bench_gui.window.replay.labels import label_of
from bench_gui.window.run_model import RunModel
from tests.values import fault, sample, summary

LANE = "at-least-once"
MS_NS = 1_000_000


def lane_snapshot(**changes: object) -> LaneSnapshot:
    workers = (
        WorkerState("producer", 0, 1, 100, "up", "acked"),
        WorkerState("consumer", 0, 1, None, "down", ""),
    )
    example = LaneSnapshot(
        LANE, LaneCounts(offered=10), 3, 99.5, None, 7, 8, workers, 0, Verdict.PENDING, ""
    )
    return replace(example, **changes)  # type: ignore[arg-type]


def run_snapshot(**changes: object) -> RunSnapshot:
    example = RunSnapshot("run-1", RunState.RUNNING, 0.0, 7, {LANE: lane_snapshot()})
    return replace(example, **changes)  # type: ignore[arg-type]


# bytes


def test_every_type_of_a_snapshot_can_be_recorded() -> None:
    snapshot = run_snapshot(samples=(sample(),), faults=(fault(),))
    codec = codec_of(RunSnapshot)
    assert codec.decode(codec.encode(snapshot)) == snapshot


CHANGES = [
    {"t_s": 1.25, "bench_cpu": 0.1},
    {"state": RunState.DRAINING, "message": "wärend"},
    {"disagreement": "they differ"},
    {"lanes": {LANE: lane_snapshot(counts=LaneCounts(offered=11, lost_after_log=2))}},
    {"lanes": {LANE: lane_snapshot(workers=())}},
    {"lanes": {LANE: lane_snapshot(workers=lane_snapshot().workers[::-1])}},
    {"lanes": {LANE: lane_snapshot(latency_p50_ns=5, latency_p99_ns=None)}},
    {"lanes": {"exactly-once": lane_snapshot(slug="exactly-once")}},
    {"lanes": {}},
]


@pytest.mark.parametrize("changes", CHANGES)
def test_a_frame_comes_back_as_it_was(changes: dict[str, object]) -> None:
    key = key_frame(0, run_snapshot())
    shown = run_snapshot(**changes)
    before = run_snapshot(t_s=0.5)
    assert unpack_change(key, before, 1, pack_change(key, before, shown)) == shown
    assert unpack_key(0, pack_key(key_frame(0, shown))).snapshot == shown


@dataclass(frozen=True)
class Earlier:
    name: str
    count: int = 3


@dataclass(frozen=True)
class Later:
    name: str
    more: tuple[Earlier, ...] = ()
    new: int | None = 5


def test_a_file_of_another_version_is_read_by_the_names_that_both_know() -> None:
    earlier, later = codec_of(Earlier), codec_of(Later)
    assert later.decode(earlier.encode(Earlier("a", 1))) == Later("a")
    assert earlier.decode(later.encode(Later("b", (Earlier("c"),), None))) == Earlier("b")
    assert earlier.apply(Earlier("b"), {"new": 9, "count": 4}) == Earlier("b", 4)


def test_a_fault_is_known_by_its_changes() -> None:
    first, changed = fault(), fault(recovery_ms=None, lost_caused=4)
    other = fault(fault_id=2)
    written: dict[int, FaultReport] = {}
    read: dict[int, FaultReport] = {}
    once = pack_faults(written, [first])
    written[1] = first
    again = pack_faults(written, [changed, other])
    assert unpack_faults(read, 0, once) == [first]
    assert unpack_faults(read, 1, again) == [changed, other]
    assert len(again) < 2 * len(once)


# pace


def test_a_long_run_is_recorded_at_half_the_rate_again_and_again() -> None:
    pace, now_ns, taken = Pace(frames_a_rate=100), 0, []
    for _ in range(2000):
        if pace.wants(now_ns, sent=True):
            pace.took(now_ns)
            taken.append(now_ns)
        now_ns += 50 * MS_NS
    gaps = np.diff(taken) // MS_NS
    assert list(gaps[:99]) == [50] * 99
    assert list(gaps[100:199]) == [100] * 99
    assert list(gaps[200:299]) == [200] * 99


def test_what_nobody_asked_for_is_taken_less_often() -> None:
    pace = Pace()
    assert pace.wants(0, sent=False)
    pace.took(0)
    assert not pace.wants(60 * MS_NS, sent=False)
    assert pace.wants(60 * MS_NS, sent=True)
    assert pace.wants(100 * MS_NS, sent=False)


# a recording in run.db


class Clock:
    def __init__(self) -> None:
        self.now_ns = 1000 * MS_NS

    def __call__(self) -> int:
        return self.now_ns


class Recorded:
    """A run whose frames a test makes."""

    def __init__(self, run_dir: Path) -> None:
        self.run_dir = run_dir
        self.settings = RunSettings(lanes=(LANE,), duration_s=30.0, seed=7)
        self.store = RunStore.create(
            run_dir,
            self.settings,
            run_id="run-1",
            start_ns=1000 * MS_NS,
            started_at_iso="2024-01-01T00:00:00+00:00",
            command_line="python main.py run",
            bench_pid=2**22 + 1,
        )
        self.store.set_state(RunState.RUNNING)
        self.clock = Clock()
        self.recorder = Recorder(clock_ns=self.clock)
        self.shown: list[RunSnapshot] = []

    def frame(self, **changes: object) -> None:
        """50 ms later, with a sample, and with faults if they are given."""
        self.clock.now_ns += 50 * MS_NS
        t_s = self.clock.now_ns / 1e9 - 1.0
        shown = run_snapshot(t_s=t_s, samples=(sample(t_s=t_s),), **changes)
        self.store.add_samples(shown.samples)
        self.recorder.note(len(shown.samples), shown.faults)
        self.recorder.take(shown)
        self.shown.append(shown)

    def written(self) -> Path:
        self.store.add_frames(self.recorder.rows)
        self.recorder.rows = []
        return self.run_dir


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Recorded]:
    run = Recorded(tmp_path)
    yield run
    run.store.close()


def test_every_frame_is_read_as_it_was_shown(recorded: Recorded) -> None:
    for number in range(250):
        changed = (fault(fault_id=1 + number // 20, lost_caused=number),) if number % 7 == 0 else ()
        lane = lane_snapshot(counts=LaneCounts(offered=number))
        recorded.frame(lanes={LANE: lane}, faults=changed)
    recorded.frame(state=RunState.COMPLETE)
    with closing(open_film(recorded.written())) as film:
        read = [film.read(number - 1, number) for number in range(len(film.times_s))]
        assert read == recorded.shown
        assert film.times_s == pytest.approx([one.t_s for one in recorded.shown])
        assert not film.about.coarse


def test_frames_that_are_left_out_leave_their_samples_and_faults(recorded: Recorded) -> None:
    for number in range(30):
        recorded.frame(faults=(fault(fault_id=1 + number % 3, lost_caused=number),))
    with closing(open_film(recorded.written())) as film:
        film.read(-1, 4)
        shown = film.read(4, 28)
        assert shown.samples == tuple(one.samples[0] for one in recorded.shown[5:29])
        assert {one.fault_id: one.lost_caused for one in shown.faults} == {1: 27, 2: 28, 3: 26}
        assert film.read(-1, 0).samples == recorded.shown[0].samples


def test_a_run_that_was_killed_is_played_to_where_it_was_and_says_so(recorded: Recorded) -> None:
    for _ in range(5):
        recorded.frame()
    with closing(open_film(recorded.written())) as film:
        last = film.read(-1, len(film.times_s) - 1)
        assert len(film.times_s) == 6
        assert last.state is RunState.CUT_OFF
        assert "was cut off while it was running" in last.message
        assert len(last.samples) == 5


def test_a_run_of_an_earlier_version_is_rebuilt(recorded: Recorded) -> None:
    for _ in range(5):
        recorded.frame()
    recorded.store.put_faults([fault(t_s=0.12)])
    counts = {"offered": 100, "delivered_unique": 100, "throughput_eps": 100 / 30}
    of_fault = {"kills_consumer": 1, "faults_in_window": 1}
    recovery = {"recovery_p50_ms": 12.5, "recovery_max_ms": 12.5}
    recorded.store.put_summary([summary(LANE, **counts, **of_fault, **recovery)])
    recorded.store.set_lane(LANE, Verdict.HOLDS, "nothing was lost", None)
    recorded.store.set_state(RunState.COMPLETE)
    with sqlite3.connect(recorded.run_dir / RUN_DB) as database:
        database.execute("DROP TABLE frames")
    database.close()
    with closing(StoredRun(recorded.run_dir)) as run:
        stored = run.summary()
    with closing(open_film(recorded.run_dir)) as film:
        assert film.about.coarse
        badge = label_of(playing=True, held=False, speed=1, about=film.about)
        assert badge == "PLAY-BACK x1, rebuilt, estimated"
        read = [film.read(number - 1, number) for number in range(len(film.times_s))]
    assert [one.t_s for one in sum((one.samples for one in read), ())] == pytest.approx(
        [0.05, 0.1, 0.15, 0.2, 0.25]
    )
    assert [one.fault_id for one in read[2].faults] == [1]
    assert read[-1].state is RunState.COMPLETE
    assert read[-1].lanes[LANE].verdict is Verdict.HOLDS
    assert rows_now(read[-1], film.about.settings) == stored
    assert read[-1].lanes[LANE].counts.offered == 100
    assert read[0].lanes[LANE].verdict is Verdict.PENDING
    assert read[0].lanes[LANE].counts.in_flight == read[0].samples[0].in_flight > 0
    assert all("estimated" in one.message for one in read[:-1])
    assert "estimated" not in read[-1].message


def test_a_rebuilt_lane_is_told_once_what_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many moments are asked for; and an earlier one again from the start."""
    counted: list[FaultReport] = []
    change = FaultTally.change

    def count(tally: FaultTally, before: FaultReport | None, after: FaultReport) -> None:
        counted.append(after)
        change(tally, before, after)

    monkeypatch.setattr(FaultTally, "change", count)
    faults = [fault(fault_id=n, t_s=n / 8) for n in range(100)]
    samples = [sample(t_s=n / 8, lag=n) for n in range(100)]
    rows = [
        {"role": "consumer", "slot": n % 2, "started_ns": n * 125_000_000, "n": n}
        for n in range(100)
    ]
    lane = RebuiltLane(samples[::-1], faults[::-1], rows[::-1], 0)
    lane.go_to(-1.0)
    assert (lane.sample, lane.slots) == (None, {})
    for n in range(1, 100):
        lane.go_to(n / 8)
        assert lane.sample == samples[n]
        assert lane.tally.totals().kills_consumer == n + 1
        assert sorted(row["n"] for row in lane.slots.values()) == [n - 1, n]
    assert len(counted) == 100
    lane.go_to(0.55)
    assert lane.sample == samples[4]
    assert lane.tally.totals().kills_consumer == 5


def read_all(run_dir: Path) -> None:
    with closing(open_film(run_dir)) as film:
        for number in range(len(film.times_s)):
            film.read(number - 1, number)


DAMAGES = {
    "column": "ALTER TABLE frames RENAME COLUMN body TO flesh",
    "settings": "UPDATE run SET settings = '{'",
    "lane": """UPDATE run SET settings = '{"lanes": "no-such-lane"}'""",
    "state": "UPDATE run SET state = 'no such state'",
    "start": "UPDATE run SET start_ns = 'now'",
    "samples": "ALTER TABLE samples RENAME COLUMN lag TO drag",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_recording_is_one_sentence(recorded: Recorded, damage: str) -> None:
    for _ in range(5):
        recorded.frame()
    run_dir = recorded.written()
    changed(run_dir, damage)
    with pytest.raises(EnvironmentProblem):
        read_all(run_dir)


SPOTS = {
    # what is done to a recording of two key frames, and the frames that are shown in place of it
    "change": ("UPDATE frames SET body = x'00112233' WHERE sequence = 3", range(3, 50), 2),
    "text": ("UPDATE frames SET body = 'abc' WHERE sequence = 49", range(49, 50), 48),
    "no body": ("UPDATE frames SET body = NULL WHERE sequence = 48", range(48, 50), 47),
    "first key": ("UPDATE frames SET body = x'00112233' WHERE sequence = 0", range(50), None),
    "no first key": ("DELETE FROM frames WHERE sequence = 0", range(1, 50), None),
    "second key": ("UPDATE frames SET body = x'00112233' WHERE sequence = 50", range(50, 60), 49),
    "last": ("UPDATE frames SET body = x'00112233' WHERE sequence = 59", range(59, 60), 58),
    "missing": ("DELETE FROM frames WHERE sequence = 7", range(8, 50), 6),
    "all": ("UPDATE frames SET body = x'00112233'", range(60), None),
}


@pytest.mark.parametrize(("damage", "replaced", "by"), SPOTS.values(), ids=SPOTS.keys())
def test_a_damaged_spot_leaves_the_rest_and_the_film_says_so(
    recorded: Recorded, damage: str, replaced: range, by: int | None
) -> None:
    for number in range(59):
        recorded.frame(lanes={LANE: lane_snapshot(counts=LaneCounts(offered=number))})
    results = lane_snapshot(counts=LaneCounts(offered=59), verdict=Verdict.NOT_TESTED)
    recorded.frame(state=RunState.COMPLETE, lanes={LANE: results})
    recorded.written()
    recorded.store.put_summary(rows_now(recorded.shown[-1], recorded.settings))
    recorded.store.set_lane(LANE, Verdict.NOT_TESTED, "", None)
    recorded.store.set_state(RunState.COMPLETE)
    changed(recorded.run_dir, damage)
    with closing(open_film(recorded.run_dir)) as film, closing(StoredRun(recorded.run_dir)) as run:
        sequences = [row["sequence"] for row in run.rows("SELECT sequence FROM frames ORDER BY 1")]
        read = [film.read(number - 1, number) for number in range(len(film.times_s))]
        assert film.about.damaged
        assert label_of(playing=True, held=False, speed=1, about=film.about).endswith(", damaged")
        assert sum((one.samples for one in read), ()) == tuple(run.samples())
        assert rows_now(read[-1], film.about.settings) == run.summary()
        assert read[-1].state is RunState.COMPLETE
    for sequence, shown in zip(sequences, read, strict=False):
        if sequence not in replaced:
            assert bare(shown) == bare(recorded.shown[sequence])
        elif by is None:
            assert shown.message == DAMAGED_HERE
        else:
            assert bare(shown) == bare(replace(recorded.shown[by], message=DAMAGED_HERE))


def test_damaged_faults_are_those_of_the_table(recorded: Recorded) -> None:
    told = [fault(fault_id=1 + n // 3, t_s=0.05 * (1 + n // 3), lost_caused=n) for n in range(9)]
    for one in told:
        recorded.frame(faults=(one,))
        recorded.store.put_faults([one])
    changed(recorded.written(), "UPDATE frames SET faults = x'00112233' WHERE sequence = 3")
    with closing(open_film(recorded.run_dir)) as film:
        read = [film.read(number - 1, number).faults for number in range(9)]
        assert film.about.damaged
    assert read[:3] == [(one,) for one in told[:3]]
    assert read[3] == (told[2], told[5], told[8])
    assert read[4:] == [(one,) for one in told[4:]]


def test_a_recording_that_stopped_ends_with_the_results(recorded: Recorded) -> None:
    for number in range(3):
        recorded.frame(lanes={LANE: lane_snapshot(counts=LaneCounts(offered=number))})
    recorded.store.add_samples([sample(t_s=9.0)])
    recorded.store.put_summary([summary(LANE, offered=99)])
    recorded.store.set_lane(LANE, Verdict.HOLDS, "nothing was lost", None)
    recorded.store.set_state(RunState.COMPLETE)
    with closing(open_film(recorded.written())) as film:
        last = film.read(2, len(film.times_s) - 1)
        assert not film.about.damaged
    assert (last.state, last.lanes[LANE].counts.offered) == (RunState.COMPLETE, 99)
    assert last.message == MADE_UP_END
    assert [one.t_s for one in last.samples] == [9.0]


def changed(run_dir: Path, sql: str) -> None:
    with sqlite3.connect(run_dir / RUN_DB) as database:
        database.execute(sql)
    database.close()


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / RUN_DB).write_bytes(os.urandom(4096))
    with pytest.raises(EnvironmentProblem):
        open_film(tmp_path)


def test_a_run_is_found_by_its_directory_or_its_file(recorded: Recorded, tmp_path: Path) -> None:
    assert find_run(tmp_path) == find_run(tmp_path / RUN_DB) == tmp_path
    (tmp_path / "lanes").mkdir()
    assert find_run(tmp_path / "lanes") == tmp_path
    nothing = tmp_path / "lanes" / LANE
    nothing.mkdir()
    with pytest.raises(EnvironmentProblem, match="holds no run"):
        find_run(nothing)
    with pytest.raises(EnvironmentProblem, match="is not there"):
        find_run(tmp_path / "a" / "b")
    (nothing / MEASURE_DB).touch()
    with pytest.raises(EnvironmentProblem, match="is a measurement"):
        find_run(nothing)


# a real run


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[RunSnapshot]]:
    """A run with kills, and what its watcher saw."""
    run_dir = tmp_path_factory.mktemp("run")
    settings = RunSettings(duration_s=4.0, rate_eps=500, kill_every_s=0.7, seed=3)
    client = BenchClient()
    live: list[RunSnapshot] = []
    try:
        client.start(settings, run_dir)
        while client.running:
            live += client.wait(0.5)
        live += client.poll()
    finally:
        client.close()
    assert client.failure is None
    assert live[-1].state is RunState.COMPLETE
    return run_dir, live


def assert_same(one: RunModel, other: RunModel) -> None:
    assert one.latest is not None
    assert other.latest is not None
    assert bare(one.latest) == bare(other.latest)
    for slug, lane in one.lanes.items():
        np.testing.assert_array_equal(lane.history.view(), other.lanes[slug].history.view())
        np.testing.assert_array_equal(lane.ring.view(), other.lanes[slug].ring.view())
        marks = [one_of.marks(0.0, 60.0, 0.001) for one_of in (lane, other.lanes[slug])]
        np.testing.assert_array_equal(marks[0].kills, marks[1].kills)
        np.testing.assert_array_equal(marks[0].outages, marks[1].outages)


def test_a_play_back_looks_as_the_run_looked(real: tuple[Path, list[RunSnapshot]]) -> None:
    run_dir, live = real
    seen, played = RunModel(), RunModel()
    told: dict[int, FaultReport] = {}
    read: dict[int, FaultReport] = {}
    with closing(open_film(run_dir)) as film:
        settings = film.about.settings
        seen.begin(settings)
        played.begin(settings)
        after, compared = -1, 0
        frames = [bare(film.read(number - 1, number)) for number in range(len(film.times_s))]
        for number, shown in enumerate(live):
            told.update((one.fault_id, one) for one in seen.take([shown]))
            if number % 4 and shown is not live[-1]:
                continue
            upto = frames.index(bare(shown))
            read.update((one.fault_id, one) for one in played.take([film.read(after, upto)]))
            assert_same(seen, played)
            assert told == read
            after, compared = upto, compared + 1
    assert compared > 3
    assert told
    assert all(lane.history.view().shape[1] > 10 for lane in played.lanes.values())


def test_the_last_frame_is_what_the_files_say(real: tuple[Path, list[RunSnapshot]]) -> None:
    run_dir, _ = real
    with closing(open_film(run_dir)) as film, closing(StoredRun(run_dir)) as run:
        last = film.read(-1, len(film.times_s) - 1)
        assert last.state is RunState.COMPLETE
        assert sorted(last.faults, key=lambda one: one.fault_id) == run.faults()
        assert list(last.samples) == run.samples()
        assert rows_now(last, film.about.settings) == run.summary()
        for row in run.summary():
            lane = last.lanes[row.lane]
            counted = {column: getattr(lane.counts, column) for column in COUNTED}
            assert counted == {column: getattr(row, column) for column in COUNTED}
            assert lane.verdict.value == row.verdict
            assert lane.latency_p99_ns == row.latency_p99_ns


def test_a_bench_that_is_killed_leaves_what_was_shown_until_then(tmp_path: Path) -> None:
    settings = RunSettings(duration_s=60.0, rate_eps=200, lanes=(LANE,), kill_every_s=0.3)
    client = BenchClient()
    last_s = 0.0
    try:
        client.start(settings, tmp_path)
        while client.running and last_s < 2.5:
            last_s = max([last_s, *(shown.t_s for shown in client.wait(0.5))])
        assert client.bench_pid is not None
        os.kill(client.bench_pid, signal.SIGKILL)
        while client.running:
            client.wait(0.5)
    finally:
        client.close()
    with closing(open_film(tmp_path)) as film:
        last = film.read(-1, len(film.times_s) - 1)
    assert last.state is RunState.CUT_OFF
    assert last_s - 2.0 < last.t_s
    assert last.samples
    assert last.lanes[LANE].counts.delivered_unique > 0
    with closing(StoredRun(tmp_path)) as run:
        stored = run.summary()
    assert rows_now(last, settings) == stored
    export_run(tmp_path, tmp_path / "out")
    written = (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8")
    assert written == csv_text(SUMMARY_COLUMNS, rows_now(last, settings))


def test_frames_that_could_not_be_written_are_written_next_time(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = RunRecords(recorded.store, RunSettings(lanes=(LANE,)), recorded.recorder)
    recorded.frame()

    def full(rows: object) -> None:
        raise EnvironmentProblem("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(recorded.store, "put_summary", full)
        with pytest.raises(EnvironmentProblem):
            records.write_now(run_snapshot(t_s=0.07))
    recorded.frame()
    records.write_end(run_snapshot(t_s=0.2, state=RunState.FAILED), {})
    with closing(open_film(recorded.run_dir)) as film:
        times_s = [film.read(n - 1, n).t_s for n in range(len(film.times_s))]
        assert times_s == [*(one.t_s for one in recorded.shown), 0.2]


def test_the_newest_frame_and_the_results_are_of_one_moment(recorded: Recorded) -> None:
    """Whatever was taken since the pace last wanted a frame; and it costs no frame of its own."""
    records = RunRecords(recorded.store, RunSettings(lanes=(LANE,)), recorded.recorder)
    offered = iter(range(100, 1000, 100))
    shown: list[RunSnapshot] = []
    for number in range(3):
        recorded.frame(faults=(fault(fault_id=1, lost_caused=number),))
        recorded.recorder.note(0, [fault(fault_id=1, lost_caused=10 + number)])
        moment = recorded.shown[-1].t_s + 0.02
        lane = lane_snapshot(counts=LaneCounts(offered=next(offered)))
        shown += [recorded.shown[-1], run_snapshot(t_s=moment, lanes={LANE: lane}, ran_s=moment)]
        records.write_now(shown[-1])
        with (
            closing(open_film(recorded.run_dir)) as film,
            closing(StoredRun(recorded.run_dir)) as run,
        ):
            last = film.read(-1, len(film.times_s) - 1)
            assert rows_now(last, film.about.settings) == run.summary()
            assert len(film.times_s) == 2 + number + 1
            assert [one.lost_caused for one in last.faults] == [10 + number]
        assert last.lanes[LANE].counts.offered == 100 * (number + 1)
    with closing(open_film(recorded.run_dir)) as film:
        frames = [film.read(n - 1, n) for n in range(4)]
    assert [one.t_s for one in frames] == [one.t_s for one in (*shown[::2], shown[-1])]


def test_a_bug_of_the_recorder_ends_the_recording_and_not_the_run(recorded: Recorded) -> None:
    recorded.frame()
    recorded.recorder.take_for_now(run_snapshot(message={1, 2}))
    assert "the recording has stopped, which is a bug: " in (recorded.recorder.problem or "")
    recorded.frame(faults=(fault(),))
    recorded.recorder.take_for_now(run_snapshot())
    assert not recorded.recorder.due
    assert len(recorded.recorder.rows) == 1


def test_a_text_that_is_no_text_is_recorded() -> None:
    """The name of a file may be one: its bytes are not UTF-8."""
    shown = run_snapshot(message="the disk is full (/tmp/\udcff)")
    assert unpack_key(0, pack_key(key_frame(0, shown))).snapshot == shown


def test_recording_takes_less_than_a_hundredth_of_a_core(
    real: tuple[Path, list[RunSnapshot]],
) -> None:
    """At 20 a second; the best of a few rounds, for others use the processor too."""
    _, live = real

    def seconds_a_frame() -> float:
        recorder = Recorder(Pace(), iter(range(0, 10**15, 50 * MS_NS)).__next__)
        began_s = time.process_time()
        for shown in live:
            recorder.note(len(shown.samples), shown.faults)
            recorder.take(shown)
        assert len(recorder.rows) == len(live)
        return (time.process_time() - began_s) / len(live)

    assert min(seconds_a_frame() for _ in range(5)) * 20 < 0.01


def test_a_frame_takes_a_few_hundred_bytes(real: tuple[Path, list[RunSnapshot]]) -> None:
    run_dir, live = real
    with closing(StoredRun(run_dir)) as run:
        row = run.rows("SELECT count(*) AS n, sum(length(body)) AS bytes FROM frames")[0]
    assert row["n"] >= len(live)
    assert row["bytes"] / row["n"] < 700
