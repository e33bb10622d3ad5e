"""The analytics database beside its model: sinks of every kind on one file, killed anywhere."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from tests.stateful.model_machine import DEATHS, NUMBERS, ModelMachine, pick
from tests.stateful.sink_model import Intent, SinkModel
from tests.stateful.world import Accident, FakeClock, Files, Killed, MortalDatabase
from workers.files import SINK_SCHEMA, event_id
from workers.log.types import IncarnationId, Offset, Sequence
from workers.pieces import Piece
from workers.sink import CounterSink
from workers.two_phase import PreparingSink

CLIENTS = 3
KINDS = st.sampled_from(["counting", "deduplicating", "storing", "storing, deduplicating"])
OFFSETS = st.integers(0, 9).map(Offset)
PIECES = st.lists(
    st.builds(
        Piece,
        partition=st.integers(0, 2),
        first_offset=OFFSETS,
        source=st.integers(0, 1),
        first_sequence=st.integers(0, 8).map(Sequence),
        due_ns=st.just(0),
        links=st.lists(st.integers(0, 5), min_size=1, max_size=4),
        records=st.just(b""),
        fetched_ns=st.integers(1, 3),
    ),
    min_size=1,
    max_size=3,
)


@dataclass
class Client:
    """A consumer process's use of the database.

    Fields:
        known: the stored offset of each partition as it knows it.
    """

    database: MortalDatabase
    incarnation: IncarnationId
    slot: int
    kind: str
    sink: CounterSink
    preparing: PreparingSink
    known: dict[int, int]

    @property
    def deduplicates(self) -> bool:
        """Whether it counts new events only."""
        return "deduplicating" in self.kind

    @property
    def stores(self) -> bool:
        """Whether it stores offsets with the result."""
        return "storing" in self.kind


class SinkMachine(ModelMachine):
    """Counting, deduplicating, compare-and-set of stored offsets, prepared transactions."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.files = Files()
        self.model = SinkModel()
        self.incarnations = 0
        self.transactions = 0
        self.clients: list[Client] = []
        for kind in ("storing", "storing", "deduplicating"):
            self.open_client(kind)

    def teardown(self) -> None:
        for client in self.clients:
            client.database.close()
        self.files.close()

    # clients

    @precondition(lambda self: len(self.clients) < CLIENTS)
    @rule(kind=KINDS)
    def open_client(self, kind: str) -> None:
        """The next incarnation."""
        self.incarnations += 1
        me = IncarnationId(self.incarnations)
        slot = next(n for n in range(CLIENTS) if n not in {c.slot for c in self.clients})
        database = MortalDatabase(self.files.path, "off", create=SINK_SCHEMA)
        sink = CounterSink(
            database,
            me,
            self.clock,
            deduplicates="deduplicating" in kind,
            stores_offsets="storing" in kind,
        )
        preparing = PreparingSink(database, slot, me, self.clock)
        client = Client(database, me, slot, kind, sink, preparing, {})
        self.clients.append(client)
        for partition in range(3):
            self.look(client, partition)

    @precondition(lambda self: self.clients)
    @rule(number=NUMBERS, how=DEATHS, statements=st.integers(0, 12))
    def befall(self, number: int, how: str | Accident, statements: int) -> None:
        """One client's death, everyone's, or an accident in one of a client's next verbs."""
        client = pick(self.clients, number)
        if how == "of all":
            self._kill_everyone()
        elif isinstance(how, Accident):
            client.database.order(how, statements)
        else:
            client.database.close()
            self.clients.remove(client)

    def _kill_everyone(self) -> None:
        self.files.survive()
        kinds = [client.kind for client in self.clients]
        for client in self.clients:
            client.database.close()
        self.clients.clear()
        for kind in kinds:
            self.open_client(kind)

    @rule()
    def wait(self) -> None:
        """Time passes."""
        self.clock.time_ns += 1

    # verbs

    @precondition(lambda self: self.clients)
    @rule(number=NUMBERS, partition=st.integers(0, 2))
    def look_again(self, number: int, partition: int) -> None:
        """A process that was fenced goes on from what is stored."""
        self.look(pick(self.clients, number), partition)

    def look(self, client: Client, partition: int) -> None:
        """Reads the stored offset and goes by it."""
        stored = self.model.stored.get(partition, 0)
        assert client.sink.read_offset(partition) == stored
        assert client.sink.stored_offset(partition) == stored
        client.known[partition] = stored

    @precondition(lambda self: self.clients)
    @rule(number=NUMBERS, pieces=PIECES)
    def apply(self, number: int, pieces: list[Piece]) -> None:
        """Events take effect."""
        client, now_ns = pick(self.clients, number), self.clock.now_ns()
        reached = {p.partition: p.first_offset + len(p.links) for p in pieces}
        offsets = reached if client.stores else {}
        told: list[str] = []

        def happens(_: None) -> None:
            assert told == ["applied"]
            self.model.apply(pieces, client.incarnation, now_ns, deduplicates=client.deduplicates)
            self.model.store(offsets, client.incarnation, now_ns)
            client.known.update(offsets)

        error = self.attempt(
            f"client {client.incarnation}, apply {client.kind}",
            client.database,
            lambda: client.sink.apply(pieces, lambda: told.append("applied")),
            lambda: self.model.why_not_store(client.known, set(offsets)),
            happens,
        )
        self._bury(client, error)

    @precondition(lambda self: self.clients)
    @rule(number=NUMBERS, partitions=st.sets(st.integers(0, 2), min_size=1), offset=OFFSETS)
    def pass_over(self, number: int, partitions: set[int], offset: Offset) -> None:
        """Offsets that had no events for the sink."""
        client, now_ns = pick(self.clients, number), self.clock.now_ns()
        offsets = dict.fromkeys(sorted(partitions), offset)

        def happens(_: None) -> None:
            self.model.store(offsets, client.incarnation, now_ns)
            client.known.update(offsets)

        error = self.attempt(
            f"client {client.incarnation}, store offsets",
            client.database,
            lambda: client.sink.store_offsets(offsets),
            lambda: self.model.why_not_store(client.known, partitions),
            happens,
        )
        self._bury(client, error)

    @precondition(lambda self: self.clients)
    @rule(number=NUMBERS, pieces=PIECES)
    def prepare(self, number: int, pieces: list[Piece]) -> None:
        """A new transaction promises its effects."""
        client = pick(self.clients, number)
        self.transactions += 1
        transaction = self.transactions
        now_ns = self.clock.now_ns()
        intent = Intent(client.slot, client.incarnation, now_ns, tuple(pieces))
        error = self.attempt(
            f"client {client.incarnation}, prepare",
            client.database,
            lambda: client.preparing.prepare(transaction, pieces),
            lambda: self.model.why_not_prepare(pieces),
            lambda _: self.model.prepare(transaction, intent),
        )
        self._bury(client, error)

    @precondition(lambda self: self.clients and self.transactions)
    @rule(number=NUMBERS, which=NUMBERS, commits=st.booleans())
    def end(self, number: int, which: int, commits: bool) -> None:
        """By whoever knows the decision, once or again."""
        client, now_ns = pick(self.clients, number), self.clock.now_ns()
        known = [*range(1, self.transactions + 1), *self.model.prepared, *self.model.prepared]
        transaction = pick(known, which)
        if commits:
            error = self.attempt(
                f"client {client.incarnation}, commit prepared",
                client.database,
                lambda: client.preparing.commit_prepared(transaction),
                set,
                lambda _: self.model.commit_prepared(transaction, client.incarnation, now_ns),
            )
        else:
            error = self.attempt(
                f"client {client.incarnation}, roll back prepared",
                client.database,
                lambda: client.preparing.roll_back_prepared(transaction),
                set,
                lambda _: self.model.roll_back_prepared(transaction),
            )
        self._bury(client, error)

    def _bury(self, client: Client, error: BaseException | None) -> None:
        if isinstance(error, Killed):
            self.clients.remove(client)

    # what must be true

    @invariant()
    def the_tables_are_as_in_the_model(self) -> None:
        """All of them, for anyone with plain SQL."""
        rows, model = self.files.rows, self.model
        assert dict(rows("SELECT * FROM links")) == model.clicks
        ledger = [(n, *row) for n, row in enumerate(model.effects, 1)]
        assert rows("SELECT * FROM effects ORDER BY effect_id") == ledger
        processed = [row[0] for row in rows("SELECT event_id FROM processed ORDER BY event_id")]
        assert processed == sorted(event_id(*event) for event in model.seen)
        assert dict(rows("SELECT * FROM stored_offsets")) == model.stored
        history = rows("SELECT partition, from_offset, next_offset, incarnation, committed_ns"
                       " FROM offset_commits ORDER BY commit_id")  # fmt: skip
        assert history == model.commits

    @invariant()
    def what_is_in_doubt_is_as_in_the_model(self) -> None:
        """Transactions, locks, and what each coordinator finds of its own."""
        rows, prepared = self.files.rows, self.model.prepared
        found = rows("SELECT * FROM prepared_transactions ORDER BY transaction_id")
        assert found == [
            (number, i.coordinator, i.incarnation, i.prepared_ns)
            for number, i in sorted(prepared.items())
        ]
        assert dict(rows("SELECT link_id, transaction_id FROM locked_links")) == self.model.locks()
        effects = rows("SELECT count(*) FROM prepared_effects")
        assert effects == [(sum(len(i.pieces) for i in prepared.values()),)]
        for client in self.clients:
            own = {number for number, i in prepared.items() if i.coordinator == client.slot}
            assert set(client.preparing.prepared()) == own
