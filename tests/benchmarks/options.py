"""What every benchmark may be told, and how one is run by itself."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks.page import result_text
from tests.benchmarks.targets import Result


@dataclass(frozen=True, slots=True)
class Options:
    """How thoroughly to measure.

    Fields:
        quick: only shows that the benchmark works; its figures mean little.
        full: as long as the target says (ten minutes, ten million events).
        rounds: None takes each benchmark's own.
    """

    quick: bool = False
    full: bool = False
    rounds: int | None = None

    def pick(self, quick: float, usual: float, full: float | None = None) -> float:
        """The value for how thoroughly is measured."""
        if self.quick:
            return quick
        return usual if full is None or not self.full else full

    def rounds_or(self, usual: int) -> int:
        """How many rounds to measure."""
        return self.rounds or (1 if self.quick else usual)


def parser(description: str) -> argparse.ArgumentParser:
    """The options of one benchmark, or of all."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--quick", action="store_true", help="a smoke run: the figures mean little")
    made.add_argument("--full", action="store_true", help="as long as the targets say")
    made.add_argument("--rounds", type=int, metavar="N", help="how often each is measured")
    return made


def options_of(arguments: argparse.Namespace) -> Options:
    """What was asked for."""
    return Options(arguments.quick, arguments.full, arguments.rounds)


def run_alone(measure: Callable[[Options], Result]) -> int:
    """One benchmark from the command line.

    Returns the exit code: 1 when a target is missed, which a smoke run cannot say.
    """
    arguments = parser(measure.__doc__ or "").parse_args()
    try:
        options = options_of(arguments)
        result = measure(options)
    except KeyboardInterrupt:
        return 130
    sys.stdout.write(result_text(result, smoke=options.quick))
    return 0 if options.quick or all(finding.met for finding in result.findings) else 1
