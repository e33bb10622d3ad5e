"""Stops processes of one lane and lets them go on: zombies, made without harm to their log.

A process is never left stopped while it holds an SQLite write lock or waits for one: the log is
embedded in the client here, so such a zombie would hold up its whole lane, which no client of a
log server could do. So the process is stopped first, what it holds is read once it stands still,
and if it holds something it goes on and is tried again a moment later. Nothing here waits: each
call does what is due and says when the next is.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench_gui.bench.faults import FaultLog
from bench_gui.bench.roster import Roster
from bench_gui.bench.slot import Slot
from workers.time_units import MS_NS, SECOND_NS

LOOK_AGAIN_NS = MS_NS // 2
"""A signal is on its way: how soon to look whether it has arrived."""
TRY_AGAIN_NS = 3 * MS_NS
"""The process held a lock, or was not at work yet: how soon to try again."""
PATIENCE_NS = SECOND_NS
"""After so long the pause is given up."""


@dataclass(slots=True)
class _Attempt:
    """One pause, from the wish to the end.

    Fields:
        next_ns: when there is something to do. give_up_ns: when trying ends.
        signalled: a stop was sent and not taken back. paused_ns: since when the process stands.
    """

    slot: Slot
    fault_id: int
    duration_ns: int
    next_ns: int
    give_up_ns: int
    signalled: bool = False
    paused_ns: int | None = None


class Pausing:
    """The pauses of one lane: wanted and in force."""

    def __init__(self, faults: FaultLog, roster: Roster) -> None:
        self._faults = faults
        self._roster = roster
        self._attempts: dict[Slot, _Attempt] = {}

    def holds(self, slot: Slot) -> bool:
        """Whether the slot's process is paused, or about to be."""
        return slot in self._attempts

    def want(self, slot: Slot, fault_id: int, duration_ns: int, now_ns: int) -> None:
        """Pauses the slot's process for so long, from the next call of `act` on."""
        self._attempts[slot] = _Attempt(slot, fault_id, duration_ns, now_ns, now_ns + PATIENCE_NS)

    @property
    def next_ns(self) -> int | None:
        """When there is something to do; None when there is nothing."""
        return min((attempt.next_ns for attempt in self._attempts.values()), default=None)

    def act(self, now_ns: int, t_s: float) -> None:
        """Does what is due. `t_s`: now, for the reports."""
        for attempt in list(self._attempts.values()):
            if attempt.next_ns <= now_ns:
                self._advance(attempt, now_ns, t_s)

    def _advance(self, attempt: _Attempt, now_ns: int, t_s: float) -> None:
        slot = attempt.slot
        if attempt.paused_ns is not None or now_ns > attempt.give_up_ns:
            self._let_go(attempt, now_ns)
        elif not slot.works:
            attempt.next_ns = now_ns + TRY_AGAIN_NS
        else:
            if not attempt.signalled:
                slot.stop()
                attempt.signalled = True
            self._look(attempt, now_ns, t_s)

    def _look(self, attempt: _Attempt, now_ns: int, t_s: float) -> None:
        """Whether the process stands still, and may be left so."""
        if not attempt.slot.stopped:
            attempt.next_ns = now_ns + LOOK_AGAIN_NS
        elif attempt.slot.locks > 0:
            attempt.slot.go_on()
            attempt.signalled = False
            attempt.next_ns = now_ns + TRY_AGAIN_NS
        else:
            self._note_pause(attempt, now_ns, t_s)

    def _note_pause(self, attempt: _Attempt, now_ns: int, t_s: float) -> None:
        slot, fault_id = attempt.slot, attempt.fault_id
        attempt.paused_ns = now_ns
        attempt.next_ns = now_ns + attempt.duration_ns
        slot.paused = True
        self._roster.paused(slot.incarnation, fault_id, now_ns)
        assert slot.last is not None
        assert slot.child is not None
        last = slot.last
        self._faults.landed(
            fault_id, slot.generation, slot.child.pid, last.after, last.before, last.exposed
        )
        self._faults.paused(fault_id, attempt.duration_ns, t_s)

    def _let_go(self, attempt: _Attempt, now_ns: int) -> None:
        """The process goes on: after its pause, or without one."""
        attempt.slot.go_on()
        self._roster.resumed(attempt.slot.incarnation, now_ns)
        self._note_over(attempt, now_ns)

    def _note_over(self, attempt: _Attempt, now_ns: int) -> None:
        del self._attempts[attempt.slot]
        if attempt.paused_ns is None:
            self._faults.missed(attempt.fault_id)
        else:
            self._faults.resumed(attempt.fault_id, max(0, now_ns - attempt.paused_ns))

    def ended(self, slot: Slot, died_ns: int) -> None:
        """The slot's process has died: paused, about to be, or neither."""
        attempt = self._attempts.get(slot)
        if attempt is not None:
            self._note_over(attempt, died_ns)

    def end(self, now_ns: int) -> None:
        """Lets every process go on now, and gives up what was only wanted."""
        for attempt in list(self._attempts.values()):
            self._let_go(attempt, now_ns)
