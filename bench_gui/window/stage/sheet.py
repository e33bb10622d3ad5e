"""What stands on the cheat sheet, and how it is cut into columns. Pure but for the keys' names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from bench_gui.window.command_table import MENUS, SPECS, Spec
from bench_gui.window.stage.outcome import title_of

ON_STAGE = (
    ("1 ... 9", "put a lane in focus"),
    ("0", "every lane in focus"),
    ("Ctrl+1 ... 9", "choose a scenario"),
    ("Esc", "leave present mode"),
)
"""Keys that are no commands of the table."""


@dataclass(frozen=True, slots=True)
class Group:
    """Keys that belong together.

    Fields:
        rows: (key, what it does).
    """

    title: str
    rows: tuple[tuple[str, str], ...]

    @property
    def lines(self) -> int:
        """Lines it takes, with its title and the air beneath it."""
        return len(self.rows) + 2


def groups() -> tuple[Group, ...]:
    """Every key, by the menu in which its command is found; those of a talk first."""
    menus = [Group(menu.replace("&", ""), _rows(menu)) for menu in MENUS]
    return (Group("On stage", ON_STAGE), *(group for group in menus if group.rows))


def _rows(menu: str) -> tuple[tuple[str, str], ...]:
    return tuple((keys_of(spec), title_of(spec.text)) for spec in SPECS if spec.menu == menu)


def keys_of(spec: Spec) -> str:
    """A command's keys as they stand on the keyboard."""
    form = QKeySequence.SequenceFormat.NativeText
    return " ".join(QKeySequence(key).toString(form) for key in (spec.key, *spec.more_keys))


def columns(all_groups: Sequence[Group], count: int) -> list[list[Group]]:
    """Groups in order, in at most `count` columns, so that the longest is as short as can be."""
    longest = max(group.lines for group in all_groups)
    while True:
        cut = _cut(all_groups, longest)
        if len(cut) <= count:
            return cut
        longest += 1


def _cut(all_groups: Sequence[Group], longest: int) -> list[list[Group]]:
    cut: list[list[Group]] = [[]]
    for group in all_groups:
        if cut[-1] and lines_of(cut[-1]) + group.lines > longest:
            cut.append([])
        cut[-1].append(group)
    return cut


def lines_of(column: Sequence[Group]) -> int:
    """How many lines a column is long; the air beneath its last group counts not."""
    return sum(group.lines for group in column) - 1
