"""Tables for a reader, as plain text and as Markdown from one source. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.benchmarks.figures import Rounds, Spread, ratio, spread


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts below their headings. The first column is text, the others are figures.

    Invariant: every row is as long as `columns`.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plain(table: Table) -> str:
    """Aligned columns for a terminal."""
    lines = [table.columns, *table.rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(table.columns))]
    texts = ["  ".join(_cell(line, place, widths) for place in range(len(line))) for line in lines]
    return "\n".join([table.title, *(text.rstrip() for text in texts)])


def _cell(line: Sequence[str], place: int, widths: Sequence[int]) -> str:
    width = widths[place]
    return line[place].ljust(width) if place == 0 else line[place].rjust(width)


def markdown(table: Table) -> str:
    """The same table in Markdown."""
    rules = ["---", *["---:"] * (len(table.columns) - 1)]
    lines = [table.columns, rules, *table.rows]
    cells = ["| " + " | ".join(text.replace("|", "\\|") for text in line) + " |" for line in lines]
    return "\n".join([f"{table.title}:", "", *cells])


def count(value: float) -> str:
    """A rate or a number with three digits at the least: 8,410, 1,220,000, 41.3."""
    digits = len(str(int(abs(value))))
    return f"{round(value, 3 - digits):,.{max(0, 3 - digits)}f}"


def exact(digits: int) -> Callable[[float], str]:
    """Formats with so many digits after the point."""
    return lambda value: f"{value:,.{digits}f}"


def between(values: Spread, text: Callable[[float], str]) -> str:
    """Least and most."""
    return f"{text(values.least)} .. {text(values.most)}"


def times(values: Spread) -> str:
    """A ratio with its spread over the rounds."""
    return f"{_ratio(values.middle)} ({_ratio(values.least)} .. {_ratio(values.most)})"


def _ratio(value: float) -> str:
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def comparison(
    title: str,
    unit: str,
    rounds: Rounds,
    bases: Sequence[str],
    extra: Sequence[tuple[str, Rounds]] = (),
    text: Callable[[float], str] = count,
) -> Table:
    """One row a contender: median, spread over the rounds, ratio to each base, medians beside.

    Args:
        unit: of the values, a column's heading.
        bases: contenders that the others are compared with.
        extra: further columns, heading and values; a contender may be missing in them.
    """
    ratios = tuple(f"times {base}" for base in bases)
    columns = ("", unit, "spread", *ratios, *(heading for heading, _ in extra))
    rows = tuple(
        (
            name,
            text(spread(values).middle),
            between(spread(values), text),
            *(times(ratio(rounds, name, base)) for base in bases),
            *(_beside(more, name) for _, more in extra),
        )
        for name, values in rounds.items()
    )
    return Table(title, columns, rows)


def _beside(rounds: Rounds, name: str) -> str:
    return f"{spread(rounds[name]).middle:,.2f}" if rounds.get(name) else "-"
