"""How long the machines run: in the checks, and by hand."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

IN_THE_CHECKS = {
    "records": (100, 50),
    "groups": (80, 50),
    "joint": (200, 50),
    "records-memory": (20, 50),
    "groups-memory": (20, 50),
    "joint-memory": (60, 50),
    "sink": (60, 50),
}
"""Machine: runs, and most steps in a run."""


def profile(runs: int, steps: int, *, shrinks: bool) -> settings:
    """Settings for that many runs of at most that many steps; none of them watches a clock.

    Args:
        shrinks: whether a run that fails is made as short as can be, which may take minutes.
    """
    return settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        phases=[phase for phase in Phase if shrinks or phase is not Phase.shrink],
    )
