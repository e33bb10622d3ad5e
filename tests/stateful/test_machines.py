"""The log against its model: whatever several clients do and whoever dies, they agree.

A run that fails is shown as it was found; `python -m tests.stateful` looks for the shortest.
"""

from __future__ import annotations

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.budget import IN_THE_CHECKS, profile
from tests.stateful.machines import MACHINES


@pytest.mark.parametrize("name", IN_THE_CHECKS)
def test_the_log_does_what_its_model_does(name: str) -> None:
    runs, steps = IN_THE_CHECKS[name]
    run_state_machine_as_test(MACHINES[name], settings=profile(runs, steps, shrinks=False))


def test_every_machine_has_its_budget() -> None:
    assert set(IN_THE_CHECKS) == set(MACHINES)
