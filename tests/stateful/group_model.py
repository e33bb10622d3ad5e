"""A consumer group as the words describe it, in plain lists: the model for the real one.

Written from `workers/log/api.py` and the protocol's sources alone; shares no rule with the log.
Verbs come in pairs: `why_not_...` names the errors that may refuse the verb (none: it must
succeed), and the verb itself changes the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle

from workers.log.errors import MemberFenced, StaleGeneration, UnknownGroup
from workers.log.types import Membership

Refusals = set[type[Exception]]


@dataclass
class Slot:
    """A static member's place: its newest process, and when it was heard of last."""

    heard_ns: int
    here: bool = True
    member_id: int | None = 0
    incarnation: int = 0


class GroupModel:
    """Who holds what, and who may still say so."""

    def __init__(self, slots: int, partitions: int, timeout_ns: int, now_ns: int) -> None:
        self.timeout_ns = timeout_ns
        self.generation = 1
        self.slots = [Slot(now_ns) for _ in range(slots)]
        self.holders: list[int | None] = [self.home(p) for p in range(partitions)]
        self.given_ids: set[tuple[int, int]] = set()
        self.expirations: list[tuple[int, int, int, int]] = []

    def home(self, partition: int) -> int:
        """The slot that holds the partition when everyone is there."""
        return partition % len(self.slots)

    def held_by(self, slot: int) -> tuple[int, ...]:
        """The slot's partitions."""
        return tuple(p for p, holder in enumerate(self.holders) if holder == slot)

    # who may do what

    def why_not_slot(self, slot: int) -> Refusals:
        """A slot that the group does not have."""
        return set() if 0 <= slot < len(self.slots) else {UnknownGroup}

    def why_not_member(self, who: Membership) -> Refusals:
        """A process that was replaced, expired, or left."""
        if self.why_not_slot(who.instance_id):
            return {UnknownGroup}
        slot = self.slots[who.instance_id]
        return set() if slot.here and slot.member_id == who.member_id else {MemberFenced}

    def why_not_release(self, who: Membership, partitions: tuple[int, ...]) -> Refusals:
        """A member gives back only what it holds."""
        fenced = self.why_not_member(who)
        if fenced:
            return fenced
        return set() if set(partitions) <= set(self.held_by(who.instance_id)) else {StaleGeneration}

    def why_not_commit(self, who: Membership, partitions: tuple[int, ...]) -> Refusals:
        """A member commits what it holds, in the generation that gave it to it."""
        refusals = self.why_not_release(who, partitions)
        if not refusals and who.generation != self.generation:
            return {StaleGeneration}
        return refusals

    # what happens

    def join(self, slot: int, incarnation: int, now_ns: int, member_id: int | None) -> None:
        """The slot's new process is there; `member_id` None: nobody heard which id it got."""
        if member_id is not None:
            assert (slot, member_id) not in self.given_ids, "a member id was given out twice"
            self.given_ids.add((slot, member_id))
        self.slots[slot] = Slot(now_ns, True, member_id, incarnation)
        self._send_free_ones_home()

    def beat(self, slot: int, now_ns: int) -> None:
        """The member is heard of; those that were not for too long are gone."""
        self.slots[slot].heard_ns = now_ns
        gone = [
            n for n, s in enumerate(self.slots) if s.here and s.heard_ns + self.timeout_ns < now_ns
        ]
        for silent in gone:
            self.slots[silent].here = False
            by = self.slots[slot].incarnation
            self.expirations.append((silent, self.slots[silent].incarnation, by, now_ns))
        here = cycle([n for n, s in enumerate(self.slots) if s.here])
        orphans = [p for p, holder in enumerate(self.holders) if holder in gone]
        self._hand_over(dict(zip(orphans, here, strict=False)))

    def asked_back(self, slot: int) -> tuple[int, ...]:
        """What the slot holds for others that are there again."""
        lent = [p for p in self.held_by(slot) if self.home(p) != slot]
        return tuple(p for p in lent if self.slots[self.home(p)].here)

    def release(self, partitions: tuple[int, ...]) -> None:
        """Nobody's for an instant, then their home's if it is there."""
        self._hand_over(dict.fromkeys(partitions))
        self._send_free_ones_home()

    def leave(self, slot: int) -> None:
        """What it held for others is free; its own waits for its next process."""
        self.slots[slot].here = False
        self.release(tuple(p for p in self.held_by(slot) if self.home(p) != slot))

    def _send_free_ones_home(self) -> None:
        free = [p for p, holder in enumerate(self.holders) if holder is None]
        self._hand_over({p: self.home(p) for p in free if self.slots[self.home(p)].here})

    def _hand_over(self, holders: dict[int, int | None] | dict[int, int]) -> None:
        if not holders:
            return
        self.generation += 1
        for partition, holder in holders.items():
            self.holders[partition] = holder
