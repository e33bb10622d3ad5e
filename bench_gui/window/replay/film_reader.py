"""Reads a film on a thread of its own, so that the window never waits for a file. Knows no Qt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Condition, Thread

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.recording.about import About, Film
from bench_gui.bench.snapshot import RunSnapshot

OpenFilm = Callable[[], Film]

MOST_STEPS = 600
"""A jump over more frames than this takes them in so many steps: samples and faults are all there,
and what is shown in between is left out."""


class FilmReader:
    """Reads up to the frame that is wanted, and begins again when asked to.

    Fields:
        failure: one sentence when the film could not be read.
        film: None until it is open; only `about` and `times_s` are for other threads.
    """

    def __init__(self, open_film: OpenFilm) -> None:
        self.failure: str | None = None
        self.film: Film | None = None
        self._changed = Condition()
        self._open_film = open_film
        self._ready: deque[tuple[int, RunSnapshot]] = deque()
        self._read = -1
        self._wanted = -1
        self._step, self._goal = 1, -1
        self._closed = False
        Thread(target=self._work, name="film", daemon=True).start()

    @property
    def about(self) -> About | None:
        """None until the film is open."""
        return self.film.about if self.film is not None else None

    def want(self, number: int) -> None:
        """Read as far as frame `number`, which is less than the film is long."""
        with self._changed:
            if number > self._wanted:
                self._wanted = number
                self._changed.notify_all()

    def rewind(self, number: int) -> None:
        """From the first frame again, as far as frame `number`."""
        with self._changed:
            self._ready.clear()
            self._read, self._wanted, self._goal = -1, number, -1
            self._changed.notify_all()

    def take(self, upto: int) -> tuple[int, RunSnapshot] | None:
        """The next frame that was read, if it is none after `upto`."""
        with self._changed:
            if self._ready and self._ready[0][0] <= upto:
                return self._ready.popleft()
        return None

    def close(self) -> None:
        """Reads no more; the thread closes the film."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _work(self) -> None:
        film: Film | None = None
        try:
            film = self._open_film()
            with self._changed:
                self.film = film
            while self._reads(film):
                pass
        except EnvironmentProblem as problem:
            self.failure = str(problem)
        except Exception as bug:  # noqa: BLE001  a thread has no excepthook of its own to reach
            self.failure = f"the recording cannot be read ({type(bug).__name__}: {bug})"
        finally:
            if film is not None:
                film.close()

    def _reads(self, film: Film) -> bool:
        """Reads one step; whether there is more to do."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._read < self._wanted)
            if self._closed:
                return False
            after, upto = self._read, self._next(film)
            self._read = upto
        shown = film.read(after, upto)
        with self._changed:
            if self._read == upto:  # or it was sent back meanwhile
                self._ready.append((upto, shown))
        return True

    def _next(self, film: Film) -> int:
        """The frame to read now: the next one, or one further on in a jump."""
        if self._read >= self._goal:
            gap = self._wanted - self._read
            self._goal = self._wanted
            self._step = -(-gap // MOST_STEPS)
        upto = min(self._read + self._step, self._wanted)
        if self._step == 1 or upto == self._wanted:
            return upto
        whole = film.whole_before(upto)
        return whole if whole > self._read else upto
