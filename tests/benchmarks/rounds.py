"""Measures contenders in turn: A B C, B C A, C A B ..., so that no one is always first."""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.figures import Rounds

Figures = Mapping[str, float]
"""One measurement's values by their names."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to do the work. `measure` gets an empty directory, removed afterwards."""

    name: str
    measure: Callable[[Path], Figures]


def interleaved(contenders: Sequence[Contender], rounds: int) -> dict[str, Rounds]:
    """Measures each contender once a round.

    Returns: by the figure's name, the values of each contender that told it, in the contenders'
        order.
    """
    told: dict[tuple[str, str], list[float]] = defaultdict(list)
    for number in range(rounds):
        turn = number % len(contenders)
        for contender in [*contenders[turn:], *contenders[:turn]]:
            say(f"round {number + 1} of {rounds}: {contender.name}")
            with tempfile.TemporaryDirectory(prefix="bench-") as directory:
                for figure, value in contender.measure(Path(directory)).items():
                    told[figure, contender.name].append(value)
    figures = dict.fromkeys(figure for figure, _ in told)
    return {
        figure: {c.name: told[figure, c.name] for c in contenders if (figure, c.name) in told}
        for figure in figures
    }


def say(line: str) -> None:
    """Progress, beside the result."""
    sys.stderr.write(f"  {line}\n")
    sys.stderr.flush()
