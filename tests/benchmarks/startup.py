"""From the command line to a painted window, and from Start to the first point on a chart."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.children import PATIENCE_S, ROOT, Children
from tests.benchmarks.figures import spread
from tests.benchmarks.options import Options, run_alone
from tests.benchmarks.rounds import Contender, Figures, interleaved
from tests.benchmarks.tables import Table, between, exact
from tests.benchmarks.targets import Finding, Result, target
from tests.benchmarks.windows import PLATFORM, Probe

PAINTED, POINT = "python main.py to a painted window", "Start to the first point on a chart"
IMPORTS = "for comparison: Python, Qt and numpy imported"
SECONDS = exact(2)


def measure(options: Options) -> Result:
    """Start-up, five fresh processes."""
    made = [Contender("window", _window), Contender("imports", _imports)]
    figures = interleaved(made, options.rounds_or(5))
    found = {name: next(iter(rounds.values())) for name, rounds in figures.items()}
    rows = tuple(
        (name, SECONDS(spread(values).middle), between(spread(values), SECONDS))
        for name, values in found.items()
    )
    return Result(
        "startup",
        "Start-up",
        f"Fresh processes, Qt's {PLATFORM} platform, 1280x720, default settings, files warm in"
        " memory. The run is started as soon as the window is painted.",
        (Table("seconds", ("", "s", "spread"), rows),),
        (
            Finding(target("startup.painted"), spread(found[PAINTED]).middle),
            Finding(target("startup.point"), spread(found[POINT]).middle),
        ),
    )


def _window(directory: Path) -> Figures:
    with Children() as children:
        probe = Probe(children, directory, {}, until="point")
        painted_ns, started_ns = probe.hear("painted_ns"), probe.hear("started_ns")
        point_ns = probe.hear("point_ns")
        probe.process.wait(PATIENCE_S)
    return {
        PAINTED: (painted_ns - probe.asked_ns) / 1e9,
        POINT: (point_ns - started_ns) / 1e9,
    }


def _imports(directory: Path) -> Figures:
    del directory
    began_s = time.perf_counter()
    text = "import PySide6.QtWidgets, pyqtgraph, numpy"
    subprocess.run([sys.executable, "-c", text], cwd=ROOT, check=True, timeout=PATIENCE_S)
    return {IMPORTS: time.perf_counter() - began_s}


if __name__ == "__main__":
    sys.exit(run_alone(measure))
