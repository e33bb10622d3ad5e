"""Rules for committed offsets outside group management, in transactions and not."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.machine import (
    GROUP,
    OFFSETS,
    PARTITIONS,
    Client,
)
from tests.stateful.model_machine import NUMBERS, pick, prefer
from tests.stateful.transaction_rules import INTERLOPERS, TransactionRules
from workers.log.api import Log
from workers.log.errors import UnstableOffsets
from workers.log.types import (
    Membership,
    Offset,
    ProducerIdentity,
    TopicPartition,
)

SOME = st.sets(PARTITIONS, min_size=1)


class OffsetRules(TransactionRules):
    """Committed offsets outside group management, with transactions and without."""

    @precondition(lambda self: self.is_any("begun"))
    @rule(number=NUMBERS, partitions=SOME, offset=st.integers(-1, 9).map(Offset))
    def send_offset(self, number: int, partitions: set[int], offset: Offset) -> None:
        """Into an open transaction."""
        client, identity = prefer(self.transactional("begun"), number)
        self.send(client, identity, {self.place(p): offset for p in sorted(partitions)}, None)

    def write(self, client: Client, identity: ProducerIdentity, number: int) -> None:
        places = [self.place(number), self.place(number + 1)]
        self.send(client, identity, dict.fromkeys(places, Offset(number)), None)

    def send(
        self,
        client: Client,
        identity: ProducerIdentity,
        offsets: dict[TopicPartition, Offset],
        membership: Membership | None,
    ) -> None:
        """Sends offsets to the transaction."""
        local = client.locals[identity]
        self.act(
            "send offsets",
            client,
            lambda log: log.send_offsets_to_transaction(identity, GROUP, offsets, membership),
            lambda: self.model.why_not_send(local, identity, GROUP, offsets, membership),
            lambda _: self.model.send_offsets(local, identity, GROUP, offsets, membership),
            identity,
        )

    @precondition(lambda self: self.living())
    @rule(number=NUMBERS, partitions=SOME, offset=OFFSETS)
    def commit_offset(self, number: int, partitions: set[int], offset: Offset) -> None:
        """At once."""
        client = pick(self.living(), number)
        offsets = {self.place(p): offset for p in sorted(partitions)}
        now_ns = self.clock.now_ns()
        self.act(
            "commit offsets",
            client,
            lambda log: log.commit_offsets(GROUP, offsets, client.incarnation),
            lambda: self.model.why_not_offsets(GROUP, offsets, None),
            lambda _: self.model.commit_offsets(GROUP, offsets, client.incarnation, now_ns),
        )

    def write_some(self, client: Client) -> None:
        now_ns, offsets = self.clock.now_ns(), {self.place(0): Offset(8)}
        self.act(
            "commit offsets meanwhile",
            client,
            lambda log: log.commit_offsets(GROUP, offsets, client.incarnation),
            lambda: self.model.why_not_offsets(GROUP, offsets, None),
            lambda _: self.model.commit_offsets(GROUP, offsets, client.incarnation, now_ns),
        )

    @precondition(lambda self: self.living())
    @rule(number=NUMBERS, partition=PARTITIONS, interloper=INTERLOPERS)
    def ask_for_a_stable_offset(self, number: int, partition: int, interloper: str) -> None:
        """Of a partition whose offset is in doubt, if there is one."""
        place = self.in_doubt() or self.place(partition)
        self.ask(pick(self.living(), number), place, interloper)

    def in_doubt(self) -> TopicPartition | None:
        """A partition whose offset a prepared transaction holds."""
        return next((p for p in self.model.partitions if self.model.is_held(GROUP, p)), None)

    def ask(self, client: Client, place: TopicPartition, interloper: str) -> None:
        """As who takes a partition over does: what was true at one instant, or a refusal."""
        before = self._stable_offset(place)

        def verb(log: Log) -> int | None:
            try:
                return log.committed_offset(GROUP, place, require_stable=True) or 0
            except UnstableOffsets:
                return None

        def happens(answer: int | None) -> None:
            assert answer in {before, self._stable_offset(place)}

        self.let_in(client, place, interloper)
        self.act("stable offset", client, verb, set, happens)

    def _stable_offset(self, place: TopicPartition) -> int | None:
        """None: a transaction in doubt holds it."""
        if self.model.is_held(GROUP, place):
            return None
        return self.model.committed.get((GROUP, place), 0)
