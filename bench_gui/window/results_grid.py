"""The results as a table: summary.csv in a reader's words. Pure; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.snapshot import RunSnapshot, RunState, Verdict
from bench_gui.window.badge import MEANINGS, SIGNS
from bench_gui.window.grid.cells import (
    LAST,
    NOTHING,
    Cell,
    Column,
    Grid,
    Group,
    Line,
    Mark,
)
from workers.lanes import Anomaly, lane_of

DECIMALS = 6
"""As in summary.csv: of a time or a rate, beyond a microsecond there is only noise."""
FORBIDDEN = "\N{MULTIPLICATION X} forbidden"
EXPECTED = "expected"

Value = int | float | str | None
Show = Callable[[Value], str]


def _count(value: Value) -> str:
    return NOTHING if value is None else f"{value:,}"


def _plain(value: Value) -> str:
    return NOTHING if value is None else str(value)


def _rate(value: Value) -> str:
    return "closed loop" if value is None else f"{value:,}"


def _whole(value: Value) -> str:
    return f"{value:,.0f}"


def _seconds(value: Value) -> str:
    return f"{value:,.2f}"


def _ns_as_ms(value: Value) -> str:
    return NOTHING if not isinstance(value, int) else f"{value / 1e6:,.2f}"


def _ms(value: Value) -> str:
    return NOTHING if value is None else f"{value:,.1f}"


@dataclass(frozen=True, slots=True)
class Said:
    """One column of summary.csv as it is said here.

    Fields:
        name: the column's. show: how a value is written.
        anomaly: what the lane may allow of it. never: no lane allows it.
    """

    name: str
    title: str
    tip: str
    show: Show = _count
    anomaly: Anomaly | None = None
    never: bool = False
    words: bool = False


LANE = Said("lane", "lane", "One pipeline under one delivery semantic.", _plain, words=True)

GROUPS: tuple[tuple[str, tuple[Said, ...]], ...] = (
    ("", (LANE,)),
    (
        "",
        (
            Said(
                "verdict",
                "verdict",
                "HOLDS: nothing forbidden was seen, and a fault landed where it could hurt. "
                "BROKEN: something forbidden was seen. NOT TESTED: no fault could hurt.",
                _plain,
                words=True,
            ),
        ),
    ),
    (
        "LOST",
        (
            Said(
                "lost",
                "lost",
                "Events that existed and will never have an effect: certain losses only.",
                anomaly=Anomaly.LOST,
            ),
            Said("lost_before_log", "before the log", "Lost before they were appended."),
            Said("lost_after_log", "after the log", "Lost though they were in the log."),
        ),
    ),
    (
        "COUNTED TWICE",
        (
            Said(
                "duplicates",
                "duplicates",
                "Effects beyond each event's first.",
                anomaly=Anomaly.DUPLICATE,
            ),
            Said("duplicates_in_log", "in the log", "Records beyond each event's first."),
            Said("redelivered", "redelivered", "Deliveries of a record beyond its first."),
            Said(
                "suppressed",
                "suppressed",
                "Deliveries that the idempotent sink knew already and refused.",
            ),
        ),
    ),
    (
        "EVENTS",
        (
            Said("offered", "happened", "Events that existed: that were due."),
            Said("appended", "in the log", "Distinct events readable in the log."),
            Said("delivered_unique", "delivered", "Events with at least one effect."),
            Said("effects", "effects", "Applications to the result in all."),
            Said("in_flight", "in flight", "No effect yet and not lost: may still arrive."),
            Said("recovered", "recovered", "Delivered, though never acknowledged."),
        ),
    ),
    (
        "SPEED",
        (
            Said(
                "throughput_eps",
                "events/s",
                "Delivered events a second, over the time that the sources ran.",
                _whole,
            ),
            Said(
                "latency_p50_ns",
                "p50, ms",
                "Latency from due time to effect: half of the events "
                "were faster. In nanoseconds in the file.",
                _ns_as_ms,
            ),
            Said(
                "latency_p90_ns", "p90, ms", "Latency: 90 % of the events were faster.", _ns_as_ms
            ),
            Said(
                "latency_p99_ns", "p99, ms", "Latency: 99 % of the events were faster.", _ns_as_ms
            ),
            Said(
                "latency_p999_ns",
                "p99.9, ms",
                "Latency: 99.9 % of the events were faster.",
                _ns_as_ms,
            ),
            Said("latency_max_ns", "max, ms", "The slowest event.", _ns_as_ms),
            Said(
                "since_append_p50_ns",
                "since append p50, ms",
                "From append to effect: what is left of the latency without the wait for the "
                "append. Half of the events were faster.",
                _ns_as_ms,
            ),
            Said(
                "since_append_p99_ns",
                "p99, ms",
                "From append to effect: 99 % of the events were faster.",
                _ns_as_ms,
            ),
            Said(
                "since_append_max_ns",
                "max, ms",
                "From append to effect: the slowest event.",
                _ns_as_ms,
            ),
        ),
    ),
    (
        "FAULTS",
        (
            Said("faults_in_window", "could hurt", "Faults that landed where they could hurt."),
            Said("kills_producer", "producers killed", "Kills of producers, of whatever kind."),
            Said("kills_consumer", "consumers killed", "Kills of consumers, of whatever kind."),
            Said("pauses", "pauses", "Processes that were stopped for a while (zombies)."),
            Said("ack_losses", "acks lost", "Appends that happened and were not acknowledged."),
            Said("request_losses", "requests lost", "Appends that did not happen, unnoticed."),
            Said("expirations", "expiries", "Sessions of living processes that expired."),
            Said(
                "recovery_p50_ms",
                "recovery p50, ms",
                "From death to the replacement's first step: half of the times were shorter.",
                _ms,
            ),
            Said("recovery_max_ms", "recovery max, ms", "The longest recovery.", _ms),
            Said(
                "blocked_ms",
                "blocked, ms",
                "For how long prepared transactions stood in doubt, summed up (two-phase commit).",
                _ms,
            ),
            Said("blocked_max_ms", "longest, ms", "The longest of them.", _ms),
        ),
    ),
    (
        "CHECKS",
        (
            Said(
                "counter_error",
                "counter error",
                "Sum over links of |counted \N{MINUS SIGN} happened|, what is in flight included.",
            ),
            Said(
                "unattributed",
                "unattributed",
                "Lost or counted twice, and no fault was found that did it: must be 0.",
                never=True,
            ),
            Said(
                "aborted_reads",
                "aborted reads",
                "Effects of records of aborted transactions.",
                never=True,
            ),
            Said("phantoms", "phantoms", "Effects of events that never existed.", never=True),
            Said(
                "committed_reads",
                "committed reads",
                "Records that a read_committed reader of the output topic saw.",
            ),
            Said(
                "dirty_reads",
                "dirty reads",
                "Those of them whose transaction was not committed, or was seen in part.",
                never=True,
            ),
        ),
    ),
    (
        "RUN",
        (
            Said("duration_s", "ran, s", "For how long the sources ran.", _seconds),
            Said("rate_target_eps", "rate, events/s", "What was asked for.", _rate),
            Said("producers", "producers", "Producer slots.", _plain),
            Said("consumers", "consumers", "Consumer slots.", _plain),
            Said("partitions", "partitions", "Of the log.", _plain),
            Said("payload_bytes", "payload, bytes", "What an event carries besides its link."),
            Said("durability", "durability", "SQLite's synchronous.", _plain, words=True),
            Said("seed", "seed", "Fixes events, links and the fault schedule.", _plain),
            Said("engine", "engine", "What the log is built on.", _plain, words=True),
            Said("run_id", "run", "The run's name.", _plain, words=True),
        ),
    ),
)
SAID: tuple[Said, ...] = tuple(said for _, of_group in GROUPS for said in of_group)


def grid_of(rows: Sequence[SummaryRow], reasons: Mapping[str, str]) -> Grid:
    """One line a lane.

    Args:
        reasons: why each lane's verdict is what it is, by slug.
    """
    lines = tuple(_line(place, row, reasons.get(row.lane, "")) for place, row in enumerate(rows))
    return Grid(tuple(Group(title) for title, _ in GROUPS), _columns(), lines, fixed=1)


def _columns() -> tuple[Column, ...]:
    return tuple(
        Column(said.name, said.title, _tip(said), number, said.words)
        for number, (_, of_group) in enumerate(GROUPS)
        for said in of_group
    )


def _tip(said: Said) -> str:
    return f"{escape(said.tip)}<br><i>{said.name}</i> in summary.csv"


def _line(place: int, row: SummaryRow, reason: str) -> Line:
    return Line(row.lane, tuple(_cell(said, row, place, reason) for said in SAID))


def _cell(said: Said, row: SummaryRow, place: int, reason: str) -> Cell:
    value: Value = getattr(row, said.name)
    copied = file_text(value)
    if said is LANE:
        lane = lane_of(row.lane)
        tip = f"{lane.name}: {lane.rule}"
        return Cell(lane.name, place, copied, tip, lane=row.lane, glyph=True)
    if said.name == "verdict":
        return _verdict(row, reason)
    order: float | str = str(value) if said.words else _number(value)
    mark = _mark(said, row.lane, value)
    word = {Mark.EXPECTED: f" {EXPECTED}", Mark.FORBIDDEN: f" {FORBIDDEN}"}.get(mark, "")
    tip = f"{said.name} = {copied}" if copied else ""
    return Cell(said.show(value) + word, order, copied, tip, mark, lane=row.lane)


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else LAST


def _mark(said: Said, slug: str, value: Value) -> Mark:
    if value == 0:
        return Mark.CALM
    if said.anomaly is not None:
        allowed = said.anomaly in lane_of(slug).allowed
        return Mark.EXPECTED if allowed else Mark.FORBIDDEN
    return Mark.FORBIDDEN if said.never else Mark.PLAIN


def _verdict(row: SummaryRow, reason: str) -> Cell:
    verdict = Verdict(row.verdict)
    word = "pending" if verdict is Verdict.PENDING else verdict.value
    copied = "" if verdict is Verdict.PENDING else verdict.value
    mark = Mark.FORBIDDEN if verdict is Verdict.BROKEN else Mark.PLAIN
    tip = f"{MEANINGS[verdict]}<br>{escape(reason)}"
    return Cell(SIGNS[verdict] + word, word, copied, tip, mark, lane=row.lane)


def file_text(value: Value) -> str:
    """A value as summary.csv has it."""
    if value is None:
        return ""
    return str(round(value, DECIMALS) if isinstance(value, float) else value)


def sentence_of(snapshot: RunSnapshot) -> str:
    """Whether the numbers are final."""
    if snapshot.disagreement is not None:
        return f"The counts disagree, an error of the bench: {snapshot.disagreement}"
    if snapshot.state is RunState.COMPLETE:
        return "Final: live count, final count and recount agree event by event."
    if snapshot.state.ended:
        return f"The run is {snapshot.state.value}: the numbers are those of its last moment."
    return (
        f"Now, {max(snapshot.t_s, 0.0):.1f} s after the start; verdicts come with the final count."
    )
