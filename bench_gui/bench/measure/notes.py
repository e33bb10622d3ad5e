"""What a reader of a measurement should know: a sentence or two each, or "". Pure."""

from __future__ import annotations

from bench_gui.bench.measure.order import rounds_of_design
from bench_gui.bench.measure.settings import MeasureSettings
from workers.lanes import lane_of


def closed_loop_note(settings: MeasureSettings) -> str:
    """What latency means without a rate."""
    told = "Closed loop: latency has no schedule to be late against."
    return told if settings.closed_loop else ""


def batch_note(settings: MeasureSettings, *, short: bool = False) -> str:
    """That lanes without retries batch less than those with, where both are compared."""
    if not _batches_differ(settings):
        return ""
    if short:
        return (
            "A lane without retries (at-most-once) has smaller batches, as nothing joins one that"
            " lingers; that flatters the others. Rate max or linger 0 compares like with like."
        )
    return (
        "In a lane without retries (at-most-once) nothing joins a batch that lingers, so that its"
        " batches are about half as large as the others' while these are not full: relative to it"
        " the others' CPU, bytes and p50 are flattered. --rate max (full batches) or --linger 0s"
        " compares like with like."
    )


def _batches_differ(settings: MeasureSettings) -> bool:
    kinds = {lane_of(slug).producer.retries for slug in settings.run.lanes}
    swept = settings.sweep is not None and settings.sweep.name == "linger"
    lingers = swept or settings.run.linger_ms > 0
    return len(kinds) > 1 and lingers and not settings.closed_loop


def order_note(settings: MeasureSettings) -> str:
    """When the order of lanes and conditions is balanced, where fewer rounds are asked for.

    Of a sweep nothing is said: its values are ordered too.
    """
    whole = rounds_of_design(len(settings.run.lanes) * len(settings.conditions))
    if settings.sweep is not None or settings.rounds >= whole:
        return ""
    return (
        "The order of lanes and conditions favours none in a linear drift after every second round;"
        f" all of the design, which balances who follows whom too, takes {whole} rounds."
    )
