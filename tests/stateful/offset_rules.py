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
from tests.stateful.transaction_rules import TransactionRules
from workers.log.types import (
    Membership,
    Offset,
    ProducerIdentity,
    TopicPartition,
)


class OffsetRules(TransactionRules):
    """Committed offsets outside group management, with transactions and without."""

    @precondition(lambda self: self.is_any("begun"))
    @rule(number=NUMBERS, partition=PARTITIONS, offset=st.integers(-1, 9).map(Offset))
    def send_offset(self, number: int, partition: int, offset: Offset) -> None:
        """Into an open transaction."""
        client, identity = prefer(self.transactional("begun"), number)
        self.send(client, identity, {self.place(partition): offset}, None)

    def write(self, client: Client, identity: ProducerIdentity, number: int) -> None:
        self.send(client, identity, {self.place(number): Offset(number)}, None)

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
            self.model.why_not_send(local, identity, GROUP, offsets, membership),
            lambda _: self.model.send_offsets(local, identity, GROUP, offsets, membership),
            identity,
        )

    @precondition(lambda self: self.living())
    @rule(number=NUMBERS, partitions=st.sets(PARTITIONS, min_size=1), offset=OFFSETS)
    def commit_offset(self, number: int, partitions: set[int], offset: Offset) -> None:
        """At once."""
        client = pick(self.living(), number)
        offsets = {self.place(p): offset for p in sorted(partitions)}
        now_ns = self.clock.now_ns()
        self.act(
            "commit offsets",
            client,
            lambda log: log.commit_offsets(GROUP, offsets, client.incarnation),
            self.model.why_not_offsets(GROUP, offsets, None),
            lambda _: self.model.commit_offsets(GROUP, offsets, client.incarnation, now_ns),
        )
