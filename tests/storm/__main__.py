"""`python -m tests.storm --kills 10000`: real processes, real SIGKILLs and pauses, every lane.

Run after run with another seed and another shape until enough kills have landed. Each run's files
are removed when it is counted, so that it may go on for hours. Every worker process imports this
file again, so it imports nothing before it must. Exit code 1 when anything forbidden was seen.
"""

from __future__ import annotations

import argparse
import sys


def main() -> int:
    """The storm. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--kills", type=int, default=2000, help="go on until so many have landed")
    parser.add_argument("--minutes", type=float, help="or so long, whichever comes later")
    parser.add_argument("--seed", type=int, default=1, help="of the first run; counts up")
    parser.add_argument("--duration", type=float, default=8.0, help="seconds of one run's sources")
    parser.add_argument("--lanes", default="all", help="lanes of every run")
    from tests.storm.storming import storm

    return storm(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
