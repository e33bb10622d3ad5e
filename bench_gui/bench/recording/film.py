"""A run to be looked at again: its frames, read as they are asked for. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.recording.about import About, Film
from bench_gui.bench.recording.rebuilt import RebuiltFilm
from bench_gui.bench.recording.recorded import RecordedFilm
from bench_gui.bench.records.run_tables import RUN_DB
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.snapshot import RunSnapshot

UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
"""What a run.db raises whose values are not what this program writes."""


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


@contextmanager
def readable(run_dir: Path) -> Iterator[None]:
    """Raises EnvironmentProblem for a run.db that holds what this program does not write."""
    try:
        yield
    except UNREADABLE as error:
        raise EnvironmentProblem(
            f"{run_dir / RUN_DB} is damaged, or of another version ({error}); choose another run"
        ) from error
