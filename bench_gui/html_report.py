"""A run as one page that needs no other file: verdicts, numbers, charts, causes. Knows no Qt.

Everything is read from run.db, so it can be written at any time, also of a run that was cut off.
"""

from __future__ import annotations

from pathlib import Path

from bench_gui.bench.progress import Progress, unwatched
from bench_gui.bench.records.atomic_file import write_whole
from bench_gui.bench.records.readable import readable
from bench_gui.html_markup import page
from bench_gui.report_parts.causes import worst
from bench_gui.report_parts.lanes import head, verdicts
from bench_gui.report_parts.links import business
from bench_gui.report_parts.method import counted, repeat
from bench_gui.report_parts.numbers import charts, results
from bench_gui.report_parts.reported import Reported, read_reported
from bench_gui.report_parts.target import TITLE, check_target
from bench_gui.run_drawing.ink import named_ink


def write_report(run_dir: Path, path: Path, progress: Progress = unwatched) -> Path:
    """Writes the page of the run in `run_dir` to `path`, whole or not at all.

    Raises EnvironmentProblem, also where something else than an older page would be lost;
    Cancelled.
    """
    check_target(run_dir, path)
    progress(0.0)
    with readable(run_dir):
        run = read_reported(run_dir)
        progress(0.5)
        text = report_page(run)
    progress(0.9)
    write_whole(path, text)
    return path


def report_page(run: Reported) -> str:
    """The page."""
    slugs = [lane.slug for lane in run.picture.lanes]
    ink = named_ink(slugs)
    parts = (
        head(run),
        verdicts(run, ink),
        results(run),
        charts(run.picture, ink),
        business(run),
        worst(run),
        counted(run),
        repeat(run),
    )
    return page(f"{TITLE}{run.picture.run_id}", slugs, "\n".join(filter(None, parts)))
