"""What a frame of either view costs ten minutes into a run with 500 kills in every lane."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

from tests.benchmarks.children import Children, told
from tests.benchmarks.figures import spread
from tests.benchmarks.options import Options, run_alone
from tests.benchmarks.rounds import Contender, Figures, interleaved
from tests.benchmarks.tables import Table, between, exact
from tests.benchmarks.targets import Finding, Result, target
from tests.benchmarks.windows import PLATFORM

SIZE = (1920, 1080)
PHASES = ("ten minutes in", "a storm of kills", "the run's end")
FIGURES = ("wall p50", "wall p99", "cpu p50", "cpu p99", "stall wall", "stall cpu")
MS = exact(1)
VIEWS = ("charts", "pipelines")


def measure(options: Options) -> Result:
    """Frame times and stalls of the event loop."""
    seconds = options.pick(4, 15, 590)
    order = {
        "size": SIZE,
        "seconds": seconds,
        "storm_s": options.pick(4, 9),
        "jump_s": 1.0,
    }
    made = [Contender(view, partial(_frames, {**order, "view": view})) for view in VIEWS]
    figures = interleaved(made, options.rounds_or(1 if options.full else 2))
    found = {
        (view, phase, figure): figures[f"{phase}: {figure}"][view]
        for view in VIEWS
        for phase in PHASES
        for figure in (*FIGURES, "frames")
    }
    rows = tuple(
        (f"{view}, {phase}", f"{spread(found[view, phase, 'frames']).middle:,.0f}",
         *(MS(spread(found[view, phase, figure]).middle) for figure in FIGURES),
         between(spread(found[view, phase, "stall wall"]), MS))
        for view in VIEWS
        for phase in PHASES
    )  # fmt: skip
    worst_frame = max(
        spread(found[view, phase, "wall p99"]).middle for view in VIEWS for phase in PHASES[:2]
    )
    worst_stall = max(
        spread(found[view, phase, "stall wall"]).middle for view in VIEWS for phase in PHASES
    )
    return Result(
        "window",
        "The window",
        f"The views of charts (16 of them) and of pipelines (four pictures, eight charts) at"
        f" {SIZE[0]}x{SIZE[1]} on Qt's {PLATFORM} platform (drawn in memory, by the CPU), fed with"
        " a made-up run of ten minutes with 500 kills in each of four lanes, ten snapshots a"
        f" second. The last {seconds:g} s are watched, then twenty kills a second in"
        " every lane, then the end, when all ten minutes are drawn. A frame is everything that the"
        " event loop does for it, tick and painting; a stall is the longest stretch in which the"
        " loop did not wait.",
        (Table("ms", ("", "frames", *FIGURES, "stall wall, spread"), rows),),
        (
            Finding(target("window.frame"), worst_frame),
            Finding(target("window.stall"), worst_stall),
        ),
        ("Wall time has in it what other processes took of the CPU; CPU time is the window's own"
         " thread's.",),
    )  # fmt: skip


def _frames(order: dict[str, object], directory: Path) -> Figures:
    environment = {"QT_QPA_PLATFORM": PLATFORM, "HOME": str(directory)}
    figures: dict[str, float] = {}
    order = {**order, "folder": str(directory)}
    with Children() as children:
        process = children.start(
            "-m", "tests.benchmarks.window_frames", json.dumps(order), environment=environment
        )
        for phase in PHASES:
            said = told(process)
            assert said["phase"] == phase
            figures |= {f"{phase}: {figure}": said[figure] for figure in (*FIGURES, "frames")}
    return figures


if __name__ == "__main__":
    sys.exit(run_alone(measure))
