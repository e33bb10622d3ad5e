"""Everything that the page of a run tells, as run.db knows it. Knows no Qt and no markup."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.recording.film import open_film
from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.records.run_tables import Row
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import AnomalyRange, FaultReport, LinkClicks, RunState
from bench_gui.run_drawing.picture import RunPicture
from bench_gui.stored_picture import stored_picture


@dataclass(frozen=True, slots=True)
class Reported:
    """Everything that the page tells.

    Fields:
        columns: the run's row in run.db. rows: results by slug; empty before the final count.
        anomalies: by (lane, fault). unattributed: those that no fault caused.
        links: as the business sees them, by slug; empty where that was not recorded.
    """

    picture: RunPicture
    settings: RunSettings
    columns: Row
    rows: dict[str, SummaryRow]
    faults: Sequence[FaultReport]
    anomalies: Mapping[tuple[str, int], Sequence[AnomalyRange]]
    disagreement: str | None
    cut_off: str | None
    links: Mapping[str, Sequence[LinkClicks]] = field(default_factory=dict)
    unattributed: Sequence[AnomalyRange] = ()

    @property
    def complete(self) -> bool:
        """Whether there was a drain and a final count."""
        return self.picture.state == RunState.COMPLETE.value


def read_reported(run_dir: Path) -> Reported:
    """What run.db knows. Raises EnvironmentProblem."""
    with closing(StoredRun(run_dir)) as run:
        anomalies: dict[tuple[str, int], list[AnomalyRange]] = defaultdict(list)
        unattributed = []
        for anomaly in run.anomalies():
            if anomaly.fault_id is None:
                unattributed.append(anomaly)
            else:
                anomalies[anomaly.lane, anomaly.fault_id].append(anomaly)
        return Reported(
            picture=stored_picture(run),
            settings=run.settings,
            columns=run.columns,
            rows={row.lane: row for row in run.summary()},
            faults=run.faults(),
            anomalies=anomalies,
            unattributed=unattributed,
            disagreement=run.disagreement,
            cut_off=run.cut_off,
            links=_last_links(run_dir),
        )


def _last_links(run_dir: Path) -> dict[str, Sequence[LinkClicks]]:
    """As the last frame of the recording has them; without one that can be read there are none."""
    try:
        with closing(open_film(run_dir)) as film:
            if film.about.coarse:
                return {}
            lanes = film.read(-1, len(film.times_s) - 1).lanes
            if film.about.damaged:
                return {}
    except EnvironmentProblem:
        return {}
    return {slug: lane.links for slug, lane in lanes.items()}
