"""A life for a terminal, and as JSON. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from bench_gui.bench.lifeline.model import LifeEvent, LifeKind, Lifeline

NO_TIME = "-"
GAP = "  "


def lifeline_text(life: Lifeline) -> str:
    """A heading, one line an entry, and what must be known of the records."""
    lines = [f"event {life.event} of {life.lane} in {life.run_id}: {life.fate.value}"]
    lines += [life.sentence, ""]
    lines += _table([_cells(entry, _due_s(life)) for entry in life.entries])
    lines += ["", *life.notes] if life.notes else []
    return "\n".join(line.rstrip() for line in lines) + "\n"


def lifeline_json(life: Lifeline) -> str:
    """One object in one line: the fields of `Lifeline`, a `who` as its fields or null."""
    content = {
        "run_id": life.run_id,
        "lane": life.lane,
        "event": life.event._asdict(),
        "fate": life.fate.value,
        "fault_ids": life.fault_ids,
        "sentence": life.sentence,
        "entries": [asdict(entry) | {"kind": entry.kind.value} for entry in life.entries],
        "notes": life.notes,
    }
    return json.dumps(content) + "\n"


def _due_s(life: Lifeline) -> float | None:
    due = [entry.t_s for entry in life.entries if entry.kind is LifeKind.DUE]
    return due[0] if due else None


def _cells(entry: LifeEvent, due_s: float | None) -> list[str]:
    """Since the run's start, since the event was due, what, who, where, more."""
    since_start = NO_TIME if entry.t_s is None else f"{entry.t_s:.6f} s"
    since_due = ""
    if entry.t_s is not None and due_s is not None:
        since_due = f"{(entry.t_s - due_s) * 1000:+,.3f} ms"
    who = "" if entry.who is None else str(entry.who)
    fault = "" if entry.fault_id is None else f"[fault {entry.fault_id}]"
    more = " ".join(part for part in (entry.text, fault) if part)
    return [since_start, since_due, entry.kind.value, who, entry.where, more]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Times to the right, words to the left; the last column as long as it is."""
    widths = [max(map(len, column), default=0) for column in zip(*rows, strict=True)]
    return [_line(row, widths) for row in rows]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    times = [cell.rjust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
    words = [cell.ljust(width) for cell, width in zip(row[2:-1], widths[2:-1], strict=True)]
    return GAP.join([*times, *words, row[-1]])
