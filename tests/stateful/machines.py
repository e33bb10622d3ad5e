"""The machines by name: small ones, each deep in its part, and one where the parts meet."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.group_rules import SUBSETS, GroupRules, memberships
from tests.stateful.machine import OFFSETS, SESSION_NS, Client, LogMachine
from tests.stateful.model_machine import NUMBERS, ModelMachine, prefer
from tests.stateful.offset_rules import OffsetRules
from tests.stateful.record_rules import RecordRules
from tests.stateful.sink_machine import SinkMachine
from tests.stateful.world import MemoryWorld, SqliteWorld, World
from workers.log.types import Offset, ProducerIdentity

RIVALRIES = ("replace", "expire", "hold")
ENDS = ("nothing", "commit", "commit", "abort", "prepare", "again", "ask")
"""What the client does then; again: it aborts and commits another transaction;
ask: it asks for an offset in doubt while the other commits it."""


def _has_both(self: LogMachine) -> bool:
    return self.is_any("begun") and bool(_both(self))


def _both(self: LogMachine) -> list[tuple[Client, ProducerIdentity]]:
    """Transactional identities of clients that are members too; open transactions last."""
    return [pair for pair in self.transactional("begun") if pair[0].memberships]


class RecordMachine(RecordRules):
    """Records, idempotence, transactions, visibility."""

    opens: type[World] = SqliteWorld


class GroupMachine(GroupRules):
    """Groups, generations, fencing, and offsets that members commit."""

    opens: type[World] = SqliteWorld


class JointMachine(GroupRules, OffsetRules):
    """Members that commit their offsets in transactions, also prepared ones."""

    opens: type[World] = SqliteWorld
    slots = 3
    partitions = 3

    def write(self, client: Client, identity: ProducerIdentity, number: int) -> None:
        own = memberships(self, client)
        offsets = self.offsets(own[-1], "all", Offset(number)) if own else {}
        if offsets:
            self.send(client, identity, offsets, own[-1])
        if client in self.living() and (not offsets or number % 2):
            super().write(client, identity, number)

    @precondition(_has_both)
    @rule(number=NUMBERS, which=SUBSETS, offset=OFFSETS)
    def send_offsets_as_member(self, number: int, which: str, offset: Offset) -> None:
        """Offsets of a consumed partition, fenced by the group."""
        client, identity = prefer(_both(self), number)
        who = prefer(memberships(self, client), number)
        offsets = self.offsets(who, which, offset)
        if offsets:
            self.send(client, identity, offsets, who)

    @precondition(lambda self: self.is_any("ready", "begun", "prepared"))
    @rule(number=NUMBERS, how=st.sampled_from(RIVALRIES), then=st.sampled_from(ENDS))
    def rival(self, number: int, how: str, then: str) -> None:
        """What a client in a transaction holds goes to its slot's next process or to another
        member, or another transaction in doubt holds the offsets; the client goes on."""
        victim, identity = prefer(self.transactional("ready", "begun", "prepared"), number)
        self._get_into_transaction(victim, identity, number)
        others = [client for client in self.living() if client is not victim]
        if victim not in self.living() or not others:
            return
        if how == "hold":
            self._hold_offsets_of(identity, others)
        elif victim.memberships:
            self._take_place_of(victim, others[-1], expires=how == "expire")
        self._go_on(victim, identity, then)

    def _get_into_transaction(
        self, client: Client, identity: ProducerIdentity, number: int
    ) -> None:
        if client.locals[identity].phase == "ready":
            self.begin(client, identity)
        if client.locals[identity].phase == "begun":
            self.write(client, identity, number)

    def _go_on(self, client: Client, identity: ProducerIdentity, then: str) -> None:
        if then == "nothing" or client not in self.living():
            return
        if then == "prepare":
            self.prepare(client, identity)
            return
        if then == "ask":
            self.ask(client, self.in_doubt() or self.place(0), "commit")
            return
        self.end(client, identity, commits=then == "commit")
        if then == "again" and client in self.living():
            self.begin(client, identity)
            self.send(client, identity, {self.place(0): Offset(6)}, None)
            self._go_on(client, identity, "commit")

    def _take_place_of(self, victim: Client, other: Client, *, expires: bool) -> None:
        if not expires:
            self.take_place(other, memberships(self, victim)[-1].instance_id)
        elif other.memberships:
            self.wait(SESSION_NS + 1)
            self.say_alive(other, memberships(self, other)[-1])

    def _hold_offsets_of(self, identity: ProducerIdentity, others: list[Client]) -> None:
        """Another transaction sends one of the same offsets and is prepared."""
        rivals = [pair for pair in self.transactional("ready") if pair[0] in others]
        undecided = self.model.undecided(identity)
        if not rivals or undecided is None or not undecided.offsets:
            return
        rival, its_identity = rivals[-1]
        _, place = list(undecided.offsets)[-1]
        self.begin(rival, its_identity)
        self.send(rival, its_identity, {place: Offset(7)}, None)
        if rival in self.living():
            self.prepare(rival, its_identity)


class RecordMemoryMachine(RecordMachine):
    """The same over plain Python objects."""

    opens: type[World] = MemoryWorld


class GroupMemoryMachine(GroupMachine):
    """The same over plain Python objects."""

    opens: type[World] = MemoryWorld


class JointMemoryMachine(JointMachine):
    """The same over plain Python objects."""

    opens: type[World] = MemoryWorld


MACHINES: dict[str, type[ModelMachine]] = {
    "records": RecordMachine,
    "groups": GroupMachine,
    "joint": JointMachine,
    "records-memory": RecordMemoryMachine,
    "groups-memory": GroupMemoryMachine,
    "joint-memory": JointMemoryMachine,
    "sink": SinkMachine,
}
