"""Several clients of one log beside its model: what every machine has in common.

Each verb is done by one client for real. It is refused with an error that the model allows, or
answered as the model answers. A client may be killed between verbs or inside one; then the verb
has happened or it has not, and the client's own memory is gone. After each step everything that
can be seen of the log is compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from tests.stateful.group_model import Refusals
from tests.stateful.log_model import Local, LogModel
from tests.stateful.model_machine import DEATHS, NUMBERS, ModelMachine, pick
from tests.stateful.record_model import check_fetch
from tests.stateful.world import Accident, FakeClock, Killed, Process, World
from workers.log.api import Log
from workers.log.errors import ProducerFenced, UnstableOffsets
from workers.log.types import (
    IncarnationId,
    Isolation,
    Membership,
    Offset,
    ProducerIdentity,
    RecordBatch,
    TopicPartition,
)
from workers.log.types import Sequence as Number

T = TypeVar("T")
CLIENTS = 3
EVERYTHING = 1_000_000
SESSION_NS = 1_000
TOPIC = "clicks"
GROUP = "g"
PARTITIONS = st.integers(0, 2)
AT_WORK = st.sampled_from([True, True, False])
OFFSETS = st.integers(0, 9).map(Offset)


@dataclass
class Client:
    """A living client and what it remembers."""

    process: Process
    incarnation: IncarnationId
    identities: list[ProducerIdentity] = field(default_factory=list)
    locals: dict[ProducerIdentity, Local] = field(default_factory=dict)
    memberships: list[Membership] = field(default_factory=list)


class LogMachine(ModelMachine):
    """Clients, deaths, time, and the comparison.

    Fields:
        opens: the world to run in.
        partitions: of the topic.
    """

    opens: type[World]
    partitions: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.world = self.opens(self.clock)
        self.model = LogModel()
        self.incarnations = 0
        self.events = 0
        self._inside = False
        self.reader = self.world.open()
        self.clients: list[Client | None] = [self.new_client() for _ in range(CLIENTS)]

    def teardown(self) -> None:
        for client in self.living():
            client.process.drop()
        self.reader.drop()
        self.world.close()

    # clients

    def new_client(self) -> Client:
        """The next incarnation."""
        self.incarnations += 1
        return Client(self.world.open(), IncarnationId(self.incarnations))

    def living(self) -> list[Client]:
        """Those that can do something."""
        return [client for client in self.clients if client is not None]

    def identities(self) -> list[tuple[Client, ProducerIdentity]]:
        """Every identity of every living client; the newest epochs last."""
        all_of_them = [(c, identity) for c in self.living() for identity in c.identities]
        begun_last = sorted(all_of_them, key=lambda pair: self._phase(*pair) == "begun")
        return sorted(begun_last, key=lambda pair: not self.model.why_not_epoch(pair[1]))

    def _phase(self, client: Client, identity: ProducerIdentity) -> str:
        local = client.locals.get(identity)
        return local.phase if local is not None else ""

    def transactional(self, *phases: str) -> list[tuple[Client, ProducerIdentity]]:
        """Every transactional identity; those in one of the phases last."""
        known = [(c, identity) for c, identity in self.identities() if identity in c.locals]
        return sorted(known, key=lambda pair: self._phase(*pair) in phases)

    def is_any(self, *phases: str) -> bool:
        """Whether a living client has an identity in one of the phases."""
        return any(self._phase(*pair) in phases for pair in self.transactional())

    def place(self, number: int) -> TopicPartition:
        """One of the topic's partitions."""
        return TopicPartition(TOPIC, number % self.partitions)

    def batch(self, client: Client, count: int) -> RecordBatch:
        """The next `count` events, each of its own kind."""
        first = self.events
        self.events += count
        payload = b"".join(n.to_bytes(4, "little") for n in range(first, first + count))
        return RecordBatch(
            first % 2, Number(first), count, 10 + first, 20 + first, client.incarnation, payload
        )

    # doing

    def act(
        self,
        name: str,
        client: Client,
        verb: Callable[[Log], T],
        refusals: Callable[[], Refusals],
        happens: Callable[[T | None], object],
        identity: ProducerIdentity | None = None,
    ) -> None:
        """Does it for real, and in the model if nothing refuses it.

        Args:
            happens: changes the model and checks the answer; None: nobody heard it.
            identity: whose local state learns that it is fenced.
        """
        error = self.attempt(
            f"client {client.incarnation}, {name}",
            client.process.database,
            lambda: verb(client.process.log),
            refusals,
            happens,
        )
        if isinstance(error, Killed):
            self.clients[self.clients.index(client)] = None
        elif isinstance(error, ProducerFenced) and identity in client.locals:
            client.locals[identity].phase = "fenced"

    # what befalls clients

    @initialize(at_work=AT_WORK)
    def start(self, at_work: bool) -> None:
        """Every machine needs a topic."""
        self.prepare_log()
        if at_work:
            self.put_everyone_to_work()

    def prepare_log(self) -> None:
        """Makes what the clients work on."""
        self.reader.log.create_topic(TOPIC, self.partitions)
        self.model.create_topic(TOPIC, self.partitions)

    @precondition(lambda self: None in self.clients)
    @rule(at_work=AT_WORK)
    def open_client(self, at_work: bool) -> None:
        """A new process where one has ended."""
        slot = self.clients.index(None)
        self.clients[slot] = self.new_client()
        if at_work:
            self.put_to_work(slot)

    @precondition(lambda self: self.living())
    @rule(number=NUMBERS, how=DEATHS, statements=st.integers(0, 6), at_work=AT_WORK)
    def befall(self, number: int, how: str | Accident, statements: int, at_work: bool) -> None:
        """One client's death, everyone's, or an accident in one of a client's next verbs."""
        client = pick(self.living(), number)
        database = client.process.database
        if how == "of all":
            self._kill_everyone(at_work=at_work)
        elif isinstance(how, Accident) and database is not None:
            database.order(how, statements)
        else:
            client.process.drop()
            self.clients[self.clients.index(client)] = None

    @precondition(lambda self: self.world.is_file and len(self.living()) > 1)
    @rule(number=NUMBERS, which=NUMBERS)
    def cut_in(self, number: int, which: int) -> None:
        """Just before a client's next SQLite transaction, another client does what matters to it;
        what was looked up earlier must not count."""
        victim, other = pick(self.living(), number), pick(self.living(), number + 1)
        database = victim.process.database
        assert database is not None

        def others() -> None:
            choices = self.interlopers(victim, other)
            if choices and other in self.living():
                pick(choices, which)()

        database.before_begin = self.once_inside(others)

    def once_inside(self, others: Callable[[], object]) -> Callable[[], None]:
        """What others do inside a verb, unless that verb is itself done inside another."""

        def do() -> None:
            if not self._inside:
                self._inside = True
                others()
                self._inside = False

        return do

    def interlopers(self, victim: Client, other: Client) -> list[Callable[[], object]]:
        """What the other can do that matters to the victim."""
        return []

    def _kill_everyone(self, *, at_work: bool) -> None:
        """At one instant; what goes on is what the files hold."""
        self.world.survive()
        for client in self.living():
            client.process.drop()
        self.reader.drop()
        self.reader = self.world.open()
        self.clients = [self.new_client() for _ in range(CLIENTS)]
        if at_work:
            self.put_everyone_to_work()

    def put_everyone_to_work(self) -> None:
        """Every client does what a worker does first."""
        for slot in range(CLIENTS):
            self.put_to_work(slot)

    def put_to_work(self, slot: int) -> None:
        """The client in this place does what a worker does first."""

    @rule(elapsed_ns=st.sampled_from([SESSION_NS, 1, SESSION_NS + 1, SESSION_NS // 2]))
    def wait(self, elapsed_ns: int) -> None:
        """Time passes."""
        self.clock.time_ns += elapsed_ns

    # what must be true

    @invariant()
    def everything_looks_as_in_the_model(self) -> None:
        """For a reader that has seen all of it from the start, and for one with plain SQL."""
        for place in self.model.partitions:
            self._compare_partition(place)
        self._compare_offsets()
        self._compare_prepared()
        if self.world.is_file:
            self._compare_tables()

    def _compare_partition(self, place: TopicPartition) -> None:
        for isolation in Isolation:
            answer = self.reader.log.fetch(place, Offset(0), EVERYTHING, isolation)
            view = self.model.view(place, isolation)
            check_fetch(view, 0, EVERYTHING, answer)
            ends = self.reader.log.end_offsets(place)
            assert ends == (view.high_watermark, view.last_stable_offset)

    def _compare_offsets(self) -> None:
        for place in self.model.partitions:
            found = self.reader.log.committed_offset(GROUP, place)
            # Both 0 and None mean "from the start".
            assert (found or 0) == self.model.committed.get((GROUP, place), 0)
            assert self._is_held(place) == self.model.is_held(GROUP, place)

    def _is_held(self, place: TopicPartition) -> bool:
        try:
            self.reader.log.committed_offset(GROUP, place, require_stable=True)
        except UnstableOffsets:
            return True
        return False

    def _compare_prepared(self) -> None:
        """Anyone who knows a producer may ask for its prepared transaction."""
        for client, identity in self.identities():
            number = client.process.log.prepared_transaction(identity)
            undecided = self.model.undecided(identity)
            if undecided is None or undecided.state != "prepared":
                assert number is None
            else:
                assert number is not None
                self.model.learn_number(undecided, number)

    def _compare_tables(self) -> None:
        rows = self.world.rows
        found = rows("SELECT producer_id, epoch, state, incarnation, prepared_ns, ended_ns"
                     " FROM transactions ORDER BY transaction_id")  # fmt: skip
        assert found == [
            (t.producer_id, t.epoch, t.state, t.incarnation, t.prepared_ns, t.ended_ns)
            for t in self.model.transactions
        ]
        found = rows("SELECT group_id, topic, partition, from_offset, next_offset, incarnation,"
                     " committed_ns FROM offset_commits ORDER BY commit_id")  # fmt: skip
        assert sorted(found) == sorted(self.model.commits)
        found = rows("SELECT group_id, instance_id, incarnation, expired_by, expired_ns"
                     " FROM expirations ORDER BY expiration_id")  # fmt: skip
        assert sorted(found) == sorted(
            (name, *row) for name, group in self.model.groups.items() for row in group.expirations
        )
