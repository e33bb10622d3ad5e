"""What a lane's picture shows at a moment, made of the lane's snapshots. Knows no Qt, no sizes.

Every dot is made of a number that grew between two snapshots: records appended, events delivered,
delivered again, suppressed, lost. Which producer or consumer a dot passes is the picture's guess
(the home of its partition, the slot where something happened last), since snapshots do not tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bench_gui.bench.snapshot import (
    FaultReport,
    LaneCounts,
    LaneSnapshot,
    PartitionState,
    WorkerState,
)
from bench_gui.window.scene.flow import MOST_RARE, Departure, Flow, Key
from bench_gui.window.scene.lives import (
    DEATH_S,
    ENDED,
    NOT_STARTED,
    STANDS_S,
    Lives,
    Mood,
    SlotView,
)
from bench_gui.window.scene.routes import Route
from workers.lanes import Lane, Role

PRODUCER, CONSUMER = Role.PRODUCER.value, Role.CONSUMER.value
GAP_S = 1.5
"""After so long without a snapshot what is new is how things stand, and no movement."""
TELLING_S = 1.8
"""For how long a number of rare events stands there in words; what comes meanwhile is added."""
LEAST_SPAN = 40.0
RATE_OVER_S = 1.0


@dataclass(frozen=True, slots=True)
class PartitionView:
    """A partition's offsets as drawn: between those of two snapshots, so that marks glide."""

    number: int
    high_watermark: float
    last_stable_offset: float
    committed_offset: float


@dataclass(frozen=True, slots=True)
class DotView:
    """A shape on its way.

    Fields:
        way: from 0 (it leaves) to 1 (it is there).
        producer, partition, consumer: indexes of where it passes.
        lane_share: its place across the way, -1 to 1: dots are no string of beads.
    """

    route: Route
    way: float
    producer: int
    partition: int
    consumer: int
    lane_share: float
    events: int


@dataclass(frozen=True, slots=True)
class Telling:
    """How many events of a rare route came, in words, while it is news. `age` from 0 to 1."""

    route: Route
    events: int
    slot: int
    age: float


