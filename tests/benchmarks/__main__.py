"""Runs all benchmarks, or those that are named, and writes one Markdown page.

`python -m tests.benchmarks`; about a quarter of an hour on a machine with nothing else to do.
`--full` measures as long as the targets say (about an hour and a half), `--quick` only shows that
everything works and writes no page unless `--out` names one. The queue libraries come with
`pip install -e '.[bench]'`.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.catalogue import NAMES, measure_of
from tests.benchmarks.children import ROOT
from tests.benchmarks.machine import machine
from tests.benchmarks.options import Options, options_of, parser
from tests.benchmarks.page import page, result_text
from tests.benchmarks.rounds import say
from tests.benchmarks.targets import Result

PAGE = ROOT / "docs" / "BENCHMARKS.md"


def main() -> int:
    """Returns the exit code: 0, 1 when a benchmark could not be measured, 130 for Ctrl-C."""
    arguments = _parser().parse_args()
    names = arguments.names or NAMES
    table = machine()
    try:
        results, failed = _measure(names, options_of(arguments))
    except KeyboardInterrupt:
        return 130
    out: Path | None = arguments.out or (None if arguments.quick or arguments.names else PAGE)
    if out is not None and results:
        when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        out.write_text(page(results, table, when, _how()), encoding="utf-8")
        say(f"written: {out}")
    if failed:
        say(f"could not be measured: {', '.join(failed)}")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    made = parser("Runs the benchmarks and writes one page.")
    made.add_argument("names", nargs="*", type=_known, metavar="NAME",
                      help="only these, and no page unless --out is given")  # fmt: skip
    made.add_argument("--out", type=Path, metavar="FILE", help="where to write the page")
    return made


def _known(name: str) -> str:
    if name not in NAMES:
        raise argparse.ArgumentTypeError(f"there is no {name!r}, but {', '.join(NAMES)}")
    return name


def _measure(names: Sequence[str], options: Options) -> tuple[list[Result], list[str]]:
    """The results, and the names of those that failed."""
    results: list[Result] = []
    failed: list[str] = []
    for name in names:
        began_s = time.monotonic()
        say(f"{name} ...")
        try:
            results.append(measure_of(name)(options))
        except Exception:  # noqa: BLE001  the others can still be measured
            traceback.print_exc()
            failed.append(name)
            continue
        sys.stdout.write(result_text(results[-1], smoke=options.quick) + "\n")
        sys.stdout.flush()
        say(f"{name}: {time.monotonic() - began_s:.0f} s")
    return results, failed


def _how() -> str:
    return " ".join(["python -m tests.benchmarks", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
