"""What stands beside a verdict when there is room for a few words only."""

from __future__ import annotations

import pytest

from bench_gui.bench.snapshot import Verdict
from bench_gui.window.badge import short_reason


@pytest.mark.parametrize(
    ("verdict", "reason", "faults", "shown"),
    [
        (Verdict.PENDING, "", 0, ""),
        (Verdict.PENDING, "nothing forbidden seen in 1 fault", 1, "1 fault could hurt"),
        (Verdict.HOLDS, "nothing forbidden seen; 3 lost, as allowed", 9, "9 faults could hurt"),
        (Verdict.BROKEN, "3 lost, which this lane forbids", 9, "3 lost"),
        (Verdict.NOT_TESTED, "no fault landed", 0, "no fault landed"),
        (Verdict.HOLDS, "nothing forbidden seen in 2 faults; 5 unattributed", 2, "5 unattributed"),
        (Verdict.BROKEN, "3 lost, which this lane forbids; 5 unattributed", 2, "5 unattributed"),
    ],
)
def test_what_matters_most_comes_first(
    verdict: Verdict, reason: str, faults: int, shown: str
) -> None:
    assert short_reason(verdict, reason, faults) == shown
