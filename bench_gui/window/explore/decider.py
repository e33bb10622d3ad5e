"""Decide beside the main window: the dialog is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QWidget

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot
from bench_gui.candidate_costs import costs
from bench_gui.decide import REFERENCE, Answers
from bench_gui.window.commands import Commands
from bench_gui.window.explore.decide_dialog import DecideDialog
from bench_gui.window.explore.prover import Prover
from bench_gui.window.palette import LIGHT, Theme
from bench_gui.window.session import Session
from workers.lanes import lane_of

PLACE = "decide"
REFRESH_MS = 500


class Decider(QObject):
    """Knows the run that costs are taken from: the newest that was no proof, and before there was
    one with the lane proved, the proof.

    Args:
        run: starts a run; whether it did.
        settings: those filled in now, None when something is wrong.
        compare: fills lanes in and starts.
        refusal: why no run can be started now, empty when one can.
        say: one sentence. tell: to an audience; whether there is one.
    """

    def __init__(
        self,
        parent: QWidget,
        commands: Commands,
        session: Session,
        store: QSettings,
        *,
        run: Callable[[RunSettings], bool],
        settings: Callable[[], RunSettings | None],
        compare: Callable[[tuple[str, ...]], None],
        refusal: Callable[[], str],
        say: Callable[[str], None],
        tell: Callable[[str], bool],
    ) -> None:
        super().__init__(parent)
        self._parent = parent
        self._commands = commands
        self._session = session
        self._store = store
        self._settings = settings
        self._compare = compare
        self._refusal = refusal
        self._say = say
        self._tell = tell
        self._theme = LIGHT
        self._dialog: DecideDialog | None = None
        self._seen: tuple[RunSnapshot, float] | None = None
        self._seen_proof = False
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self.prover = Prover(self, session, run)
        session.phase_changed.connect(self.refresh)
        self.prover.proved.connect(self._on_proved)

    @property
    def dialog(self) -> DecideDialog:
        """Where the questions are asked."""
        if self._dialog is None:
            self._dialog = self._made()
        return self._dialog

    def _made(self) -> DecideDialog:
        dialog = DecideDialog(self._parent, self._commands)
        dialog.set_theme(self._theme)
        answers = _read(str(self._store.value(PLACE, "")))
        if answers is not None:
            dialog.show_answers(answers)
        dialog.opened.connect(self._refresh)
        dialog.proof_wanted.connect(self._prove)
        dialog.run_wanted.connect(self._run)
        dialog.finished.connect(self._on_closed)
        return dialog

    def open(self) -> None:
        """Shows the questions, or the answers given last."""
        self.dialog.open_beside()
        self._mind_timer()

    def set_theme(self, theme: Theme) -> None:
        """Other colours."""
        self._theme = theme
        if self._dialog is not None:
            self._dialog.set_theme(theme)

    def _on_closed(self) -> None:
        self._timer.stop()
        answers = self.dialog.answers
        if answers is not None:
            self._store.setValue(PLACE, _text(answers))

    def close(self) -> None:
        """With the window; the answers are kept."""
        if self._dialog is not None:
            self._on_closed()
            self._dialog.hide()

    def refresh(self) -> None:
        """Brings it up to date while it can be seen, from now on for as long as costs change."""
        if self._dialog is not None and self._dialog.isVisible():
            self._mind_timer()
            self._refresh()

    def _mind_timer(self) -> None:
        if not self._session.moving:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _refresh(self) -> None:
        model = self._session.model
        shown = model.shown
        if shown is not None and self._tells_costs(shown):
            self._seen_proof = shown.run_id in self.prover.run_ids
            self._seen = shown, min(max(shown.t_s, 0.0), model.duration_s)
        self.dialog.show_refusal(self._refusal())
        if self._seen is None:
            self.dialog.show_costs(costs(self.dialog.lanes, {}, 0.0), "")
            return
        snapshot, sources_s = self._seen
        which = "the proof, run" if self._seen_proof else "run"
        source = f"Cost in {which} {snapshot.run_id}, after {sources_s:,.1f} s."
        self.dialog.show_costs(costs(self.dialog.lanes, snapshot.lanes, sources_s), source)

    def _tells_costs(self, shown: RunSnapshot) -> bool:
        """A proof has one lane, so it takes the place of no run that had this lane too."""
        if self._seen is None or self._seen_proof or shown.run_id not in self.prover.run_ids:
            return True
        return not set(shown.lanes) <= set(self._seen[0].lanes)

    def _prove(self, slug: str) -> None:
        self._refresh()  # before the proof is the newest run
        settings = self._settings() or RunSettings()
        if self.prover.start(slug, settings.seed):
            self._say(f"Proof of {lane_of(slug).name}: this lane alone, killed at its worst step")
            self.dialog.hide()  # so that the lane can be seen dying
            self._timer.stop()

    def _on_proved(self, slug: str, words: str) -> None:
        self._say(words)
        self.dialog.show_outcome(slug, words)
        if not self._tell(words):  # nothing opens by itself in front of an audience
            self.open()

    def _run(self, slugs: tuple[str, ...]) -> None:
        self._compare(tuple(dict.fromkeys((REFERENCE, *slugs))))


def _text(answers: Answers) -> str:
    given = (answers.loss, answers.idempotent, answers.log_to_log)
    return ",".join("yes" if answer else "no" for answer in given)


def _read(text: str) -> Answers | None:
    given = text.split(",")
    if len(given) != 3 or not set(given) <= {"yes", "no"}:
        return None
    return Answers(*(answer == "yes" for answer in given))
