"""Every single crash point and pause of every lane, and a sample of pairs of them.

`python -m tests.crashpoints` runs all pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from tests.crashpoints.bench import temporary_directory
from tests.crashpoints.covering import (
    drawn,
    exhaustive,
    run_all,
    sampled_pairs,
    undisturbed,
)
from tests.crashpoints.scenarios import SCENARIOS, TABLE, Scenario
from tests.crashpoints.schedules import FaultKind
from tests.crashpoints.tally import never_seen

CRASHES = (FaultKind.CRASH, FaultKind.CRASH_LATE)
IN_THE_TABLE = (*CRASHES, FaultKind.PAUSE, FaultKind.REPLACE)
ELSEWHERE = (FaultKind.CRASH, FaultKind.PAUSE)
SAMPLE, SAMPLE_ELSEWHERE = (25, 2), (10, 1)
"""Pairs, and worlds of any shape, of each scenario."""
SEED = 1


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    with temporary_directory() as directory:
        yield Path(directory)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_contract_holds_wherever_a_process_dies_or_stops(
    scenario: Scenario, root: Path
) -> None:
    in_table = scenario in TABLE
    kinds = IN_THE_TABLE if in_table else ELSEWHERE
    pairs, shapes = SAMPLE if in_table else SAMPLE_ELSEWHERE
    base = undisturbed(scenario.name, root)
    tasks = chain(
        exhaustive(root, base, kinds),
        sampled_pairs(root, base, pairs, SEED),
        drawn(scenario.name, root, shapes, SEED),
    )
    ((_, tally),) = run_all(tasks)
    assert tally.violations == []
    assert list(never_seen(scenario, tally)) == []
    assert tally.crashes == len(base.positions) * sum(kind in kinds for kind in CRASHES)
    assert tally.pauses > len(base.positions) / 2
