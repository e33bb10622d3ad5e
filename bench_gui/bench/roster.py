"""Who was who in one lane: the incarnations, when it was paused, and how it ended. Pure.

Durable records name incarnations only by number, and often after their end.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from workers.lanes import Role


@dataclass(slots=True)
class Pause:
    """One time for which a process stood stopped. `until_ns`: exclusive; None while it does."""

    fault_id: int
    from_ns: int
    until_ns: int | None = None

    def explains_silence(self, noticed_ns: int, session_timeout_ns: int) -> bool:
        """Whether it is why a member was found silent at `noticed_ns`.

        A process that wakes is heard within one session timeout, if it can be.
        """
        if noticed_ns < self.from_ns:
            return False
        return self.until_ns is None or noticed_ns <= self.until_ns + session_timeout_ns


@dataclass(slots=True)
class Incarnation:
    """One worker process.

    Fields:
        died_ns: when it died, as exactly as is known; None while it lives.
        fault_id: of the fault that ended it; None when none did.
    """

    number: int
    role: Role
    slot: int
    generation: int
    pid: int
    pauses: list[Pause] = field(default_factory=list)
    died_ns: int | None = None
    fault_id: int | None = None

    def ended_by_fault_before(self, at_ns: int) -> bool:
        """Whether a fault had ended it by then."""
        return self.fault_id is not None and self.died_ns is not None and self.died_ns <= at_ns

    def pause_behind(self, noticed_ns: int, session_timeout_ns: int) -> Pause | None:
        """The latest pause that explains why it was found silent at `noticed_ns`."""
        found = [p for p in self.pauses if p.explains_silence(noticed_ns, session_timeout_ns)]
        return found[-1] if found else None


class Roster:
    """The incarnations of one lane by number, but for those that ended long ago."""

    def __init__(self) -> None:
        self._all: dict[int, Incarnation] = {}
        self._ended_by_fault: deque[Incarnation] = deque()

    def started(self, number: int, role: Role, slot: int, generation: int, pid: int) -> None:
        """A process was started."""
        self._all[number] = Incarnation(number, role, slot, generation, pid)

    def ended(self, number: int, died_ns: int, fault_id: int | None) -> None:
        """It has ended, by the fault or by itself (None)."""
        who = self._all[number]
        who.died_ns, who.fault_id = died_ns, fault_id
        self.resumed(number, died_ns)
        if fault_id is not None:
            self._ended_by_fault.append(who)

    def paused(self, number: int, fault_id: int, at_ns: int) -> None:
        """It stands still from now on."""
        self._all[number].pauses.append(Pause(fault_id, at_ns))

    def resumed(self, number: int, at_ns: int) -> None:
        """It goes on; nothing when it was not paused."""
        for pause in self._all[number].pauses:
            if pause.until_ns is None:
                pause.until_ns = at_ns

    def forget(self, died_before_ns: int) -> None:
        """Of those that a fault ended so long ago, nothing is told any more.

        Nothing that they wrote may still be unread. Who finds them silent later finds what their
        end explains, and that is what is assumed of somebody unknown.
        """
        ended = self._ended_by_fault
        while ended and ended[0].died_ns is not None and ended[0].died_ns < died_before_ns:
            del self._all[ended.popleft().number]

    def find(self, number: int) -> Incarnation | None:
        """The process with this number; None when there was none (0: nobody yet), or long ago."""
        return self._all.get(number)
