"""Dots made of what was counted: so many events more on a route are so many dots. Knows no Qt.

A dot of a common route stands for a round number of events, the same for all that leave together;
what does not fill a dot waits for the next. Rare events are never waited for: one is enough for a
shape, and the shapes of what came together stand for all of it.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bench_gui.window.scene.routes import COMMON, Route

MOST_DOTS = 60
"""Of the common routes on their way at a time, in a lane."""
WANTED_DOTS = 40
"""So many, when events come evenly: what comes in gusts needs the rest."""
MOST_SHAPES = 12
"""Of a rare route, of what came together."""
MOST_RARE = 48
"""Shapes of the rare routes on their way at a time; more are not drawn, but are told in words."""
LONGEST_SPREAD_S = 0.5
SHORTEST_S = 0.05
SMOOTHED_OVER_S = 1.0
CALM_S = 2.0
"""For how long fewer events must come before a dot stands for fewer."""

PHASE = 0.382
"""Partitions do not send their dots all at once: each a share of the gap after the one before."""

Key = tuple[Route, int]
"""A route, and the partition where it is counted by partition; else 0."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A shape that leaves.

    Fields:
        begins_s: when. events: for how many it stands.
    """

    route: Route
    partition: int
    begins_s: float
    events: int


@dataclass(slots=True)
class _Counted:
    """What a route has come to; `waiting` events are not drawn yet."""

    value: int
    changed_s: float
    waiting: int = 0


def nice(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50, ... that is at least `least`."""
    if least <= 1:
        return 1
    decade = int(10 ** math.floor(math.log10(least) + 1e-9))
    return next(decade * digit for digit in (1, 2, 5, 10) if decade * digit >= least * (1 - 1e-9))


class Flow:
    """The counters of a lane, followed.

    Fields:
        wanted: for how many events a dot should stand, for this lane alone.
        shared: for how many it stands at least, so that the dots of all lanes mean the same.
    """

    def __init__(self) -> None:
        self.wanted = self.shared = 1
        self._counted: dict[Key, _Counted] = {}
        self._load = 0.0
        self._taken_s: float | None = None
        self._busy_s = -math.inf
        self._away: deque[float] = deque()
        """When each shape of a common route arrives."""

    @property
    def events_per_dot(self) -> int:
        """For how many events a dot stands that leaves now."""
        return max(self.wanted, self.shared)

    def start_at(self, totals: Mapping[Key, int], now_s: float) -> None:
        """Takes these as counted before anybody looked."""
        self._counted = {key: _Counted(total, now_s) for key, total in totals.items()}
        self._taken_s, self._load = now_s, 0.0
        self._away.clear()

    def goes_on_from(self, totals: Mapping[Key, int]) -> bool:
        """Whether these can follow those taken last: nothing of a log is ever taken back."""
        known = self._counted
        return bool(known) and all(
            total >= known[key].value
            for key, total in totals.items()
            if key[0] is Route.APPEND and key in known
        )

    def take(
        self, totals: Mapping[Key, int], now_s: float, run_gap_s: float | None = None
    ) -> list[Departure]:
        """What leaves, since so much was counted by now.

        Args:
            run_gap_s: in how much of the run's time it was counted: a play-back may be faster
                than its run, and a dot means the same in both. None for as long as one waited.
        """
        while self._away and self._away[0] <= now_s:
            self._away.popleft()
        grown: dict[Key, int] = {}
        for key, total in totals.items():
            one = self._counted.setdefault(key, _Counted(0, now_s))
            grown[key] = max(0, total - one.value)
        self._rescale(grown, now_s, run_gap_s)
        departures: list[Departure] = []
        for key, more in grown.items():
            if key[0].rare:
                departures += self._rare(key, more, now_s)
            else:
                departures += self._common(key, more, now_s)
        return departures

    def _rescale(self, grown: Mapping[Key, int], now_s: float, run_gap_s: float | None) -> None:
        """As many events a dot as keep the number of dots in bounds."""
        waited_s = now_s - (self._taken_s if self._taken_s is not None else now_s)
        gap_s = max(waited_s if run_gap_s is None else run_gap_s, SHORTEST_S)
        self._taken_s = now_s
        load = sum(grown.get(key, 0) * key[0].takes_s / gap_s for key in _common_keys(grown))
        share = 1.0 if not self._load else min(gap_s / SMOOTHED_OVER_S, 1.0)
        self._load += (load - self._load) * share
        wanted = nice(self._load / WANTED_DOTS)
        if wanted >= self.wanted:
            self._busy_s = now_s
        if wanted > self.wanted or now_s - self._busy_s > CALM_S:
            self.wanted = wanted
            self._busy_s = now_s

    def _common(self, key: Key, more: int, now_s: float) -> list[Departure]:
        one = self._counted[key]
        spread_s = min(max(now_s - one.changed_s, SHORTEST_S), LONGEST_SPREAD_S)
        if more:
            one.value, one.changed_s = one.value + more, now_s
        most = MOST_DOTS * self.events_per_dot  # a play-back that is faster cannot draw them all
        one.waiting = min(one.waiting + more, most)
        dots = min(one.waiting // self.events_per_dot, MOST_DOTS - len(self._away))
        if dots <= 0:
            return []
        one.waiting -= dots * self.events_per_dot
        return self._leave(key, [self.events_per_dot] * dots, now_s, spread_s)

    def _rare(self, key: Key, more: int, now_s: float) -> list[Departure]:
        if not more:
            return []
        self._counted[key].value += more
        shapes = min(math.ceil(more / self.events_per_dot), MOST_SHAPES)
        weights = [more // shapes + (number < more % shapes) for number in range(shapes)]
        return self._leave(key, weights, now_s, LONGEST_SPREAD_S)

    def _leave(
        self, key: Key, weights: list[int], now_s: float, spread_s: float
    ) -> list[Departure]:
        route, partition = key
        gap_s = spread_s / len(weights)
        begins_s = now_s + gap_s * (partition * PHASE % 1.0)
        leaving = [
            Departure(route, partition, begins_s + number * gap_s, events)
            for number, events in enumerate(weights)
        ]
        if not route.rare:
            self._away.extend(one.begins_s + route.takes_s for one in leaving)
            self._away = deque(sorted(self._away))
        return leaving


def _common_keys(keys: Iterable[Key]) -> list[Key]:
    return [key for key in keys if key[0] in COMMON]
