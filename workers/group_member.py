"""A consumer process as a member of its group: joins, stays, hands partitions back, is fenced."""

from __future__ import annotations

from contextlib import suppress

from workers.clock import Clock
from workers.files import COUNTERS_GROUP
from workers.log.api import Log
from workers.log.errors import MemberFenced
from workers.log.types import IncarnationId, Membership

HEARTBEATS_A_SESSION = 4


class GroupMember:
    """The membership of one consumer slot's process.

    Fields:
        membership: as last heard from the log.
    """

    def __init__(
        self,
        log: Log,
        slot: int,
        incarnation: IncarnationId,
        session_timeout_ns: int,
        clock: Clock,
    ) -> None:
        """Joins; earlier processes of the slot are fenced."""
        self._log = log
        self._slot = slot
        self._incarnation = incarnation
        self._clock = clock
        self._interval_ns = session_timeout_ns // HEARTBEATS_A_SESSION
        self.membership: Membership
        self.join()

    def join(self) -> None:
        """Takes the slot's place (again)."""
        self.membership = self._log.join_group(COUNTERS_GROUP, self._slot, self._incarnation)
        self._heard_ns = self._clock.now_ns()

    def heartbeat_due(self) -> bool:
        """Whether it is time to say that the process lives."""
        return self._clock.now_ns() - self._heard_ns >= self._interval_ns

    def heartbeat(self) -> bool:
        """Says that the process lives, and hears what it holds now.

        Returns: whether the group was rebalanced since it last heard.

        Raises:
            MemberFenced: it was replaced or expired.
        """
        before = self.membership
        self.membership = self._log.heartbeat(COUNTERS_GROUP, before)
        self._heard_ns = self._clock.now_ns()
        return self.membership != before

    def asked_back(self) -> tuple[int, ...]:
        """Partitions to commit and release, because their own slot is back."""
        return self._log.partitions_asked_back(COUNTERS_GROUP, self.membership)

    def release(self, partitions: tuple[int, ...]) -> None:
        """Gives them back."""
        self.membership = self._log.release_partitions(COUNTERS_GROUP, self.membership, partitions)

    def leave(self) -> None:
        """Ends the membership in good order; nothing to end when fenced."""
        with suppress(MemberFenced):
            self._log.leave_group(COUNTERS_GROUP, self.membership)
