"""The settings of the next run, filled in, checked as one types. Knows no run and no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bench_gui.bench.option_help import bounds_text, default_text
from bench_gui.bench.options import parse_names, to_texts
from bench_gui.bench.settings import RunSettings
from bench_gui.window.choices import Choice, Choices
from bench_gui.window.command_table import Command
from bench_gui.window.commands import Commands
from bench_gui.window.field_row import FieldRow
from bench_gui.window.fields import (
    FAULTS,
    LANES_KEY,
    LOAD,
    MORE,
    MORE_FAULTS,
    ROLES_KEY,
    Field,
    Reading,
    read,
)
from bench_gui.window.fold import Fold
from bench_gui.window.lane_list import LaneList
from bench_gui.window.palette import Theme
from bench_gui.window.widgets import ActionButton, text_label
from workers.lanes import Role

BESIDE = {"seed": Command.NEW_SEED, "kill-at": Command.CHOOSE_STEPS}
"""Commands whose button stands beside a field."""

DEFAULT_TEXTS = to_texts(RunSettings())


class SettingsPanel(QWidget):
    """Every field of a RunSettings, or the reason why there is none yet.

    Fields:
        lanes: the lanes to run, and those to choose from.
        more_faults, more: what is folded away.

    Signals:
        changed: something was filled in; `reading` is up to date.
    """

    changed = Signal()

    def __init__(
        self, commands: Commands, base: RunSettings, own_lanes: Iterable[str] = ()
    ) -> None:
        super().__init__()
        self.setObjectName("settings")
        self._commands = commands
        self._base = base
        self._unseen: dict[str, str] = {}
        self._quiet = False
        self.lanes = LaneList(commands[Command.COMPOSE], commands[Command.DECIDE])
        self.lanes.add_own(tuple(own_lanes))
        self._roles = _role_choices()
        self._rows: dict[str, FieldRow] = {}
        self.more_faults = Fold(
            "more-faults",
            "MORE FAULTS",
            "Alt+Shift+M",
            "Kills at a protocol step, pauses, outages of a role, lost requests and "
            "acknowledgements.",
        )
        self.more = Fold(
            "more", "MORE", "Alt+M", "Batches, linger, payload, restart delay, durability."
        )
        self._lay_out()
        self.reading = Reading(base, {})
        self.show_settings(base)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        _add_section(layout, "LANES", [self.lanes])
        _add_section(layout, "LOAD", self._make_rows(LOAD))
        _add_section(layout, "FAULTS", self._make_rows(FAULTS))
        layout.addWidget(self._roles)
        layout.addWidget(self.more_faults)
        layout.addWidget(self.more)
        layout.addStretch()
        self.more_faults.fill(self._make_rows(MORE_FAULTS))
        self.more.fill(self._make_rows(MORE))
        self.lanes.changed.connect(self._on_changed)
        self._roles.changed.connect(self._on_changed)

    def _make_rows(self, fields: Iterable[Field]) -> list[FieldRow]:
        made = []
        for field in fields:
            command = BESIDE.get(field.key)
            beside = self._button(command) if command is not None else None
            row = FieldRow(field, beside, more=_limits(field.key))
            row.changed.connect(self._on_changed)
            self._rows[field.key] = row
            made.append(row)
        return made

    def _button(self, command: Command) -> ActionButton:
        return ActionButton(self._commands[command], small=command is Command.CHOOSE_STEPS)

    def set_theme(self, theme: Theme) -> None:
        """Other colours: each lane's shape before its name."""
        self.lanes.set_theme(theme)

    def texts(self) -> dict[str, str]:
        """What is filled in, by option key, right or wrong, and what has no field here."""
        texts = self._unseen | {key: row.text for key, row in self._rows.items()}
        texts[LANES_KEY] = ",".join(self.lanes.chosen())
        texts[ROLES_KEY] = ",".join(self._roles.chosen())
        return texts

    def show_settings(self, settings: RunSettings) -> None:
        """Fills every field in; what has no field here is kept as it is in `settings`."""
        self._base = settings
        self._keep_unseen(to_texts(settings))
        self._quiet = True
        self.lanes.choose(settings.lanes)
        self._roles.choose([role.value for role in settings.kill_roles])
        self.show_texts(to_texts(settings))

    def fill_in(self, texts: Mapping[str, str]) -> None:
        """Fills in what `texts` gave once, right or wrong, boxes too."""
        self._quiet = True
        self._keep_unseen(texts)
        self.lanes.choose(parse_names(texts[LANES_KEY]))
        self._roles.choose(parse_names(texts[ROLES_KEY]))
        self.show_texts(texts)

    def _keep_unseen(self, texts: Mapping[str, str]) -> None:
        """What no field shows belongs to the settings all the same."""
        seen = {*self._rows, LANES_KEY, ROLES_KEY}
        self._unseen = {key: text for key, text in texts.items() if key not in seen}

    def read(self, texts: Mapping[str, str]) -> RunSettings | None:
        """The settings that such texts make, None when something is wrong with them."""
        return read(texts, self._base).settings

    def show_texts(self, texts: Mapping[str, str]) -> None:
        """Fills the text fields in that `texts` names."""
        self._quiet = True
        for key, row in self._rows.items():
            if key in texts:
                row.show_text(texts[key])
        self._quiet = False
        self._on_changed()

    def add_lane(self, slug: str) -> None:
        """Lists a lane of the user's own and chooses it."""
        self.lanes.choose([*self.lanes.chosen(), slug])
        self._on_changed()

    def focused(self) -> str | None:
        """The key of the setting whose field has the focus, None when none has."""
        for key, row in self._rows.items():
            if row.focused:
                return key
        return next(
            (key for key, box in ((LANES_KEY, self.lanes), (ROLES_KEY, self._roles))
             if box.isAncestorOf(self.focusWidget())),
            None,
        )  # fmt: skip

    def problem(self) -> str:
        """The first problem in one sentence, empty when there is none."""
        return next(iter(self.reading.problems.values()), "")

    def _on_changed(self) -> None:
        if self._quiet:
            return
        self.reading = read(self.texts(), self._base)
        problems = self.reading.problems
        for key, row in self._rows.items():
            row.show_problem(problems.get(key, ""))
        self.lanes.show_problem(problems.get(LANES_KEY, ""))
        self._roles.show_problem(problems.get(ROLES_KEY, ""))
        for fold, fields in ((self.more_faults, MORE_FAULTS), (self.more, MORE)):
            self._show_fold(fold, fields)
        self.changed.emit()

    def _show_fold(self, fold: Fold, fields: Iterable[Field]) -> None:
        """What is set inside is said outside; what is wrong inside is shown."""
        keys = [field.key for field in fields]
        fold.count(sum(self._rows[key].text != DEFAULT_TEXTS[key] for key in keys))
        if any(key in self.reading.problems for key in keys):
            fold.unfold(True)


def _limits(key: str) -> str:
    """What may be filled in, for a tooltip."""
    bounds = bounds_text(key)
    within = f"; {bounds}" if bounds else ""
    return f"Default {default_text(key)}{within}. <b>Shift+F1</b> explains it."


def _role_choices() -> Choices:
    boxes = [
        Choice(
            role.value,
            f"{role.value}s",
            f"Alt+Shift+{role.value[0].upper()}",
            f"Whether the schedule hits {role.value}s: kills, pauses and outages.",
        )
        for role in Role
    ]
    return Choices("kill", boxes, "Hit")


def _add_section(layout: QVBoxLayout, title: str, widgets: Iterable[QWidget]) -> None:
    layout.addSpacing(8)
    layout.addWidget(text_label(title, "section"))
    for widget in widgets:
        layout.addWidget(widget)
