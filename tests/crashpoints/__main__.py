"""`python -m tests.crashpoints`: every crash point of every lane, and every pair of them.

The real workers, log, sink and counts, in one process and on a clock that stands still unless it
is moved. A fault at every position of a small workload, and pairs of faults at every two. Exit code
1 when something was seen that must not be, or when something that is allowed was never seen.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys

from tests.crashpoints.reporting import cover, repeat

TERMINATED = 143
"""Ended from outside, with the files removed."""


def main() -> int:
    """Runs what is asked for. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.crashpoints", description=__doc__)
    parser.add_argument("--only", metavar="LANE:FAULTS", help="one schedule, step by step")
    parser.add_argument("--lanes", nargs="*", metavar="LANE", help="these scenarios only")
    parser.add_argument("--full", action="store_true", help="every kind of fault in every pair")
    drawn = "and N worlds a scenario with shape, order and faults drawn"
    parser.add_argument("--drawn", type=int, default=0, metavar="N", help=drawn)
    parser.add_argument("--seed", type=int, default=1, help="of the first one drawn")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        return repeat(arguments.only) if arguments.only else cover(arguments)
    except ValueError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
