"""What is known of one fault, in words: for the pane beside the list. Pure; knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bench_gui.bench.snapshot import AnomalyRange, FaultReport
from bench_gui.window.fault_kinds import kind_of, recovery_text

RANGES_SHOWN = 12


def title_of(fault: FaultReport) -> str:
    """Which fault it is."""
    by = "" if fault.scheduled else ", by hand"
    return f"{kind_of(fault).word} at {fault.t_s:.2f} s{by}"


def facts_of(fault: FaultReport) -> list[tuple[str, str]]:
    """Name and value, one a line, what matters most first; those that do not apply are left out."""
    found = [
        ("effect", harm_in_words(fault)),
        ("step", _window(fault)),
        ("process", _process(fault)),
        ("paused", _pause(fault)),
        ("recovery", _recovery(fault)),
    ]
    return [(name, value) for name, value in found if value]


def _pause(fault: FaultReport) -> str:
    expired = "; its session expired" if fault.session_expired else ""
    return f"{fault.paused_ns / 1e9:.1f} s{expired}" if fault.paused_ns else ""


def _recovery(fault: FaultReport) -> str:
    ended = kind_of(fault).ends and fault.pid is not None
    return f"{recovery_text(fault)} from death to the next first step" if ended else ""


def _process(fault: FaultReport) -> str:
    who = f"{fault.role} {fault.slot}"
    if fault.pid is None:
        return f"{who}: no process there"
    incarnation = "" if fault.incarnation is None else f", incarnation {fault.incarnation}"
    return f"{who}, pid {fault.pid}{incarnation}"


def _window(fault: FaultReport) -> str:
    if fault.after_step is None and fault.before_step is None:
        return ""
    return f"after {fault.after_step}, before {fault.before_step}"


def harm_in_words(fault: FaultReport) -> str:
    """What it did to events."""
    parts = (
        (fault.lost_caused, "lost"),
        (fault.duplicates_caused, "counted twice"),
        (fault.suppressed_caused, "delivered again and suppressed"),
    )
    said = [f"{_events(count)} {words}" for count, words in parts if count]
    if fault.pid is None:
        return ""
    in_hand = _events(fault.exposed) if fault.exposed else "nothing"
    return "; ".join(said) or f"none; {in_hand} in hand"


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"


def range_text(one: AnomalyRange) -> str:
    """Which events, by their source's sequence numbers."""
    numbers = f"{one.first_sequence:,}"
    if one.last_sequence > one.first_sequence:
        numbers += f" to {one.last_sequence:,}"
    where = "" if one.partition is None else f", partition {one.partition}"
    return f"source {one.slot}: {numbers} ({one.count:,}) {one.kind}{where}"


def html_of(fault: FaultReport, ranges: Sequence[AnomalyRange] | None, muted: str) -> str:
    """The pane's text.

    Args:
        ranges: the events that it harmed; None while that is being looked up.
        muted: the colour of what only explains, #RRGGBB.
    """
    rows = "".join(
        f'<tr><td style="color:{muted}; padding-right:8px">{name}</td><td>{escape(value)}</td></tr>'
        for name, value in facts_of(fault)
    )
    return f"<table cellspacing=0>{rows}{_ranges_row(fault, ranges, muted)}</table>"


def _ranges_row(fault: FaultReport, ranges: Sequence[AnomalyRange] | None, muted: str) -> str:
    harmed = fault.lost_caused + fault.duplicates_caused + fault.suppressed_caused
    if ranges is None and not harmed:
        return ""
    lines = ["looking ..."] if ranges is None else [range_text(one) for one in ranges]
    more = len(lines) - RANGES_SHOWN
    if more > 0:
        lines = [*lines[:RANGES_SHOWN], f"and {more:,} ranges more"]
    if not lines:
        return ""
    cells = "<br>".join(escape(line) for line in lines)
    name = f'<td style="color:{muted}; padding-right:8px">events</td>'
    return f"<tr>{name}<td>{cells}</td></tr>"
