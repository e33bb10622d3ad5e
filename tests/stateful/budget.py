"""How long the machines run: in the checks, and by hand."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

IN_THE_CHECKS = {
    "records": (120, 50),
    "groups": (80, 50),
    "joint": (160, 50),
    "records-memory": (20, 50),
    "groups-memory": (20, 50),
    "joint-memory": (20, 50),
    "sink": (60, 50),
}
"""Machine: runs, and most steps in a run."""


def profile(runs: int, steps: int) -> settings:
    """Settings for that many runs of at most that many steps; none of them watches a clock."""
    return settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
