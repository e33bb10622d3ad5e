"""Faults that workers wrote down themselves: sessions that expired, messages that were lost.

They are read from the lanes' files as they come and become reports and marks; the auditor hears of
them only by the marks in run.db. What an expiry is called depends on what befell its process: one
that a fault had ended is explained by that end, one that was paused by its pause, and one that
lived and worked was too slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bench_gui.bench.faults import ACK_LOSS, EXPIRY, REQUEST_LOSS, FaultLog
from bench_gui.bench.incarnations import FaultMark, MarkKind
from bench_gui.bench.lane_run import LaneRun
from bench_gui.bench.lane_steps import course_of
from bench_gui.bench.new_rows import NewRows
from bench_gui.bench.roster import Incarnation
from workers.files import COUNTERS_GROUP
from workers.lanes import Role
from workers.network import Loss
from workers.steps import Step
from workers.time_units import MS_NS, SECOND_NS

REQUEST, ORDERED_ACK = Loss.REQUEST.value, Loss.ORDERED_ACK.value
READ_EVERY_NS = 50 * MS_NS
FORGET_AFTER_NS = 60 * SECOND_NS
"""So long after its death everything that a process wrote has been read."""

EXPIRATIONS_SQL = f"""
SELECT expiration_id, incarnation, expired_ns FROM expirations
WHERE expiration_id > ?1 AND group_id = '{COUNTERS_GROUP}' ORDER BY expiration_id
"""
LOSSES_SQL = """
SELECT loss_id, kind, incarnation, source, first_sequence, count, lost_ns FROM losses
WHERE loss_id > ?1 ORDER BY loss_id
"""


class DurableFaults:
    """The durable faults of every lane of a run."""

    def __init__(self, lanes: Iterable[LaneRun], faults: FaultLog, start_ns: int) -> None:
        """`start_ns`: when the sources start, monotonic."""
        self._lanes = [LaneDurableFaults(lane, faults, start_ns) for lane in lanes]
        self._read_ns = 0

    def read_in_time(self, now_ns: int) -> None:
        """Reads, unless that was done a moment ago."""
        if now_ns - self._read_ns >= READ_EVERY_NS:
            self._read_ns = now_ns
            if self.read():
                for lane in self._lanes:
                    lane.forget(now_ns - FORGET_AFTER_NS)

    def read(self) -> bool:
        """Reads what is new. Returns: whether every file could be read."""
        complete = True
        for lane in self._lanes:
            complete &= lane.read()
        return complete

    def take_marks(self) -> Mapping[str, list[FaultMark]]:
        """The marks since the last call, by lane. Their reports must be written before them."""
        taken = {lane.slug: lane.take_marks() for lane in self._lanes}
        return {slug: marks for slug, marks in taken.items() if marks}

    def put_back(self, marks: Mapping[str, list[FaultMark]]) -> None:
        """They could not be stored: they are still to be taken."""
        for lane in self._lanes:
            lane.put_back(marks.get(lane.slug, []))

    def close(self) -> None:
        """Closes the files."""
        for lane in self._lanes:
            lane.close()


class LaneDurableFaults:
    """The durable faults of one lane."""

    def __init__(self, lane: LaneRun, faults: FaultLog, start_ns: int) -> None:
        self._lane = lane
        self._faults = faults
        self._start_ns = start_ns
        self._marks: list[FaultMark] = []
        self._expired: list[tuple[int, int]] = []
        config = lane.config
        cycle = course_of(config.lane, Role.PRODUCER).cycle
        self._before_append = cycle[cycle.index(Step.APPENDED) - 1]
        self._expirations = NewRows(config.files.results, EXPIRATIONS_SQL)
        self._losses: dict[int, NewRows] = {}
        """By producer slot; of those that have lost something, or may."""

    @property
    def slug(self) -> str:
        """The lane's."""
        return self._lane.config.slug

    def read(self) -> bool:
        """Reads what is new. Returns: whether every file could be read."""
        expired = self._expirations.take()
        self._expired += expired or ()
        self._note_expiries()
        complete = expired is not None and not self._expired
        for network in self._networks():
            lost = network.take()
            for row in lost or ():
                self._note_loss(*row)
            complete &= lost is not None
        return complete

    def _networks(self) -> Iterable[NewRows]:
        config = self._lane.config
        for slot in range(config.producers):
            path = config.files.network(slot)
            if slot not in self._losses and path.exists():
                self._losses[slot] = NewRows(path, LOSSES_SQL)
        return self._losses.values()

    def forget(self, died_before_ns: int) -> None:
        """Nothing is unread of processes that died so long ago."""
        self._lane.roster.forget(died_before_ns)

    def take_marks(self) -> list[FaultMark]:
        """The marks since the last call."""
        taken, self._marks = self._marks, []
        return taken

    def put_back(self, marks: list[FaultMark]) -> None:
        """They could not be stored: they are still to be taken."""
        self._marks = marks + self._marks

    def close(self) -> None:
        """Closes the files."""
        for table in (self._expirations, *self._losses.values()):
            table.close()

    # expiries

    def _note_expiries(self) -> None:
        """All but those of processes whose end is there to be dealt with: it may explain them."""
        rows, self._expired = self._expired, []
        for incarnation, expired_ns in rows:
            who = self._lane.roster.find(incarnation)
            if who is not None and self._lane.awaits_its_end(who):
                self._expired.append((incarnation, expired_ns))
            else:
                self._note_expiry(incarnation, expired_ns)

    def _note_expiry(self, incarnation: int, expired_ns: int) -> None:
        who = self._lane.roster.find(incarnation)
        if who is None or who.ended_by_fault_before(expired_ns):
            return
        pause = who.pause_behind(expired_ns, self._lane.config.session_timeout_ns)
        if pause is not None:
            fault_id = pause.fault_id
            self._faults.session_expired(fault_id)
        else:
            fault_id = self._report_expiry(who, expired_ns)
        self._marks.append(FaultMark(incarnation, MarkKind.EXPIRY, fault_id, expired_ns))

    def _report_expiry(self, who: Incarnation, expired_ns: int) -> int:
        fault_id = self._add(EXPIRY, who, expired_ns, scheduled=False)
        last = self._lane.last_step_of(who)
        if last is None:
            self._faults.landed(fault_id, who.generation, who.pid, None, None, 0)
        else:
            self._faults.landed(
                fault_id, who.generation, who.pid, last.after, last.before, last.exposed
            )
        return fault_id

    # losses

    def _note_loss(
        self, kind: str, incarnation: int, source: int, first: int, count: int, lost_ns: int
    ) -> None:
        who = self._lane.roster.find(incarnation)
        assert who is not None  # started before it could lose anything, and not forgotten yet
        mark = MarkKind.REQUEST_LOSS if kind == REQUEST else MarkKind.ACK_LOSS
        if mark is MarkKind.REQUEST_LOSS:
            fault_id = self._add(REQUEST_LOSS, who, lost_ns, scheduled=True)
            steps, exposed = (self._before_append, Step.APPENDED), count
        else:
            ordered = kind == ORDERED_ACK
            if ordered:
                self._lane.ack_lost(who)
            fault_id = self._add(ACK_LOSS, who, lost_ns, scheduled=not ordered)
            steps = (Step.APPENDED, Step.ACKED)
            exposed = count if self._lane.config.lane.producer.retries else 0
        self._faults.landed(fault_id, who.generation, who.pid, *steps, exposed)
        self._marks.append(
            FaultMark(incarnation, mark, fault_id, lost_ns, source, first, first + count)
        )

    def _add(self, kind: str, who: Incarnation, at_ns: int, *, scheduled: bool) -> int:
        t_s = (at_ns - self._start_ns) / SECOND_NS
        where: tuple[Any, ...] = (self.slug, who.role, who.slot, who.pid)
        return self._faults.add(t_s, *where, scheduled=scheduled, kind=kind)
