"""Of which events a lane's files may not tell everything: old rows were removed."""

from __future__ import annotations

from contextlib import closing

from bench_gui.bench.records.lane_file import LaneFile
from workers.files import LaneFiles

MARK_SQL = "SELECT max(upto) FROM marks WHERE ledger = 'events' AND line = coalesce(?, line)"


def removed_below(files: LaneFiles, slot: int | None = None) -> int:
    """Rows of events below this sequence (exclusive) may be gone; 0: none are.

    To be asked after the files were opened: it is written down before the rows go.

    Args:
        slot: a source; None: the greatest of all.

    Raises EnvironmentProblem when it cannot be read.
    """
    with closing(LaneFile(files.removed)) as removed:
        found = [upto for (upto,) in removed.rows(MARK_SQL, slot, table="marks")]
    return max((upto for upto in found if upto is not None), default=0)
