"""stub"""

from bench_gui.bench.measure.figures import MeasureResult


def drawing(result: MeasureResult, theme: str = "light") -> str:
    """stub"""
    return "<svg/>"
