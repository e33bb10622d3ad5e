"""Quantiles by nearest rank: always one of the values, never between two. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence


def nearest_place(count: int, quantile: float) -> int:
    """Where, among `count` (at least 1) ordered values, the smallest is that at least `quantile`
    (0 to 1) of them do not exceed."""
    return max(0, math.ceil(quantile * count) - 1)


def nearest_rank(values: Sequence[float], quantile: float) -> float | None:
    """That value of unordered ones; None of none."""
    return sorted(values)[nearest_place(len(values), quantile)] if values else None
