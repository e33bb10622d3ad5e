"""A run in words and numbers for a terminal. Pure; knows no files and no clock."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.snapshot import RunSnapshot, RunState
from workers.lanes import Anomaly, lane_of

WIDTH = 100
LANES_A_BLOCK = 4
GAP = "  "


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: its label and a lane's cell; a line of empty cells is left out."""

    label: str
    cell: Callable[[SummaryRow], str]


def _judged(anomaly: Anomaly, count: Callable[[SummaryRow], int]) -> Callable[[SummaryRow], str]:
    """A count, marked with what the lane says about it."""

    def cell(row: SummaryRow) -> str:
        number = count(row)
        if number == 0:
            return "0"
        allowed = anomaly in lane_of(row.lane).allowed
        return f"{number:,} {'expected' if allowed else 'FORBIDDEN'}"

    return cell


def _count(
    count: Callable[[SummaryRow], int], *, optional: bool = False
) -> Callable[[SummaryRow], str]:
    """A count; an optional one is empty at 0."""
    return lambda row: "" if optional and not count(row) else f"{count(row):,}"


def _ms(latency_ns: Callable[[SummaryRow], int | None]) -> Callable[[SummaryRow], str]:
    def cell(row: SummaryRow) -> str:
        value = latency_ns(row)
        return "-" if value is None else f"{value / 1e6:,.2f} ms"

    return cell


def _recovery(row: SummaryRow) -> str:
    return "" if row.recovery_p50_ms is None else f"{row.recovery_p50_ms:,.1f} ms"


def _blocked(row: SummaryRow) -> str:
    """For how long transactions were in doubt, in all; empty where nothing is prepared."""
    return f"{row.blocked_ms:,.1f} ms" if row.blocked_ms else ""


LINES: tuple[Line, ...] = (
    Line("verdict", lambda row: row.verdict),
    Line("offered", _count(lambda row: row.offered)),
    Line("delivered", _count(lambda row: row.delivered_unique)),
    Line("lost", _judged(Anomaly.LOST, lambda row: row.lost)),
    Line("  before the log", _count(lambda row: row.lost_before_log, optional=True)),
    Line("  after the log", _count(lambda row: row.lost_after_log, optional=True)),
    Line("duplicates", _judged(Anomaly.DUPLICATE, lambda row: row.duplicates)),
    Line("suppressed", _count(lambda row: row.suppressed, optional=True)),
    Line("in flight", _count(lambda row: row.in_flight, optional=True)),
    Line("recovered", _count(lambda row: row.recovered, optional=True)),
    Line("aborted reads", _count(lambda row: row.aborted_reads, optional=True)),
    Line("phantoms", _count(lambda row: row.phantoms, optional=True)),
    Line("unattributed", _count(lambda row: row.unattributed, optional=True)),
    Line("rate", lambda row: _rate(row.rate_target_eps)),
    Line("throughput", lambda row: f"{row.throughput_eps:,.0f} /s"),
    Line("latency p50", _ms(lambda row: row.latency_p50_ns)),
    Line("latency p99", _ms(lambda row: row.latency_p99_ns)),
    Line("latency max", _ms(lambda row: row.latency_max_ns)),
    Line("blocked", _blocked),
    Line("dirty reads", _count(lambda row: row.dirty_reads, optional=True)),
    Line("kills", lambda row: f"{row.kills_producer + row.kills_consumer:,}"),
    Line("pauses", _count(lambda row: row.pauses, optional=True)),
    Line("expirations", _count(lambda row: row.expirations, optional=True)),
    Line("requests lost", _count(lambda row: row.request_losses, optional=True)),
    Line("acks lost", _count(lambda row: row.ack_losses, optional=True)),
    Line("could hurt", _count(lambda row: row.faults_in_window)),
    Line("recovery p50", _recovery),
)


def _rate(target_eps: int | None) -> str:
    """What was asked for; a closed loop has no schedule for its latency to be late against."""
    return "closed loop" if target_eps is None else f"{target_eps:,} /s"


def result_table(rows: Sequence[SummaryRow], reasons: Mapping[str, str] | None = None) -> str:
    """The lanes side by side, four a block if they fit, then each verdict's reason.

    At most WIDTH columns wide.

    Args:
        rows: one a lane, in display order.
        reasons: one sentence a lane, by slug.
    """
    tables = (_blocks(rows, lanes) for lanes in range(LANES_A_BLOCK, 0, -1))
    parts = next((table for table in tables if _width(table) <= WIDTH), _blocks(rows, 1))
    if reasons:
        parts.append("\n".join(_reason(row, reasons.get(row.lane, "")) for row in rows))
    return "\n\n".join(parts) + "\n"


def progress_line(snapshot: RunSnapshot, duration_s: float, width: int = WIDTH) -> str:
    """The run now in one line of at most `width` columns: lost/duplicates of each lane.

    Where the lanes' names do not fit, their initials stand for them.
    """
    line = snapshot.state.value
    if snapshot.state is RunState.RUNNING:
        line += f" {max(snapshot.t_s, 0.0):.1f} s of {duration_s:g} s"
    for named in (str, initials) if snapshot.lanes else ():
        lanes = ", ".join(
            f"{named(slug)} {lane.counts.lost:,}/{lane.counts.duplicates:,}"
            for slug, lane in snapshot.lanes.items()
        )
        if len(longer := f"{line}; lost/duplicates: {lanes}") <= width:
            return longer
        shortest = f"{line}; {lanes}"
    if snapshot.lanes:
        line = shortest
    return line if len(line) <= width else line[: width - 3] + "..."


def initials(slug: str) -> str:
    """`alo` of `at-least-once`."""
    return "".join(word[0] for word in slug.split("-"))


def _blocks(rows: Sequence[SummaryRow], lanes: int) -> list[str]:
    """Blocks of so many lanes each."""
    return [_block(rows[first : first + lanes]) for first in range(0, len(rows), lanes)]


def _width(blocks: Sequence[str]) -> int:
    return max((len(line) for block in blocks for line in block.splitlines()), default=0)


def _block(rows: Sequence[SummaryRow]) -> str:
    """A heading of lane names, a rule, then the lines; numbers to the right."""
    lines = [(line.label, [line.cell(row) for row in rows]) for line in LINES]
    table = [("lane", [row.lane for row in rows])]
    table += [(label, cells) for label, cells in lines if any(cells)]
    label_width = max(len(label) for label, _ in table)
    widths = [max(map(len, column)) for column in zip(*(cells for _, cells in table), strict=True)]
    texts = [_aligned(label.ljust(label_width), cells, widths) for label, cells in table]
    texts.insert(1, "-" * len(texts[0]))
    return "\n".join(text.rstrip() for text in texts)


def _aligned(label: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
    return GAP.join([label, *padded])


def _reason(row: SummaryRow, reason: str) -> str:
    return textwrap.fill(
        f"{row.lane}: {row.verdict}. {reason}".strip(), WIDTH, subsequent_indent="  "
    )