@dataclass(frozen=True, slots=True)
class Rates:
    """Events a second."""

    appended: float = 0.0
    delivered: float = 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A lane at a moment.

    Fields:
        started: whether there was a snapshot; otherwise slots and partitions are those planned.
        counts, lag, blocked_ms: those that were told last, so that no number contradicts another.
        in_doubt: whether transactions stood in doubt since the snapshot before.
        moving: whether the next moment looks different without another snapshot.
    """

    started: bool
    producers: tuple[SlotView, ...]
    partitions: tuple[PartitionView, ...]
    consumers: tuple[SlotView, ...]
    counts: LaneCounts
    lag: int
    dots: tuple[DotView, ...]
    tellings: tuple[Telling, ...]
    events_per_dot: int
    rates: Rates
    in_doubt: bool
    blocked_ms: float
    moving: bool


@dataclass(frozen=True, slots=True)
class _Dot:
    departure: Departure
    producer: int
    consumer: int
    lane_share: float


@dataclass(slots=True)
class _Told:
    route: Route
    events: int
    slot: int
    last_s: float


class SceneModel:
    """One lane's picture.

    Args:
        lane: the lane. reduced: whether nothing is to move.
    """

    def __init__(self, lane: Lane, *, reduced: bool = False) -> None:
        self._lane = lane
        self.reduced = reduced
        self._lives = Lives()
        self._flow = Flow()
        self._planned = (1, 1, 1)
        self.clear()

    def plan(self, producers: int, partitions: int, consumers: int) -> None:
        """How many there will be; shown until the first snapshot."""
        self._planned = (producers, partitions, consumers)

    def clear(self) -> None:
        """As before the first snapshot."""
        self._latest: LaneSnapshot | None = None
        self._told_of: LaneSnapshot | None = None
        self._taken_s = self._told_s = 0.0
        self._lives.clear()
        self._flow = Flow()
        self._still()

    def _still(self) -> None:
        """Nothing is on its way."""
        self._dots: list[_Dot] = []
        self._told: list[_Told] = []
        self._offsets: tuple[PartitionView, ...] = ()
        self._glide_s = 0.1
        self._sent: Counter[int] = Counter()
        self._turn = 0
        self._rates = Rates()
        self._in_doubt = False

    def take_faults(self, faults: Iterable[FaultReport]) -> None:
        """Of this lane: who was killed."""
        self._lives.take_faults(fault for fault in faults if fault.lane == self._lane.slug)

    @property
    def started(self) -> bool:
        """Whether there was a snapshot."""
        return self._latest is not None

    @property
    def wanted_per_dot(self) -> int:
        """For how many events a dot should stand, for this lane alone."""
        return self._flow.wanted

    def share(self, events_per_dot: int) -> None:
        """For how many events a dot stands at least, in every lane."""
        self._flow.shared = events_per_dot

    def take(self, lane: LaneSnapshot, now_s: float, t_s: float | None = None) -> None:
        """The lane now.

        Args:
            now_s: on the clock that `at` uses too. t_s: on the run's; None for the same.
        """
        before = self._latest
        if lane is before:
            return
        totals = totals_of(lane)
        news = before is not None and now_s - self._taken_s <= GAP_S
        news = news and self._flow.goes_on_from(totals)
        gap_s = now_s - self._taken_s
        told_s = now_s if t_s is None else t_s
        run_gap_s = told_s - self._told_s if told_s > self._told_s else gap_s
        self._told_s = told_s
        offsets = self._offsets_at(now_s)
        self._latest, self._taken_s = lane, now_s
        stands_s = DEATH_S if self.reduced else STANDS_S
        self._lives.take(lane.workers, now_s, news=news, stands_s=stands_s)
        if before is None or not news:
            self._still()
            self._flow.start_at(totals, now_s)
            self._offsets = tuple(map(_resting, lane.partitions))
            self._sent.update({one.partition: one.committed_offset for one in lane.partitions})
            return
        self._offsets, self._glide_s = offsets, min(max(gap_s, 0.05), 0.4)
        alive = any(one.pid is not None for one in lane.workers)
        self._in_doubt = alive and lane.blocked_ms > before.blocked_ms
        self._follow_rates(before, lane, run_gap_s)
        for departure in self._flow.take(totals, now_s, run_gap_s):
            self._send(departure, now_s)

    def tell(self, lane: LaneSnapshot) -> None:
        """What numbers are to say from now on: the same moment as the lane's counters."""
        self._told_of = lane

    def forget_workers(self, now_s: float) -> None:
        """The bench is gone, and every process with it."""
        latest = self._latest
        if latest is not None:
            gone = (replace(one, pid=None, state=ENDED) for one in latest.workers)
            self.take(replace(latest, workers=tuple(gone)), now_s)

    def _follow_rates(self, before: LaneSnapshot, lane: LaneSnapshot, gap_s: float) -> None:
        share = min(gap_s / RATE_OVER_S, 1.0)
        appended = (appended_of(lane) - appended_of(before)) / max(gap_s, 1e-3)
        self._rates = Rates(
            self._rates.appended + share * (appended - self._rates.appended), lane.delivered_eps
        )

    def _send(self, departure: Departure, now_s: float) -> None:
        self._turn += 1
        producers = self._lives.living(PRODUCER) or [0]
        producer = producers[self._turn % len(producers)]
        partition = departure.partition
        if departure.route is Route.LOST_BEFORE_LOG:
            producer = self._lives.newest(PRODUCER) or 0
        elif not departure.route.before_log:
            partition = self._partition_of(departure)
        consumer = self._consumer_of(partition)
        if departure.route is Route.LOST_AFTER_LOG:
            consumer = self._lives.newest(CONSUMER) or 0
        if departure.route.rare:
            self._tell(departure, producer if departure.route.before_log else consumer, now_s)
            if self._rare_on_their_way >= MOST_RARE:
                return
        place = replace(departure, partition=partition)
        share = ((self._turn * 37) % 19 - 9) / 9
        self._dots.append(_Dot(place, producer, consumer, share))

    @property
    def _rare_on_their_way(self) -> int:
        return sum(dot.departure.route.rare for dot in self._dots)

    def _partition_of(self, departure: Departure) -> int:
        """The one that is furthest behind in the picture of what was really committed; of what
        comes again, one of the slot where something happened last."""
        partitions = self._latest.partitions if self._latest is not None else ()
        if not partitions:
            return 0
        if departure.route.rare:
            slot = self._lives.newest(CONSUMER)
            homes = [one.partition for one in partitions if self._home(one.partition) == slot]
            places = homes or [one.partition for one in partitions]
            return places[self._turn % len(places)]
        open_ = max(partitions, key=lambda one: one.committed_offset - self._sent[one.partition])
        self._sent[open_.partition] += departure.events
        return open_.partition

    def _home(self, partition: int) -> int:
        return partition % max(self._lives.count(CONSUMER), 1)

    def _consumer_of(self, partition: int) -> int:
        home, living = self._home(partition), self._lives.living(CONSUMER)
        return home if home in living or not living else living[partition % len(living)]

    def _tell(self, departure: Departure, slot: int, now_s: float) -> None:
        for told in self._told:
            if told.route is departure.route:
                told.events += departure.events
                told.last_s, told.slot = now_s, slot
                return
        self._told.append(_Told(departure.route, departure.events, slot, now_s))

    def wanted_span(self) -> float:
        """How many offsets a partition's bar should cover, for lag and movement to be seen."""
        if self._latest is None or not self._latest.partitions:
            return LEAST_SPAN
        lag = max(one.high_watermark - one.committed_offset for one in self._latest.partitions)
        pace = self._rates.appended / len(self._latest.partitions)
        return max(LEAST_SPAN, 1.3 * lag, 1.5 * pace)

    def at(self, now_s: float) -> Picture:
        """The picture at a moment not before the last snapshot; what is over is forgotten."""
        self._dots = [d for d in self._dots if now_s < _arrives_s(d)]
        self._told = [t for t in self._told if now_s - t.last_s < TELLING_S]
        latest, told_of = self._latest, self._told_of or self._latest
        producers, consumers = self._slots_at(now_s)
        slots = (*producers, *consumers)
        news = any(one.arrival is not None or one.death is not None for one in slots)
        gliding = bool(self._offsets) and now_s - self._taken_s < self._glide_s
        return Picture(
            started=latest is not None,
            producers=producers,
            partitions=self._offsets_at(now_s),
            consumers=consumers,
            counts=LaneCounts() if told_of is None else told_of.counts,
            lag=0 if told_of is None else told_of.lag,
            dots=() if self.reduced else tuple(self._dots_at(now_s)),
            tellings=tuple(
                Telling(t.route, t.events, t.slot, (now_s - t.last_s) / TELLING_S)
                for t in self._told
            ),
            events_per_dot=self._flow.events_per_dot,
            rates=self._rates,
            in_doubt=self._in_doubt,
            blocked_ms=0.0 if told_of is None else told_of.blocked_ms,
            moving=news or bool(self._told) or (not self.reduced and (gliding or bool(self._dots))),
        )

    def _slots_at(self, now_s: float) -> tuple[tuple[SlotView, ...], tuple[SlotView, ...]]:
        if self._latest is None:
            return _planned(PRODUCER, self._planned[0]), _planned(CONSUMER, self._planned[2])
        return self._lives.views(PRODUCER, now_s), self._lives.views(CONSUMER, now_s)

    def _dots_at(self, now_s: float) -> Iterable[DotView]:
        for dot in self._dots:
            leaving = dot.departure
            way = (now_s - leaving.begins_s) / leaving.route.takes_s
            if 0 <= way < 1:
                yield DotView(
                    leaving.route, way, dot.producer, leaving.partition, dot.consumer,
                    dot.lane_share, leaving.events,
                )  # fmt: skip

    def _offsets_at(self, now_s: float) -> tuple[PartitionView, ...]:
        """On their way from what was drawn when the last snapshot came to what it says."""
        if self._latest is None:
            return tuple(PartitionView(n, 0, 0, 0) for n in range(self._planned[1]))
        targets = tuple(map(_resting, self._latest.partitions))
        if self.reduced or len(self._offsets) != len(targets):
            return targets
        share = min(max((now_s - self._taken_s) / self._glide_s, 0.0), 1.0)
        pairs = zip(self._offsets, targets, strict=True)
        return tuple(_between(start, end, share) for start, end in pairs)


