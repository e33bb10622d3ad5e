"""Writes a measurement's files from measure.db, at any time, also of one that was cut off."""

from __future__ import annotations

from pathlib import Path

from bench_gui.bench.measure.figures import MeasureResult
from bench_gui.bench.measure.records import read_measurement
from bench_gui.bench.records.atomic_file import written_together
from bench_gui.measure_drawing.drawing import drawing
from bench_gui.measure_tables import csv_texts

MEASURE_SVG = "measure.svg"


def export_measurement(directory: Path, out: Path, theme: str = "light") -> list[Path]:
    """Writes measure.csv, measure_rounds.csv and measure.svg to `out`, made if need be.

    Args:
        theme: "light" or "dark".

    Returns: the files written. Raises EnvironmentProblem.
    """
    return export_result(read_measurement(directory), out, theme)


def export_result(result: MeasureResult, out: Path, theme: str = "light") -> list[Path]:
    """As `export_measurement`."""
    texts = csv_texts(result) | {MEASURE_SVG: drawing(result, theme)}
    with written_together() as write:
        for name, text in texts.items():
            write(out / name, [text])
    return [out / name for name in texts]
