"""A run to be looked at again: its frames, read as they are asked for. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.records.run_tables import RUN_DB
from bench_gui.bench.records.stored_run import StoredRun
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunSnapshot, RunState

UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
"""What a run.db raises whose values are not what this program writes."""


@dataclass(frozen=True, slots=True)
class About:
    """What a recorded run is, apart from its frames.

    Fields:
        started_at: ISO-8601.
        cut_off: one sentence when it was cut off, None otherwise.
        coarse: whether its frames were made up from its samples, for want of a recording.
    """

    run_id: str
    settings: RunSettings
    started_at: str
    state: RunState
    cut_off: str | None
    coarse: bool


class Film(Protocol):
    """Frames in the order of time. Every method may raise EnvironmentProblem.

    Fields:
        times_s: of each frame, seconds since the sources' start; negative before it. There is one
            frame at least.
    """

    about: About
    times_s: Sequence[float]

    def read(self, after: int, upto: int) -> RunSnapshot:
        """Frame `upto`, with the samples and faults that are new since frame `after`.

        Args:
            after: the frame that was read last, less than `upto`; -1 to begin again.
        """
        ...

    def close(self) -> None:
        """Closes what it reads."""
        ...


class GuardedFilm:
    """A film from anywhere: what is not as this program writes it is a problem, and no bug."""

    def __init__(self, film: Film, run_dir: Path) -> None:
        self.about = film.about
        self.times_s = film.times_s
        self._film = film
        self._run_dir = run_dir

    def read(self, after: int, upto: int) -> RunSnapshot:
        """See `Film`."""
        with readable(self._run_dir):
            return self._film.read(after, upto)

    def close(self) -> None:
        """See `Film`."""
        self._film.close()


def open_film(run_dir: Path) -> Film:
    """The run's recording, or what can be made up for one. Raises EnvironmentProblem."""
    from bench_gui.bench.recording.rebuilt import RebuiltFilm  # noqa: PLC0415 -- they know About
    from bench_gui.bench.recording.recorded import RecordedFilm  # noqa: PLC0415

    with readable(run_dir), ExitStack() as undo:
        run = StoredRun(run_dir)
        undo.callback(run.close)
        recorded = "frames" in run.tables and run.rows("SELECT 1 FROM frames LIMIT 1")
        film = GuardedFilm(RecordedFilm(run) if recorded else RebuiltFilm(run), run_dir)
        undo.pop_all()
    return film


def about(run: StoredRun, *, coarse: bool) -> About:
    """What the run says of itself."""
    return About(
        run_id=run.run_id,
        settings=run.settings,
        started_at=str(run.columns["started_at"] or ""),
        state=run.state,
        cut_off=run.cut_off,
        coarse=coarse,
    )


@contextmanager
def readable(run_dir: Path) -> Iterator[None]:
    """Raises EnvironmentProblem for a run.db that holds what this program does not write."""
    try:
        yield
    except UNREADABLE as error:
        raise EnvironmentProblem(
            f"{run_dir / RUN_DB} is damaged, or of another version ({error}); choose another run"
        ) from error


def find_run(path: Path) -> Path:
    """The directory of a run that was named by itself, by its run.db or by what is in it.

    Raises EnvironmentProblem when there is none.
    """
    with suppress(OSError):
        for place in (path, path.parent):
            if (place / RUN_DB).is_file():
                return place
    if not path.exists():
        raise EnvironmentProblem(f"{path} is not there; name the directory of a run")
    raise EnvironmentProblem(f"{path} holds no run (no {RUN_DB}); name the directory of a run")
