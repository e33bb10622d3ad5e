"""The benchmarks by name, in the order in which they are run and shown."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from tests.benchmarks.options import Options
from tests.benchmarks.targets import Result

NAMES = (
    "append",
    "end_to_end",
    "single",
    "latency",
    "load",
    "watching",
    "window",
    "recovery",
    "startup",
    "audit",
    "memory",
    "disk",
)


def measure_of(name: str) -> Callable[[Options], Result]:
    """What measures the benchmark of this name."""
    module: Any = importlib.import_module(f"tests.benchmarks.{name}")
    measure: Callable[[Options], Result] = module.measure
    return measure
