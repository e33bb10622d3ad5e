"""`python -m tests.mutants [NAME ...]`: plants each bug and prints caught or SURVIVED.

Exit code 1 when one survives, 2 when a name is not known.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.mutants.catalogue import MUTANTS
from tests.mutants.planting import Result, try_mutant


def main() -> int:
    """Tries the mutants. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    arguments = parser.parse_args()
    known = {mutant.name for mutant in MUTANTS}
    unknown = sorted(set(arguments.names) - known)
    if unknown:
        sys.stderr.write(f"no mutant is called {unknown[0]!r}; there are {', '.join(known)}\n")
        return 2
    wanted = [m for m in MUTANTS if not arguments.names or m.name in arguments.names]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        survived = sum(_say(result) for result in pool.map(try_mutant, wanted))
    sys.stdout.write(
        f"{len(wanted)} mutants, {len(wanted) - survived} caught, {survived} survived\n"
    )
    return 1 if survived else 0


def _say(result: Result) -> bool:
    """Prints a result as it comes. Returns whether the mutant survived."""
    word = "caught" if result.caught else "SURVIVED"
    sys.stdout.write(f"{word:8} {result.seconds:6.1f} s  {result.mutant.name}: {result.by}\n")
    sys.stdout.flush()
    return not result.caught


if __name__ == "__main__":
    sys.exit(main())
