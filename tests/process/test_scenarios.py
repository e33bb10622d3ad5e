"""Every scenario, really run as it stands, shows what it promises."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bench_gui.bench.records.store import RunStore
from bench_gui.bench.scenario import Scenario, scenarios, unmet
from bench_gui.bench.snapshot import RunState
from tests.process.bench_runs import alive, start


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: one.slug)
def test_a_scenario_shows_what_it_promises(tmp_path: Path, scenario: Scenario) -> None:
    run = start(tmp_path / "run", scenario.settings())
    last = run.watch_to_the_end()
    run.client.close()
    assert last.state is RunState.COMPLETE, last.message
    assert last.disagreement is None
    with closing(RunStore.open(run.run_dir)) as stored:
        assert unmet(scenario.expectations, stored.summary()) == []
    assert not [pid for pid in run.pids() if alive(pid)]
