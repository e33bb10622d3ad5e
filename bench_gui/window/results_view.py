"""The view of the results: one line a lane, live while the run goes on, final once it is over."""

from __future__ import annotations

from bench_gui.bench.records.results import rows_now
from bench_gui.bench.snapshot import RunSnapshot
from bench_gui.window.grid.cells import Grid
from bench_gui.window.grid.page import TablePage
from bench_gui.window.results_grid import grid_of, sentence_of

TITLE = "Results"
ABOUT = "The columns of summary.csv, one line a lane; what is copied is what the file has."


class ResultsView(TablePage):
    """Every column of summary.csv."""

    def __init__(self) -> None:
        super().__init__("results", TITLE, ABOUT)

    def grid_of(self, snapshot: RunSnapshot) -> Grid:
        """The rows as they would be written now."""
        reasons = {slug: lane.verdict_reason for slug, lane in snapshot.lanes.items()}
        return grid_of(rows_now(snapshot, self.settings), reasons)

    def sentence_of(self, snapshot: RunSnapshot) -> str:
        """How far to trust the numbers."""
        return sentence_of(snapshot)
