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
    """A command's keys as they stand on the keyboard; other spellings of the same are left out."""
    form = QKeySequence.SequenceFormat.NativeText
    shown = [spec.key, *(key for key in spec.more_keys if len(key) == 1)]
    return " ".join(QKeySequence(key).toString(form) for key in shown)


def columns(all_groups: Sequence[Group], count: int) -> list[list[Group]]:
    """Groups in at most `count` columns, the first one first, so that none is much the longest.

    The longest group left goes to the shortest column; inside a column they keep their order.
    """
    cut: list[list[Group]] = [[all_groups[0]], *([] for _ in range(count - 1))]
    for group in sorted(all_groups[1:], key=lambda one: -one.lines):
        min(cut, key=lines_of).append(group)
    order = list(all_groups)
    return [sorted(column, key=order.index) for column in cut if column]


def lines_of(column: Sequence[Group]) -> int:
    """How many lines a column is long, with the air beneath each group but the last."""
    return max(sum(group.lines for group in column) - 1, 0)
