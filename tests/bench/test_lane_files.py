"""A lane's files are there before its workers, and only those it needs."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bench_gui.bench.lane_files import create_lane_files, remove_lane_files
from bench_gui.bench.plan import lane_config
from bench_gui.bench.settings import RunSettings
from workers.files import RESULTS
from workers.log.errors import UnknownTopicPartition
from workers.log.sqlite import open_log
from workers.log.types import TopicPartition

TWO = RunSettings(producers=2, consumers=2)


@pytest.mark.parametrize(
    ("lane", "settings", "files"),
    [
        ("at-least-once", TWO, "sink positions-0 positions-1"),
        ("exactly-once", TWO, ""),
        ("cross-system", TWO, "sink"),
        ("transactional-sink", TWO, "sink"),
        ("two-phase-commit", TWO, "sink coordinator-0 coordinator-1"),
        ("retry+two-phase+counter", replace(TWO, producers=1),
         "sink positions-0 coordinator-0 coordinator-1"),
        ("exactly-once", replace(TWO, ack_loss=0.1), "network-0 network-1"),
        ("exactly-once", replace(TWO, request_loss=0.1), "network-0 network-1"),
    ],
)  # fmt: skip
def test_a_lane_has_the_databases_it_needs(
    tmp_path: Path, lane: str, settings: RunSettings, files: str
) -> None:
    config = lane_config(settings, lane, tmp_path)
    create_lane_files(config).close()
    made = {path.stem for path in config.directory.glob("*.db")}
    assert made == {"clicks", "results", *files.split()}
    remove_lane_files(config)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("lane", "has"), [("exactly-once", True), ("cross-system", False)])
def test_the_output_topic_is_there_where_it_is_the_result(
    tmp_path: Path, lane: str, has: bool
) -> None:
    config = lane_config(TWO, lane, tmp_path)
    create_lane_files(config).close()
    with closing(open_log(config.files.results, "off")) as log:
        if has:
            assert log.end_offsets(TopicPartition(RESULTS, 3)) == (0, 0)
        else:
            with pytest.raises(UnknownTopicPartition):
                log.end_offsets(TopicPartition(RESULTS, 0))
