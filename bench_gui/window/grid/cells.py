"""What a table says, cell by cell. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

NOTHING = "\N{EN DASH}"
"""What stands where there is no value."""
LAST = float("inf")
"""The order of a value that is not there."""


class Mark(Enum):
    """How a cell is to be read."""

    PLAIN = "plain"
    CALM = "calm"
    EXPECTED = "expected"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Bar:
    """A small bar beside a number, from the middle of its place: to the left of it too few.

    Fields (shares of half the place):
        wrong: from -1 to 1, filled. waiting: from 0 to 1, hollow, to the left of what is wrong.
    """

    wrong: float = 0.0
    waiting: float = 0.0


@dataclass(frozen=True, slots=True)
class Cell:
    """Fields:
    text: what is shown. order: what it is sorted by; all of a column are numbers, or all texts.
    copied: what a spreadsheet gets. tip: all of it in words, for a tooltip.
    lane: whose shape stands before the text, and whose colour an expected number wears.
    glyph: whether the lane's shape stands there.
    """

    text: str
    order: float | str
    copied: str
    tip: str = ""
    mark: Mark = Mark.PLAIN
    bar: Bar | None = None
    lane: str = ""
    glyph: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that belong together. `lane`: whose shape stands before the title; "" for none."""

    title: str
    tip: str = ""
    lane: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """Fields:
    key: its name in a spreadsheet. title: in the window. tip: what it means.
    group: its place among the grid's groups. words: whether it holds words, not numbers.
    room: by how much it takes part in room that is left over.
    """

    key: str
    title: str
    tip: str
    group: int
    words: bool = False
    room: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `key`: which row it stays; `last`: it stays below the others, however sorted."""

    key: str
    cells: tuple[Cell, ...]
    last: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A whole table. `fixed`: so many columns at the left stay in sight."""

    groups: tuple[Group, ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    fixed: int = 1

    def tabbed(self, places: Iterable[int]) -> str:
        """The columns' keys and these lines, divided by tabs, for a spreadsheet."""
        rows = [[column.key for column in self.columns]]
        rows += [[cell.copied for cell in self.lines[place].cells] for place in places]
        return "".join("\t".join(row) + "\n" for row in rows)


EMPTY = Grid((), (), (), 0)
