"""What a real run's watcher was told, against the run's files: partitions, links, results."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench_gui.bench.plan import lane_directory
from bench_gui.bench.records.export import csv_text, export_run
from bench_gui.bench.records.results import SUMMARY_COLUMNS, rows_now
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import REST, LaneSnapshot, RunState
from tests.process.bench_runs import Watched, start
from workers.events import LINK_COUNT, LinkChooser
from workers.files import CLICKS, COUNTERS_GROUP, RESULTS, LaneFiles
from workers.lanes import LANE_BY_SLUG, LANES, Result
from workers.policies import OffsetsHome

SETTINGS = RunSettings(
    lanes=tuple(lane.slug for lane in LANES),
    rate_eps=500,
    duration_s=4,
    kill_every_s=0.5,
    producers=2,
    partitions=3,
    seed=11,
    drain_timeout_s=600,
)
PARTITIONS_SQL = """
SELECT partition, max(base_offset + count) FROM partitions
LEFT JOIN batches USING (partition_id) WHERE topic = ? GROUP BY partition ORDER BY partition
"""
OUTPUT_SQL = """
SELECT source, first_sequence, count FROM batches JOIN partitions USING (partition_id)
LEFT JOIN transactions USING (transaction_id)
WHERE topic = ? AND coalesce(state, 'committed') = 'committed'
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A whole run of every lane with kills, watched to its end."""
    watched = start(tmp_path_factory.mktemp("picture"), SETTINGS, keep_data=True)
    watched.watch_to_the_end()
    yield watched
    watched.client.close()


def rows(path: Path, sql: str, *parameters: object) -> list[tuple[int, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return list(database.execute(sql, parameters))


def files_of(run: Watched, slug: str) -> LaneFiles:
    return LaneFiles(lane_directory(run.run_dir, slug))


def true_clicks(lane: LaneSnapshot) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Clicks by link of the deterministic stream, as many events as were offered."""
    chooser, producers = LinkChooser(SETTINGS.seed), SETTINGS.producers
    counts = [-(-(lane.counts.offered - slot) // producers) for slot in range(producers)]
    links = [chooser.links(slot, np.arange(count)) for slot, count in enumerate(counts)]
    return np.bincount(np.concatenate(links).astype(np.int64), minlength=LINK_COUNT + 1)


def counted_clicks(files: LaneFiles, slug: str) -> dict[int, int]:
    """Clicks by link, as a user would read them from the result."""
    if LANE_BY_SLUG[slug].result is not Result.OUTPUT_TOPIC:
        return dict(rows(files.sink, "SELECT link_id, clicks FROM links"))  # type: ignore[arg-type]
    chooser = LinkChooser(SETTINGS.seed)
    batches = rows(files.results, OUTPUT_SQL, RESULTS)
    links = [chooser.links(slot, np.arange(first, first + n)) for slot, first, n in batches]
    counts = np.bincount(np.concatenate(links).astype(np.int64))
    return {link: int(count) for link, count in enumerate(counts) if count}


@pytest.mark.parametrize("slug", SETTINGS.lanes)
def test_partitions_are_what_sql_says(run: Watched, slug: str) -> None:
    files, told = files_of(run, slug), run.last.lanes[slug].partitions
    ends = [(number, end or 0) for number, end in rows(files.clicks, PARTITIONS_SQL, CLICKS)]
    in_sink = LANE_BY_SLUG[slug].consumer.offsets is OffsetsHome.SINK
    committed = dict(
        rows(files.sink, "SELECT partition, next_offset FROM stored_offsets")
        if in_sink
        else rows(
            files.results,
            "SELECT partition, next_offset FROM committed_offsets WHERE group_id = ? AND topic = ?",
            COUNTERS_GROUP,
            CLICKS,
        )
    )  # type: ignore[arg-type]
    assert [(one.partition, one.high_watermark) for one in told] == ends
    assert [one.last_stable_offset for one in told] == [end for _, end in ends]
    assert [one.committed_offset for one in told] == [committed[number] for number, _ in ends]
    assert sum(one.high_watermark for one in told) > 0


@pytest.mark.parametrize("slug", SETTINGS.lanes)
def test_links_are_the_results_beside_the_true_clicks(run: Watched, slug: str) -> None:
    lane = run.last.lanes[slug]
    true, counted = true_clicks(lane), counted_clicks(files_of(run, slug), slug)
    assert len(lane.links) == 21
    for one in lane.links[:-1]:
        assert (one.happened, one.counted) == (true[one.link_id], counted.get(one.link_id, 0))
        assert one.in_flight == 0
        assert one.counted - one.happened == one.extra - one.lost
    assert lane.links[-1].link_id == REST
    assert sum(one.happened for one in lane.links) == lane.counts.offered == true.sum()
    assert sum(one.counted for one in lane.links) == sum(counted.values())


@pytest.mark.parametrize("slug", SETTINGS.lanes)
def test_the_errors_of_all_links_are_the_counter_error(run: Watched, slug: str) -> None:
    lane = run.last.lanes[slug]
    assert sum(one.error for one in lane.links) == lane.counts.counter_error
    assert sum(one.lost for one in lane.links) == lane.counts.lost
    assert sum(one.extra for one in lane.links) == lane.counts.duplicates


def test_links_are_told_a_few_times_a_second_and_unchanged_ones_kept(run: Watched) -> None:
    told = [snapshot.lanes["at-least-once"].links for snapshot in run.snapshots]
    assert len({links for links in told if links}) > 1
    assert len(set(told)) < 5 * run.last.t_s + 10


def test_the_results_that_were_told_are_those_of_the_file(run: Watched, tmp_path: Path) -> None:
    export_run(run.run_dir, tmp_path)
    told = csv_text(SUMMARY_COLUMNS, rows_now(run.last, SETTINGS))
    assert told == (tmp_path / "summary.csv").read_text(encoding="utf-8")


def test_so_are_those_of_a_run_that_was_cut_off(tmp_path: Path) -> None:
    settings = replace(SETTINGS, duration_s=60, lanes=SETTINGS.lanes[:2])
    cut = start(tmp_path / "run", settings)
    cut.watch_until(lambda snapshot: snapshot.t_s > 1.5)
    cut.client.abort()
    last = cut.watch_to_the_end()
    cut.client.close()
    assert last.state is RunState.CUT_OFF
    export_run(cut.run_dir, tmp_path)
    told = csv_text(SUMMARY_COLUMNS, rows_now(last, settings))
    assert told == (tmp_path / "summary.csv").read_text(encoding="utf-8")
    assert 1.0 < last.ran_s < 30


def test_results_are_told_while_the_run_goes_on(run: Watched) -> None:
    going = [one for one in run.snapshots if not one.state.ended and one.t_s > 0]
    told = [(snapshot, row) for snapshot in going for row in rows_now(snapshot, SETTINGS)]
    for snapshot, row in told:
        assert row.duration_s == min(snapshot.t_s, SETTINGS.duration_s)
        assert row.verdict == "..."
        assert (row.latency_p999_ns is None) == (row.effects == 0)
    assert any(row.kills_producer + row.kills_consumer for _, row in told)
    assert any(row.since_append_p50_ns is not None for _, row in told)


def test_from_append_to_effect_is_no_longer_than_from_due_time(run: Watched) -> None:
    for row in rows_now(run.last, SETTINGS):
        since_append = (row.since_append_p50_ns, row.since_append_p99_ns, row.since_append_max_ns)
        since_due = (row.latency_p50_ns, row.latency_p99_ns, row.latency_max_ns)
        for shorter, longer in zip(since_append, since_due, strict=True):
            assert shorter is not None
            assert longer is not None
            assert 0 < shorter <= longer
