"""What a measurement is asked to do, filled in and checked as one types. Knows no measurement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bench_gui.bench.measure.notes import order_note
from bench_gui.bench.measure.settings import MeasureSettings, has_faults
from bench_gui.bench.measure.texts import FAULTS, SWEEP, VALUES
from bench_gui.bench.measure.time_left import first_estimate_s, planned_runs
from bench_gui.bench.numbers import in_words
from bench_gui.bench.settings import RunSettings
from bench_gui.measure_drawing.heading import conditions
from bench_gui.window.choices import Choice, Choices
from bench_gui.window.field_row import FieldRow
from bench_gui.window.fields import Field
from bench_gui.window.glyphs import glyph_icon
from bench_gui.window.lane_names import short_name
from bench_gui.window.measure_fields import (
    DEFAULT_TEXTS,
    ELSEWHERE,
    LANES,
    ROUND_FIELDS,
    SWEEP_FIELDS,
    WITHOUT,
    MeasureReading,
    read,
    usual_faults,
    usual_values,
)
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.widgets import show_problem, text_label
from workers.lanes import lane_of

KEYED = 9
"""So many lanes have a key, Alt and their number."""
THE_REST = "What is not asked here is as in the settings of the main window."


class MeasureForm(QWidget):
    """Every choice of a measurement, or the reason why there is none yet.

    Fields:
        reading: what is filled in amounts to.

    Signals:
        changed: `reading` is another.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("settings")
        self._run: Mapping[str, str] = {}
        self._quiet = True
        self._theme = LIGHT
        self._listed: tuple[str, ...] = ()
        self._lanes = Choices("measure-lane", [])
        self._rows = {field.key: self._row(field) for field in (*ROUND_FIELDS, *SWEEP_FIELDS)}
        self._elsewhere = text_label("", "problem")
        self._elsewhere.setObjectName("measure-problem-elsewhere")
        self._elsewhere.setWordWrap(True)
        self._about = text_label("", "small")
        self._about.setObjectName("measure-about")
        self._about.setWordWrap(True)
        self._estimate = text_label("", "measure-estimate")
        self._estimate.setObjectName("measure-estimate")
        self._estimate.setWordWrap(True)
        self._lay_out()
        self.show_texts(DEFAULT_TEXTS)
        self._on_sweep()
        self.reading = MeasureReading(None, {})

    def _row(self, field: Field) -> FieldRow:
        row = FieldRow(field, name=f"field-measure-{field.key}")
        usual = self._on_sweep if field.key == SWEEP else self._on_changed
        row.changed.connect(usual)
        return row

    def _lay_out(self) -> None:
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(text_label("LANES, ONE AT A TIME", "section"))
        layout.addWidget(self._lanes)
        self._add("ROUNDS", [self._rows[field.key] for field in ROUND_FIELDS])
        self._add("SWEEP", [self._rows[field.key] for field in SWEEP_FIELDS])
        self._add("WHAT WILL BE MEASURED", [self._estimate, self._about, self._elsewhere])
        layout.addStretch()

    def _add(self, title: str, widgets: Iterable[QWidget]) -> None:
        self._layout.addSpacing(8)
        self._layout.addWidget(text_label(title, "section"))
        for widget in widgets:
            self._layout.addWidget(widget)

    # what is filled in

    def show_lanes(self, listed: Sequence[str], chosen: Sequence[str]) -> None:
        """The lanes there are, and those that are measured unless others are chosen."""
        if tuple(listed) != self._listed:
            self._list(tuple(listed))
        self._lanes.choose(chosen)
        self._on_changed()

    def _list(self, listed: tuple[str, ...]) -> None:
        self._listed = listed
        choices = [_choice(slug, number) for number, slug in enumerate(listed, start=1)]
        fresh = Choices("measure-lane", choices)
        self._layout.replaceWidget(self._lanes, fresh)
        self._lanes.hide()
        self._lanes.deleteLater()
        self._lanes = fresh
        fresh.changed.connect(self._on_changed)
        self.set_theme(self._theme)

    def show_run(self, texts: Mapping[str, str], settings: RunSettings | None) -> None:
        """The settings of the main window, right or wrong; what is not asked for here is theirs."""
        self._run = texts
        if self._quiet and settings is not None and not has_faults(settings):
            self._rows[FAULTS].show_text(WITHOUT)
        self._quiet = False
        self._on_changed()

    def texts(self) -> dict[str, str]:
        """What is filled in, right or wrong."""
        texts = {key: row.text for key, row in self._rows.items()}
        return texts | {LANES: ",".join(self._lanes.chosen())}

    def show_texts(self, texts: Mapping[str, str]) -> None:
        """Fills fields in, those of a sweep after the sweep itself."""
        for key in (SWEEP, *texts):
            if key in texts and key in self._rows:
                self._rows[key].show_text(texts[key])

    def set_theme(self, theme: Theme) -> None:
        """Other colours: each lane's shape before its name."""
        self._theme = theme
        for slug in self._listed:
            self._lanes.set_icon(slug, glyph_icon(slug, theme.lane(slug)))

    def _on_sweep(self) -> None:
        """A sweep has its own usual faults and values."""
        quiet, self._quiet = self._quiet, True
        sweep = self._rows[SWEEP].text
        self._rows[FAULTS].show_text(usual_faults(sweep))
        self._rows[VALUES].show_text("")
        self._rows[VALUES].show_placeholder(usual_values(sweep))
        self._rows[VALUES].setVisible(bool(usual_values(sweep)))
        self._quiet = quiet
        self._on_changed()

    def _on_changed(self) -> None:
        if self._quiet:
            return
        self.reading = read(self.texts(), self._run)
        problems = self.reading.problems
        for key, row in self._rows.items():
            row.show_problem(problems.get(key, ""))
        self._lanes.show_problem(problems.get(LANES, ""))
        show_problem(self._elsewhere, problems.get(ELSEWHERE, ""))
        self._show_plan(self.reading.settings)
        self.changed.emit()

    def _show_plan(self, settings: MeasureSettings | None) -> None:
        for label in (self._estimate, self._about):
            label.setVisible(settings is not None)
        self._estimate.setText("" if settings is None else plan_in_words(settings))
        self._about.setText("" if settings is None else about(settings))


def about(settings: MeasureSettings) -> str:
    """What is run, and in which order."""
    return " ".join(filter(None, (f"{conditions(settings)}.", order_note(settings), THE_REST)))


def plan_in_words(settings: MeasureSettings) -> str:
    """How long it takes: "About 3 min 20 s for 20 runs"."""
    counted, _ = planned_runs(settings)
    walks = settings.sweep is not None and settings.sweep.walks
    most = "At most about" if walks else "About"
    runs = f"{counted:,} run{'s' * (counted != 1)}"
    return f"{most} {in_words(first_estimate_s(settings))} for {runs}"


def _choice(slug: str, number: int) -> Choice:
    lane = lane_of(slug)
    key = f"Alt+{number}" if number <= KEYED else ""
    return Choice(slug, short_name(lane), key, f"{lane.name}: {lane.rule}.", lane.name)
