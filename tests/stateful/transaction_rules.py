"""Rules for the life of transactional producers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.log_model import Local
from tests.stateful.machine import (
    Client,
    LogMachine,
)
from tests.stateful.model_machine import NUMBERS, pick, prefer
from tests.stateful.world import Accident
from workers.log.types import (
    ProducerIdentity,
    TopicPartition,
)

INTERLOPERS = st.sampled_from(["nobody", "nobody", "write", "commit", "abort"])
"""What another client does between two statements that read."""
STARTS = ("nothing", "write", "write", "write twice", "prepare")
"""What follows a begin; the first of two writes may find the disk full."""


def has_identity(self: LogMachine) -> bool:
    return bool(self.identities())


def has_transactional(self: LogMachine) -> bool:
    return bool(self.transactional())


class TransactionRules(LogMachine):
    """The life of transactional producers."""

    def put_to_work(self, slot: int) -> None:
        super().put_to_work(slot)
        client = self.clients[slot]
        if client is not None:
            self.init(client, "abc"[slot], keep_prepared=True)

    def interlopers(self, victim: Client, other: Client) -> list[Callable[[], object]]:
        newest = [identity for owner, identity in self.transactional() if owner is victim][-1:]
        return super().interlopers(victim, other) + [
            partial(self.init, other, name, keep_prepared=keep_prepared)
            for name, producer in self.model.by_transactional_id.items()
            for keep_prepared in (True, False)
            if producer.number in {identity.producer_id for identity in newest}
        ]

    @precondition(lambda self: self.living())
    @rule(number=NUMBERS, name=st.sampled_from(["a", "b", "c", None]), keep_prepared=st.booleans())
    def take_identity(self, number: int, name: str | None, keep_prepared: bool) -> None:
        """A process takes a transactional id over, or gets an identity without one."""
        self.init(pick(self.living(), number), name, keep_prepared=keep_prepared)

    def init(self, client: Client, name: str | None, *, keep_prepared: bool) -> None:
        """Asks for an identity."""

        def happens(identity: ProducerIdentity | None) -> None:
            kept = self.model.init_producer(
                name, identity, self.clock.now_ns(), keep_prepared=keep_prepared
            )
            if identity is not None:
                client.identities.append(identity)
                if name is not None:
                    phase = "prepared" if kept else "ready"
                    client.locals[identity] = Local(client.incarnation, phase)

        self.act(
            "init",
            client,
            lambda log: log.init_producer(name, client.incarnation, keep_prepared=keep_prepared),
            set,
            happens,
        )

    @precondition(lambda self: self.is_any("ready"))
    @rule(number=NUMBERS, then=st.sampled_from(STARTS))
    def begin_one(self, number: int, then: str) -> None:
        """Opens a transaction in the client, and may go on to write in it and to prepare it."""
        client, identity = prefer(self.transactional("ready"), number)
        self.begin(client, identity)
        database = client.process.database
        if then == "write twice" and database is not None:
            database.order(Accident.FULL_DISK, number % 4 + 1)
            self.write(client, identity, number)
        if then != "nothing" and client in self.living():
            self.write(client, identity, number)
        if then == "prepare" and client in self.living():
            self.prepare(client, identity)

    def write(self, client: Client, identity: ProducerIdentity, number: int) -> None:
        """What a transaction of this machine begins with."""

    def begin(self, client: Client, identity: ProducerIdentity) -> None:
        """Begins, whatever the phase."""
        local = client.locals[identity]

        def happens(_: None) -> None:
            local.phase, local.memberships = "begun", {}
            local.incarnation = client.incarnation

        self.act(
            "begin",
            client,
            lambda log: log.begin_transaction(identity, client.incarnation),
            lambda: self.model.why_not_begin(local),
            happens,
        )

    @precondition(lambda self: self.is_any("begun"))
    @rule(number=NUMBERS)
    def prepare_one(self, number: int) -> None:
        """Phase one of two-phase commit."""
        self.prepare(*prefer(self.transactional("begun"), number))

    def prepare(self, client: Client, identity: ProducerIdentity) -> None:
        """Prepares, whatever the phase."""
        local = client.locals[identity]

        def happens(number_given: int | None) -> None:
            prepared = self.model.prepare(local, identity, self.clock.now_ns())
            self.model.learn_number(prepared, number_given)

        self.act(
            "prepare",
            client,
            lambda log: log.prepare_transaction(identity),
            lambda: self.model.why_not_prepare(local, identity),
            happens,
            identity,
        )

    @precondition(lambda self: self.is_any("begun", "prepared"))
    @rule(number=NUMBERS)
    def commit_one(self, number: int) -> None:
        """Ends a transaction that was begun or prepared."""
        client, identity = prefer(self.transactional("begun", "prepared"), number)
        self.end(client, identity, commits=True)

    @precondition(lambda self: self.is_any("begun", "prepared"))
    @rule(number=NUMBERS)
    def abort_one(self, number: int) -> None:
        """Ends a transaction that was begun or prepared."""
        client, identity = prefer(self.transactional("begun", "prepared"), number)
        self.end(client, identity, commits=False)

    @precondition(has_transactional)
    @rule(number=NUMBERS, verb=st.sampled_from(["begin", "prepare", "commit", "abort"]))
    def say_at_any_time(self, number: int, verb: str) -> None:
        """A verb in a phase or by an identity that it means nothing in."""
        client, identity = pick(self.transactional(), number)
        if verb == "begin":
            self.begin(client, identity)
        elif verb == "prepare":
            self.prepare(client, identity)
        else:
            self.end(client, identity, commits=verb == "commit")

    def end(self, client: Client, identity: ProducerIdentity, *, commits: bool) -> None:
        """Commits or aborts."""
        local, now_ns, model = client.locals[identity], self.clock.now_ns(), self.model
        if commits:
            self.act(
                "commit",
                client,
                lambda log: log.commit_transaction(identity),
                lambda: model.why_not_commit(local, identity),
                lambda _: model.commit(local, identity, now_ns),
                identity,
            )
        else:
            self.act(
                "abort",
                client,
                lambda log: log.abort_transaction(identity),
                lambda: model.why_not_abort(local, identity),
                lambda _: model.abort(local, identity, now_ns),
                identity,
            )

    def let_in(self, client: Client, place: TopicPartition, interloper: str) -> None:
        """Another client acts after the first statement that reads."""
        database = client.process.database
        others = [other for other in self.living() if other is not client]
        if database is None or not others or interloper == "nobody":
            return
        client.process.log.end_offsets(place)  # From here on it knows the partition's number.
        if interloper == "write":
            database.during_read = self.once_inside(partial(self.write_some, others[-1]))
            return
        undecided = [
            (other, identity)
            for other, identity in self.transactional("begun", "prepared")
            if other is not client
        ]
        if undecided:
            commits = interloper == "commit"
            end = partial(self.end, *undecided[-1], commits=commits)
            database.during_read = self.once_inside(end)

    def write_some(self, client: Client) -> None:
        """What another client writes outside transactions."""