def _planned(role: str, count: int) -> tuple[SlotView, ...]:
    workers = (WorkerState(role, slot, 0, None, NOT_STARTED, "") for slot in range(count))
    return tuple(SlotView(worker, Mood.EMPTY) for worker in workers)


def _arrives_s(dot: _Dot) -> float:
    return dot.departure.begins_s + dot.departure.route.takes_s


def _resting(one: PartitionState) -> PartitionView:
    return PartitionView(
        one.partition, one.high_watermark, one.last_stable_offset, one.committed_offset
    )


def _between(start: PartitionView, end: PartitionView, share: float) -> PartitionView:
    def mixed(one: float, other: float) -> float:
        return one + (other - one) * share

    return PartitionView(
        end.number,
        mixed(start.high_watermark, end.high_watermark),
        mixed(start.last_stable_offset, end.last_stable_offset),
        mixed(start.committed_offset, end.committed_offset),
    )


def appended_of(lane: LaneSnapshot) -> int:
    """Records in the log, whichever way the snapshot tells it."""
    partitions: Sequence[PartitionState] = lane.partitions
    if partitions:
        return sum(one.high_watermark for one in partitions)
    return lane.counts.appended + lane.counts.duplicates_in_log


def totals_of(lane: LaneSnapshot) -> dict[Key, int]:
    """What each route has come to so far."""
    counts = lane.counts
    repeated = max(counts.redelivered, counts.duplicates + counts.suppressed)
    totals: dict[Key, int] = {
        (Route.APPEND, one.partition): one.high_watermark for one in lane.partitions
    } or {(Route.APPEND, 0): appended_of(lane)}
    return totals | {
        (Route.DELIVER, 0): counts.delivered_unique,
        (Route.AGAIN, 0): repeated - counts.suppressed,
        (Route.REFUSED, 0): counts.suppressed,
        (Route.LOST_BEFORE_LOG, 0): counts.lost_before_log,
        (Route.LOST_AFTER_LOG, 0): counts.lost_after_log,
    }
