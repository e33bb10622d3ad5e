"""Which run comes next: the rounds of a measurement, laid out as it goes on. Pure.

Within a round every value of the sweep is measured, and at each value every lane in every
condition. The order of the lanes and conditions is a sequence of their Williams design, another one
at each value and in each round; the order of the values is a sequence of theirs. Rates alone are
walked up in every round, since how far a lane can follow shows only on the way; it is dropped for
the rest of the first round once it fell behind at two rates running, and later rounds measure it at
the rates of the first.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench_gui.bench.measure.cells import CellResult, PlannedCell
from bench_gui.bench.measure.order import ordered
from bench_gui.bench.measure.settings import Condition, MeasureSettings

BEHIND_ENOUGH = 2
"""Rates running at which a lane fell behind before it is walked no further."""

Subject = tuple[str, Condition]


class Walk:
    """The runs of one measurement, one after the other."""

    def __init__(self, settings: MeasureSettings) -> None:
        self._settings = settings
        self._subjects: list[Subject] = [
            (lane, condition) for lane in settings.run.lanes for condition in settings.conditions
        ]
        self._behind: dict[Subject, int] = dict.fromkeys(self._subjects, 0)
        self._left_out: set[tuple[Subject, str | None]] = set()
        self._cells = self._lay_out()
        self._next = 0

    def warm_ups(self) -> tuple[PlannedCell, ...]:
        """One uncounted run of each lane, without faults; none when there is no warm-up."""
        settings = self._settings
        if not settings.warm_up_s:
            return ()
        value = settings.values[0]
        return tuple(PlannedCell(0, lane, Condition.WITHOUT, value) for lane in settings.run.lanes)

    def next(self) -> PlannedCell | None:
        """The run to make now; None when all are made."""
        while self._next < len(self._cells):
            cell = self._cells[self._next]
            self._next += 1
            if not self._is_left_out(cell):
                return cell
        return None

    def note(self, result: CellResult) -> None:
        """How the last run ended, which may end a lane's walk."""
        sweep = self._settings.sweep
        if sweep is None or not sweep.walks or result.round != 1:
            return
        subject = (result.lane, result.condition)
        self._behind[subject] = 0 if result.keeps_up else self._behind[subject] + 1
        if self._behind[subject] == BEHIND_ENOUGH:
            place = sweep.values.index(result.value)
            self._left_out.update((subject, value) for value in sweep.values[place + 1 :])

    @property
    def left(self) -> int:
        """Runs still to be made, as far as is known now."""
        return sum(not self._is_left_out(cell) for cell in self._cells[self._next :])

    def _is_left_out(self, cell: PlannedCell) -> bool:
        return ((cell.lane, cell.condition), cell.value) in self._left_out

    def _lay_out(self) -> list[PlannedCell]:
        return [
            PlannedCell(number + 1, lane, condition, value)
            for number in range(self._settings.rounds)
            for place, value in enumerate(self._values(number))
            for lane, condition in ordered(self._subjects, number + place)
        ]

    def _values(self, number: int) -> Iterator[str | None]:
        """In the order of round `number`, from 0."""
        sweep = self._settings.sweep
        if sweep is None or sweep.walks:
            yield from self._settings.values
        else:
            yield from ordered(sweep.values, number)
