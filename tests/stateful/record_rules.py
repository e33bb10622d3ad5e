"""Rules for appends of every kind, and for what readers see of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.machine import (
    PARTITIONS,
    TOPIC,
    Client,
)
from tests.stateful.model_machine import NUMBERS, pick, prefer
from tests.stateful.record_model import check_fetch
from tests.stateful.transaction_rules import INTERLOPERS, TransactionRules, has_identity
from workers.log.errors import OffsetOutOfRange
from workers.log.types import (
    AppendResult,
    FetchResult,
    Isolation,
    Offset,
    ProducerEpoch,
    ProducerId,
    ProducerIdentity,
    ProducerStamp,
    RecordBatch,
    Sequence,
    TopicPartition,
)

COUNTS = st.integers(1, 4)
NOBODY = ProducerIdentity(ProducerId(99), ProducerEpoch(0))
INTENTS = st.sampled_from(["next", "next", "next", "again", "edge", "overlap", "gap", "back"])
"""What a stamped batch is: new, one sent before, the oldest one that the log knows and the one
before that, a part of one sent before, new after a gap, or from inside one sent before."""
OLDEST_KNOWN = 4
"""Batches sent after it."""
MISTAKES = st.sampled_from(["nothing"] * 6 + ["place", "empty", "uneven", "producer", "topic"])


class RecordRules(TransactionRules):
    """Appends of every kind, and fetches."""

    def write(self, client: Client, identity: ProducerIdentity, number: int) -> None:
        place = self.place(number)
        stamp = ProducerStamp(identity, Sequence(self.model.next_number(identity, place)))
        self.append("append at once", client, place, self.batch(client, 2), stamp)

    def interlopers(self, victim: Client, other: Client) -> list[Callable[[], object]]:
        append = partial(self.write_some, other)
        return [*super().interlopers(victim, other), append]

    def write_some(self, client: Client) -> None:
        for partition in range(self.partitions):
            if client in self.living():
                place, batch = self.place(partition), self.batch(client, 2)
                self.append("append meanwhile", client, place, batch, None)

    @precondition(lambda self: self.living())
    @rule(number=NUMBERS, partition=PARTITIONS, count=COUNTS, mistake=MISTAKES)
    def append_plain(self, number: int, partition: int, count: int, mistake: str) -> None:
        """Without a stamp: stored as often as it is sent. Or a mistake of the caller."""
        client = pick(self.living(), number)
        place, batch, stamp = self.place(partition), self.batch(client, count), None
        if mistake == "place":
            place = TopicPartition(TOPIC, self.partitions)
        elif mistake in {"empty", "uneven"}:
            batch = replace(batch, count=0 if mistake == "empty" else 3, records=b"lots")
        elif mistake == "producer":
            stamp = ProducerStamp(NOBODY, Sequence(0))
        elif mistake == "topic":
            self._make_topic_again(client, number)
            return
        self.append(f"append, {mistake} mistaken", client, place, batch, stamp)

    @precondition(has_identity)
    @rule(number=NUMBERS, partition=PARTITIONS, count=COUNTS, intent=INTENTS, back=NUMBERS)
    def append_stamped(
        self, number: int, partition: int, count: int, intent: str, back: int
    ) -> None:
        """As an idempotent producer does, or as it should not."""
        client, identity = prefer(self.identities(), number)
        place = self.place(partition)
        for step, age in self._plan(identity, place, intent, back):
            base, size = self._numbers(identity, place, count, step, age)
            stamp = ProducerStamp(identity, Sequence(base))
            self.append(f"append {step}", client, place, self.batch(client, size), stamp)
            if client not in self.living():
                return

    def _plan(
        self, identity: ProducerIdentity, place: TopicPartition, intent: str, back: int
    ) -> list[tuple[str, int]]:
        """What each of the batches is, and how many batches ago it was sent."""
        if intent == "next":
            return [("next", 0)] * (1 + back % 3)
        if intent != "edge":
            return [(intent, back % 6)]
        missing = OLDEST_KNOWN + 2 - len(self.model.batches_sent(identity, place))
        return [("next", 0)] * missing + [("again", OLDEST_KNOWN), ("again", OLDEST_KNOWN + 1)]

    def _numbers(
        self, identity: ProducerIdentity, place: TopicPartition, count: int, step: str, age: int
    ) -> tuple[int, int]:
        """First number and count."""
        following = self.model.next_number(identity, place)
        sent = self.model.batches_sent(identity, place)
        if step == "gap":
            return following + 1 + age, count
        if not sent or step == "next":
            return following, count
        first, size, _ = pick(sent, age)
        if step == "again":
            return first, size
        if step == "overlap":
            return first, size % 4 + 1
        return first + 1, max(1, size - 1)

    def append(
        self,
        name: str,
        client: Client,
        place: TopicPartition,
        batch: RecordBatch,
        stamp: ProducerStamp | None,
    ) -> None:
        """Sends a batch."""
        identity = stamp.identity if stamp is not None else None
        local = client.locals.get(identity) if identity is not None else None

        def happens(answer: AppendResult | None) -> None:
            expected = self.model.append(local, place, batch, stamp)
            assert answer is None or (answer.base_offset, answer.duplicate) == expected

        self.act(
            name,
            client,
            lambda log: log.append(place, batch, stamp),
            lambda: self.model.why_not_append(local, place, batch, stamp),
            happens,
            identity,
        )

    def _make_topic_again(self, client: Client, partitions: int) -> None:
        self.act(
            "create topic",
            client,
            lambda log: log.create_topic(TOPIC, partitions),
            lambda: self.model.why_not_create(TOPIC, partitions),
            lambda _: self.model.create_topic(TOPIC, partitions),
        )

    @precondition(lambda self: self.living())
    @rule(
        number=NUMBERS,
        partition=PARTITIONS,
        offset=st.integers(-1, 60),
        most=st.integers(1, 9),
        isolation=st.sampled_from(Isolation),
        interloper=INTERLOPERS,
    )
    def fetch(
        self,
        number: int,
        partition: int,
        offset: int,
        most: int,
        isolation: Isolation,
        interloper: str,
    ) -> None:
        """From anywhere, while others may go on between its statements."""
        client, place = pick(self.living(), number), self.place(partition)
        view = self.model.view(place, isolation)
        offset = offset if offset < 1 else offset % (view.high_watermark + 2)
        inside = 0 <= offset <= view.high_watermark

        def happens(answer: FetchResult | None) -> None:
            assert answer is not None
            check_fetch(view, offset, most, answer)

        self.let_in(client, place, interloper)
        self.act(
            f"fetch {isolation.value}",
            client,
            lambda log: log.fetch(place, Offset(offset), most, isolation),
            lambda: set() if inside else {OffsetOutOfRange},
            happens,
        )
