"""Proves a lane: a short run against its worst fault, watched to its end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from bench_gui.bench.faults import KILL_AT_STEP
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import FaultReport, RunState
from bench_gui.proof import proof_in_words, proof_settings
from bench_gui.window.session import Phase, Session

CUT_OFF = "NOT TESTED: the run was cut off, so nothing was counted"


class Prover(QObject):
    """One proof at a time.

    Args:
        run: starts a run; whether it did.

    Fields:
        lane: the slug of the lane that is being proved, None when none is.
        run_ids: of the runs that were proofs.

    Signals:
        proved: a lane's slug, and what was seen in a sentence.
    """

    proved = Signal(str, str)

    def __init__(
        self, parent: QObject, session: Session, run: Callable[[RunSettings], bool]
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._run = run
        self._kills: set[int] = set()
        self.lane: str | None = None
        self.run_ids: set[str] = set()
        session.advanced.connect(self._on_advanced)
        session.phase_changed.connect(self._on_phase)

    def start(self, slug: str, seed: int) -> bool:
        """Starts the run. Returns whether it did."""
        self._kills.clear()
        self.lane = slug
        if not self._run(proof_settings(slug, seed)):
            self.lane = None
        return self.lane is not None

    def _on_advanced(self, faults: list[FaultReport]) -> None:
        latest = self._session.model.latest
        if self.lane is None or latest is None:
            return
        self.run_ids.add(latest.run_id)
        hit = (one for one in faults if one.kind == KILL_AT_STEP and one.pid is not None)
        self._kills.update(one.fault_id for one in hit)

    def _on_phase(self) -> None:
        slug, latest = self.lane, self._session.model.latest
        if slug is None or self._session.phase is not Phase.ENDED:
            return
        self.lane = None
        lane = latest.lanes.get(slug) if latest is not None else None
        if latest is None or lane is None or latest.state is not RunState.COMPLETE:
            self.proved.emit(slug, CUT_OFF)
            return
        words = proof_in_words(slug, len(self._kills), lane.counts, lane.verdict)
        self.proved.emit(slug, words)
