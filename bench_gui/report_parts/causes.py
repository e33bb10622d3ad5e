"""The faults that did most and what they caused, and what no fault explains."""

from __future__ import annotations

from bench_gui.bench.snapshot import FaultReport
from bench_gui.html_markup import element, table, wrap
from bench_gui.report_parts.reported import Reported

WORST = 12
"""Faults that are told."""
MOST_EXPLANATIONS = 3
MOST_RANGES = 20
"""Unattributed ranges that are told."""

ATTRIBUTED = "Every event that was lost or counted twice names the fault that caused it."


def worst(run: Reported) -> str:
    """The table of the faults, and the anomalies that none of them caused."""
    heading = element("h2", "The faults that did most")
    return wrap("section", heading + _harmful(run) + _unattributed(run))


def _harmful(run: Reported) -> str:
    harmful = sorted(filter(_harm, run.faults), key=_harm, reverse=True)[:WORST]
    if not harmful:
        return element("p", "No fault lost an event or repeated one.")
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
    return table(f"The worst {len(rows)} of {len(run.faults):,} faults", head, rows, (3, 4, 5))


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


def _unattributed(run: Reported) -> str:
    """What no fault caused must be nothing, and is never left out."""
    counted = sum(row.unattributed for row in run.rows.values())
    if not counted and not run.unattributed:
        return element("p", f"Unattributed: 0. {ATTRIBUTED}") if run.complete else ""
    parts = [
        element("h3", "Unattributed"),
        element("p", f"Unattributed: {counted:,} events, lost or counted twice without a fault "
                "that caused it. It must be 0; this is an error of the bench.", "alarm"),
    ]  # fmt: skip
    if run.unattributed:
        parts.append(_ranges(run))
    return "\n".join(parts)


def _ranges(run: Reported) -> str:
    rows = [
        (
            one.lane,
            one.kind,
            f"{one.slot}",
            f"{one.first_sequence:,} to {one.last_sequence:,}",
            f"{one.count:,}",
            _capital(one.explanation),
        )
        for one in run.unattributed[:MOST_RANGES]
    ]
    caption = f"Ranges of events that no fault explains: {len(rows)} of {len(run.unattributed):,}"
    head = ("lane", "what", "source", "sequences", "events", "what is known")
    return table(caption, head, rows, (2, 4))
