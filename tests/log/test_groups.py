"""Whatever happens to a group, every partition has at most one owner, and handovers are fenced."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from workers.log import groups
from workers.log.errors import Fenced
from workers.log.types import IncarnationId, Membership

ME = IncarnationId(1)

SESSION_NS = 100
SLOTS = st.integers(0, 3)


class GroupLife(RuleBasedStateMachine):
    """Members join, fall silent, beat, hand back and leave at random."""

    @initialize(partitions=st.integers(1, 9), slots=st.integers(1, 4))
    def make(self, partitions: int, slots: int) -> None:
        self.now_ns = 1
        self.group = groups.new_group(slots, partitions, SESSION_NS, self.now_ns)
        self.held: dict[int, Membership] = {}
        self.former: list[Membership] = []

    def slot(self, wanted: int) -> int:
        return wanted % len(self.group.members)

    @rule(slot=SLOTS)
    def join(self, slot: int) -> None:
        slot = self.slot(slot)
        if slot in self.held:
            self.former.append(self.held[slot])
        self.group = groups.join(self.group, slot, ME, self.now_ns)
        self.held[slot] = groups.membership_of(self.group, slot)

    @rule(slot=SLOTS)
    def beat(self, slot: int) -> None:
        slot = self.slot(slot)
        if slot not in self.held:
            return
        try:
            self.group = groups.heartbeat(self.group, self.held[slot], self.now_ns)
        except Fenced:
            self.former.append(self.held.pop(slot))
            return
        self.held[slot] = groups.membership_of(self.group, slot)
        asked = groups.asked_back(self.group, slot)
        if asked:
            self.group = groups.release(self.group, self.held[slot], asked)
            self.held[slot] = groups.membership_of(self.group, slot)

    @rule(slot=SLOTS)
    def leave(self, slot: int) -> None:
        slot = self.slot(slot)
        if slot not in self.held:
            return
        membership = self.held.pop(slot)
        try:
            self.group = groups.leave(self.group, membership)
        except Fenced:
            self.former.append(membership)

    @rule(passed_ns=st.integers(1, 2 * SESSION_NS))
    def time_passes(self, passed_ns: int) -> None:
        self.now_ns += passed_ns

    @invariant()
    def two_members_never_may_commit_the_same_partition(self) -> None:
        may = [
            partition
            for membership in (*self.held.values(), *self.former)
            for partition in membership.partitions
            if self._may_commit(membership, partition)
        ]
        assert len(may) == len(set(may))

    @invariant()
    def former_members_may_commit_nothing(self) -> None:
        for membership in self.former:
            assert not any(self._may_commit(membership, p) for p in membership.partitions)

    def _may_commit(self, membership: Membership, partition: int) -> bool:
        try:
            groups.check_commit(self.group, membership, (partition,))
        except Fenced:
            return False
        return True


TestGroupLife = GroupLife.TestCase


@given(st.integers(1, 5), st.integers(1, 12))
def test_when_all_are_back_everyone_holds_its_home_partitions(slots: int, partitions: int) -> None:
    group = groups.new_group(slots, partitions, SESSION_NS, 0)
    members = {}
    for slot in range(slots):
        group = groups.join(group, slot, ME, 0)
        members[slot] = groups.membership_of(group, slot)
    last = slots - 1
    group = groups.heartbeat(group, members[last], SESSION_NS + 1)
    assert group.owned(last) == tuple(range(partitions))
    for slot in range(slots - 1):
        group = groups.join(group, slot, ME, SESSION_NS + 2)
    held = groups.membership_of(group, last)
    asked = groups.asked_back(group, last)
    if asked:
        group = groups.release(group, held, asked)
    assert all(group.owners[p] == group.home(p) for p in range(partitions))
