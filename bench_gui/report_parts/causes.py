"""The faults that did most, and what they caused."""

from __future__ import annotations

from bench_gui.bench.snapshot import FaultReport
from bench_gui.html_markup import element, table, wrap
from bench_gui.report_parts.reported import Reported

WORST = 12
"""Faults that are told."""
MOST_EXPLANATIONS = 3


def worst(run: Reported) -> str:
    """The table of the faults."""
    heading = element("h2", "The faults that did most")
    harmful = sorted(filter(_harm, run.faults), key=_harm, reverse=True)[:WORST]
    if not harmful:
        return wrap("section", heading + element("p", "No fault lost an event or repeated one."))
    rows = [
        (
            f"{fault.t_s:.2f} s",
            fault.lane,
            f"{fault.kind}: {fault.role} {fault.slot}",
            f"{fault.lost_caused:,}",
            f"{fault.duplicates_caused:,}",
            f"{fault.suppressed_caused:,}",
            _explained(run, fault),
        )
        for fault in harmful
    ]
    head = ("when", "lane", "fault", "lost", "duplicates", "suppressed", "what happened")
    caption = f"The worst {len(rows)} of {len(run.faults):,} faults"
    return wrap("section", heading + table(caption, head, rows, (3, 4, 5)))


def _harm(fault: FaultReport) -> int:
    return fault.lost_caused + fault.duplicates_caused + fault.suppressed_caused


def _explained(run: Reported, fault: FaultReport) -> str:
    """The fault in a sentence, and why the events that it harmed came to harm."""
    found = run.anomalies.get((fault.lane, fault.fault_id), ())
    causes = [anomaly.explanation for anomaly in found[:MOST_EXPLANATIONS]]
    more = len(found) - len(causes)
    causes += [f"and {more} more ranges"] if more > 0 else []
    return ". ".join([fault.text, *map(_capital, causes)])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
