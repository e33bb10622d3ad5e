"""The log against its model: whatever several clients do and whoever dies, they agree."""

from __future__ import annotations

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.budget import IN_THE_CHECKS, profile
from tests.stateful.machines import MACHINES


@pytest.mark.parametrize("name", IN_THE_CHECKS)
def test_the_log_does_what_its_model_does(name: str) -> None:
    run_state_machine_as_test(MACHINES[name], settings=profile(*IN_THE_CHECKS[name]))


def test_every_machine_has_its_budget() -> None:
    assert set(IN_THE_CHECKS) == set(MACHINES)
