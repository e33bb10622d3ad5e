"""A run to be looked at again: its frames, read as they are asked for. Writes nothing."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from bench_gui.bench.recording.about import About, Film
from bench_gui.bench.recording.rebuilt import RebuiltFilm
from bench_gui.bench.recording.recorded import RecordedFilm
from bench_gui.bench.records.readable import readable
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.snapshot import RunSnapshot


class GuardedFilm:
    """A film from anywhere: what is not as this program writes it is a problem, and no bug."""

    def __init__(self, film: Film, run_dir: Path) -> None:
        self.times_s = film.times_s
        self._film = film
        self._run_dir = run_dir

    @property
    def about(self) -> About:
        """See `Film`."""
        return self._film.about

    def read(self, after: int, upto: int) -> RunSnapshot:
        """See `Film`."""
        with readable(self._run_dir):
            return self._film.read(after, upto)

    def whole_before(self, number: int) -> int:
        """See `Film`."""
        return self._film.whole_before(number)

    def close(self) -> None:
        """See `Film`."""
        self._film.close()


def open_film(run_dir: Path) -> Film:
    """The run's recording, or what can be made up for one. Raises EnvironmentProblem."""
    with readable(run_dir), ExitStack() as undo:
        run = StoredRun(run_dir)
        undo.callback(run.close)
        recorded = "frames" in run.tables and run.rows("SELECT 1 FROM frames LIMIT 1")
        film = GuardedFilm(RecordedFilm(run) if recorded else RebuiltFilm(run), run_dir)
        undo.pop_all()
    return film
