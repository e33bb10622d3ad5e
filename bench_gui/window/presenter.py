"""Shows a run: passes what the model knows to the parts of the window. Knows no command."""

from __future__ import annotations

from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot, RunState
from bench_gui.window.banner import Banner
from bench_gui.window.board import Board
from bench_gui.window.console import Console
from bench_gui.window.fault_dock import FaultDock
from bench_gui.window.grid.page import TablePage
from bench_gui.window.run_model import RunModel
from bench_gui.window.status import FrameMeter, StatusLine

CUT_OFF = (
    "The run was cut off: no drain and no final count, so the numbers are as they were when it "
    "ended."
)

SILENT = (
    "The bench has said nothing for a while: its process is stopped, or the machine is very busy. "
    "Cut off (Shift+F6) ends it."
)


class Presenter:
    """The parts of the window that show a run.

    Fields:
        meter: what the window's own frames cost.
    """

    def __init__(
        self, board: Board, console: Console, faults: FaultDock, status: StatusLine, banner: Banner
    ) -> None:
        self._board = board
        self._console = console
        self._faults = faults
        self._status = status
        self._banner = banner
        self._pages: tuple[TablePage, ...] = ()
        self.meter = FrameMeter()

    def add_pages(self, *pages: TablePage) -> None:
        """Views that are tables."""
        self._pages += pages

    def begin(self, settings: RunSettings, word: str) -> None:
        """Nothing of the run before is left.

        Args:
            word: its state until the first snapshot tells it.
        """
        self._forget()
        self._console.show_state(word)
        self._faults.show_lanes(settings.lanes)
        self._board.show_hint(False)
        self._board.show_lanes(settings.lanes)
        for page in self._pages:
            page.begin(settings)

    def clear(self) -> None:
        """There is no run on the screen any more."""
        self._forget()
        self._console.show_state("ready")
        self._board.clear()
        self._status.say("Ready")
        for page in self._pages:
            page.clear()

    def _forget(self) -> None:
        self._banner.clear()
        self._faults.clear()
        self._console.reset()
        self._console.mark = ""
        self._status.clear()

    def rewind(self) -> None:
        """The same run from its start again."""
        self._banner.clear()
        self._faults.clear()

    def draw(self, model: RunModel) -> bool:
        """Charts. Returns whether there was anything to draw."""
        return self._board.draw(model)

    def show_numbers(self, model: RunModel) -> None:
        """Everything that is text."""
        snapshot, shown = model.latest, model.shown
        if snapshot is None or shown is None:
            return
        self._board.show_numbers(model)
        for page in self._pages:
            page.show_numbers(model)
        self._faults.show_until(model.shown_until_s)
        self._console.show_run(shown, model.duration_s)
        self._status.show_run(snapshot)
        self._status.show_cost(self.meter.p99_ms(), snapshot.bench_cpu)
        if snapshot.message:
            self._status.say(snapshot.message)
        if snapshot.disagreement is not None:
            self._banner.stand(
                f"The counts disagree, an error of the bench: {snapshot.disagreement}"
            )

    def end(self, model: RunModel) -> None:
        """The last numbers, the whole run, and what went wrong if anything did."""
        self.show_numbers(model)
        self.draw(model)
        if model.latest is not None:
            self._explain(model.latest)

    def fail(self, sentence: str) -> None:
        """The bench died, and every worker with it."""
        self._board.forget_workers()
        self._console.show_state(RunState.FAILED.value)
        self.complain(sentence)

    def show_silence(self, silent: bool) -> None:
        """The bench says nothing, or something again."""
        if silent:
            self._banner.notice(SILENT)
        elif self._banner.text == SILENT:
            self._banner.dismiss()

    def complain(self, sentence: str) -> None:
        """Something that the reader can act on."""
        self._status.say(sentence)
        self._banner.alarm(sentence)

    def put_right(self, sentence: str) -> None:
        """What was complained of is so no more."""
        if self._banner.text.endswith(sentence):
            self._banner.dismiss()

    def _explain(self, latest: RunSnapshot) -> None:
        if latest.state is RunState.FAILED:
            self._banner.alarm(latest.message or "The run failed.")
        elif latest.state is RunState.CUT_OFF:
            self._banner.notice(CUT_OFF)
