"""What happened to each event, in plain dicts: the second opinion beside SQL and numpy."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

Event = tuple[int, int]
"""(slot, sequence)."""
Place = tuple[int, int]
"""(partition, offset)."""


@dataclass(slots=True)
class Truth:
    """What happened.

    Fields:
        appended, effects: how often, by event.
        lost_by, duplicated_by: how many events each fault cost or repeated (effects).
        suppressed, aborted: how many deliveries the sink refused, records that were aborted.
        blocked_ns: of each transaction that was prepared.
    """

    appended: Counter[Event] = field(default_factory=Counter)
    effects: Counter[Event] = field(default_factory=Counter)
    lost_by: Counter[int] = field(default_factory=Counter)
    duplicated_by: Counter[int] = field(default_factory=Counter)
    suppressed: int = 0
    aborted: int = 0
    blocked_ns: list[int] = field(default_factory=list)


class Culprits:
    """What befell processes, and which of it explains an act."""

    def __init__(self) -> None:
        self.killed: dict[int, int] = {}
        """The fault that killed an incarnation, whether it has been noticed or not."""
        self.ended_ns: dict[int, int] = {}
        """When an incarnation's end was noticed."""
        self.expired: dict[int, list[tuple[int, int]]] = defaultdict(list)
        """(time, fault) of each expiry of an incarnation."""
        self.lost_acks: dict[tuple[int, Event], list[int]] = defaultdict(list)
        """The faults that lost an acknowledgement of an incarnation's event, in order."""

    def of_append(self, before: int, again: int, event: Event) -> int:
        """The fault because of which an event was appended by `before` and then by `again`."""
        if before != again and before in self.killed:
            return self.killed[before]
        return self.lost_acks[before, event][-1]

    def of_delivery(self, before: int, again: int, at_ns: int) -> int:
        """The fault because of which a record was delivered by `before` and then by `again`."""
        candidates = [*self.expired[before], *self.expired[again]]
        killed = before != again and before in self.killed
        if killed and self.ended_ns.get(before, at_ns + 1) <= at_ns:
            candidates.append((self.ended_ns[before], self.killed[before]))
        if candidates:
            return max(candidates)[1]
        assert killed
        return self.killed[before]


class Notebook:
    """Notes each act of a history and draws the truth from it."""

    def __init__(self, *, output: bool) -> None:
        self.truth = Truth()
        self.culprits = Culprits()
        self._output = output
        self._appender: dict[Event, int] = {}
        self._deliverer: dict[Place | Event, int] = {}
        self._append_fault: dict[Place, int] = {}
        self._first_append_fault: dict[Event, int] = {}
        self.known: set[Event] = set()
        """Events that a deduplicating sink knows."""

    def appended(self, event: Event, place: Place, incarnation: int) -> None:
        """The event is readable in the log."""
        self.truth.appended[event] += 1
        if event in self._appender:
            fault = self.culprits.of_append(self._appender[event], incarnation, event)
            self._append_fault[place] = fault
            self._first_append_fault.setdefault(event, fault)
        self._appender[event] = incarnation

    def delivered(
        self, event: Event, place: Place, incarnation: int, at_ns: int, *, refused: bool = False
    ) -> None:
        """The event was delivered: counted, or refused as known."""
        key = event if self._output else place
        if refused:
            self.truth.suppressed += 1
        elif self.truth.effects[event]:
            self.truth.duplicated_by[self._fault(event, place, key, incarnation, at_ns)] += 1
        self.truth.effects[event] += not refused
        self.known.add(event)
        self._deliverer[key] = incarnation

    def _fault(
        self, event: Event, place: Place, key: Place | Event, incarnation: int, at_ns: int
    ) -> int:
        in_log = self._first_append_fault.get(event)
        if self._output and in_log is not None:
            return in_log
        if key in self._deliverer:
            return self.culprits.of_delivery(self._deliverer[key], incarnation, at_ns)
        assert in_log is not None
        return self._append_fault.get(place, in_log)
