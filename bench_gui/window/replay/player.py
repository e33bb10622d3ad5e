"""Plays a recorded run: the poll side of a bench, with a clock that can be sped up and held.

It gives the snapshots that the bench gave, when it gave them. Knows no Qt.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable

from bench_gui.bench.recording.about import SPEEDS, About
from bench_gui.bench.snapshot import RunSnapshot
from bench_gui.window.replay.film_reader import FilmReader, OpenFilm

AHEAD_S = 0.5
"""Of the watcher's time: how far ahead of what is shown the film is read."""
SLICE_S = 0.03
"""How long one poll may take frames: a jump is shown in slices, and the window goes on living."""


class Player:
    """One recorded run, from where it was begun or sought.

    Args:
        at_end: begin with the whole run shown.
        speed: one of SPEEDS.

    Fields:
        rewound: whether the next snapshots begin from the run's start again; who takes them forgets
            what came before, and sets it back.
    """

    def __init__(
        self,
        open_film: OpenFilm,
        *,
        speed: float = 1.0,
        at_end: bool = False,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reader = FilmReader(open_film)
        self._clock_s = clock_s
        self._speed = speed
        self._at_end = at_end
        self._holds: set[str] = set()
        self._started = False
        self._position_s = 0.0
        self._since_s = 0.0
        self._given = -1
        self._goal = 0
        """Where a jump goes to: the clock stands until it is there."""
        self.rewound = False

    @property
    def about(self) -> About | None:
        """What it plays; None until the recording is open."""
        return self._reader.about

    @property
    def failure(self) -> str | None:
        """One sentence when the recording cannot be read."""
        return self._reader.failure

    # the clock

    @property
    def speed(self) -> float:
        """One of SPEEDS."""
        return self._speed

    @property
    def held(self) -> bool:
        """Whether its clock stands."""
        return bool(self._holds)

    @property
    def start_s(self) -> float:
        """The first frame's time, seconds since the sources' start."""
        film = self._reader.film
        return film.times_s[0] if film is not None else 0.0

    @property
    def end_s(self) -> float:
        """The last frame's time."""
        film = self._reader.film
        return film.times_s[-1] if film is not None else 0.0

    @property
    def position_s(self) -> float:
        """What is shown, or about to be: seconds since the sources' start."""
        if not self._started or self.held or self._given < self._goal:
            return self._position_s
        passed_s = (self._clock_s() - self._since_s) * self._speed
        return min(self._position_s + passed_s, self.end_s)

    @property
    def at_end(self) -> bool:
        """Whether the last frame was given."""
        film = self._reader.film
        return film is not None and self._given == len(film.times_s) - 1

    def hold(self, held: bool, who: str = "display") -> None:
        """Stops the clock, or lets it go on once nobody holds it.

        Args:
            who: whoever holds it lets it go.
        """
        self._anchor(self.position_s)
        (self._holds.add if held else self._holds.discard)(who)

    def release(self) -> None:
        """Nobody holds it any more."""
        self._anchor(self.position_s)
        self._holds.clear()

    def set_speed(self, speed: float) -> None:
        """One of SPEEDS."""
        self._anchor(self.position_s)
        self._speed = speed

    def faster(self, steps: int = 1) -> None:
        """The next speed; the one before with -1."""
        place = SPEEDS.index(self._speed) + steps
        self.set_speed(SPEEDS[min(max(place, 0), len(SPEEDS) - 1)])

    def seek(self, t_s: float) -> None:
        """Goes to `t_s`, seconds since the sources' start; back means from the start again."""
        self._anchor(min(max(t_s, self.start_s), self.end_s))
        self._goal = self._frame()
        if self._goal < self._given:
            self._given, self.rewound = -1, True
            self._reader.rewind(self._goal)

    def again(self) -> None:
        """From the beginning."""
        self._holds.clear()
        self._anchor(self.start_s)
        self._given, self._goal, self.rewound = -1, 0, True
        self._reader.rewind(0)

    # the poll side of a bench

    def poll(self) -> list[RunSnapshot]:
        """The snapshots that are due by now, oldest first; never waits."""
        film = self._reader.film
        if film is None:
            return []
        self._start()
        target = self._frame()
        self._reader.want(self._goal if self._given < self._goal else self._ahead())
        began_s, news = time.perf_counter(), []
        while (frame := self._reader.take(target)) is not None:
            self._arrive(frame[0])
            news.append(frame[1])
            if time.perf_counter() - began_s > SLICE_S or sum(map(_size, news)) > LARGEST:
                break
        return news

    def close(self) -> None:
        """Reads no more."""
        self._reader.close()

    def _start(self) -> None:
        if not self._started:
            self._started = True
            self._anchor(self.end_s if self._at_end else self.start_s)
            self._goal = self._frame()

    def _arrive(self, number: int) -> None:
        """A frame was given; at a jump's end the clock goes on."""
        jumping = self._given < self._goal
        self._given = number
        if jumping and number >= self._goal:
            self._anchor(self._position_s)

    def _ahead(self) -> int:
        """How far to read before it is asked for."""
        film = self._reader.film
        ahead_s = 0.0 if self.held else AHEAD_S * self._speed
        return bisect_right(film.times_s, self.position_s + ahead_s) - 1 if film is not None else 0

    def _anchor(self, position_s: float) -> None:
        self._position_s, self._since_s = position_s, self._clock_s()

    def _frame(self) -> int:
        """The one to be shown now."""
        film = self._reader.film
        return max(0, bisect_right(film.times_s, self.position_s) - 1) if film is not None else 0


LARGEST = 2500
"""Samples and faults in one poll, about: each takes a watcher some microseconds."""


def _size(snapshot: RunSnapshot) -> int:
    return len(snapshot.samples) + len(snapshot.faults)
