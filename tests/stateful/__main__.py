"""The machines by hand, for as long as one likes: python -m tests.stateful --examples 1000."""

from __future__ import annotations

import argparse
import sys
import time

from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.budget import profile
from tests.stateful.machines import MACHINES


def main() -> None:
    """Runs the chosen machines and says what they did."""
    parser = argparse.ArgumentParser(prog="python -m tests.stateful", description=__doc__)
    parser.add_argument("--examples", type=int, default=1000, help="runs of each machine")
    parser.add_argument("--steps", type=int, default=60, help="most steps in a run")
    parser.add_argument("--outcomes", action="store_true", help="list each verb's outcomes")
    parser.add_argument("machines", nargs="*", metavar="machine", help=", ".join(MACHINES))
    options = parser.parse_args()
    for name in options.machines or MACHINES:
        machine = MACHINES[name]
        before_s = time.perf_counter()
        run_state_machine_as_test(
            machine, settings=profile(options.examples, options.steps, shrinks=True)
        )
        took_s = time.perf_counter() - before_s
        tally = dict(machine.tally)
        sys.stdout.write(f"{name}: {tally.pop('steps')} steps in {took_s:.1f} s\n")
        if options.outcomes:
            sys.stdout.writelines(f"{tally[key]:8} {key}\n" for key in sorted(tally))


if __name__ == "__main__":
    main()
