"""Rules for members of a group: who holds what, and who may still commit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from tests.stateful.group_model import GroupModel
from tests.stateful.machine import (
    GROUP,
    SESSION_NS,
    TOPIC,
    Client,
    LogMachine,
)
from tests.stateful.model_machine import NUMBERS, pick, prefer
from workers.log.types import Generation, Membership, Offset, TopicPartition

SLOTS = st.sampled_from([0, 1, 2, 0, 1, -1, 3])
SUBSETS = st.sampled_from(["all", "all", "first", "others", "foreign"])


def has_membership(self: LogMachine) -> bool:
    return bool(members(self))


def members(self: LogMachine) -> list[tuple[Client, Membership]]:
    """All memberships that living clients remember, of earlier generations too; newest last."""
    known = [(c, membership) for c in self.living() for membership in c.memberships]
    return sorted(known, key=lambda pair: _fresh(self, pair[1]))


def memberships(self: LogMachine, client: Client) -> list[Membership]:
    """Those that the client remembers; the newest last."""
    return [membership for owner, membership in members(self) if owner is client]


def _fresh(self: LogMachine, membership: Membership) -> int:
    group = self.model.groups[GROUP]
    alive = not group.why_not_member(membership)
    return alive + (alive and membership.generation == group.generation)


class GroupRules(LogMachine):
    """Members join, are silent, beat, give back, leave and commit.

    Fields:
        slots: of the group.
    """

    slots = 3
    partitions = 5

    @property
    def group(self) -> GroupModel:
        """The model's group."""
        return self.model.groups[GROUP]

    def prepare_log(self) -> None:
        super().prepare_log()
        self.reader.log.create_group(GROUP, self.slots, self.partitions, SESSION_NS)
        now_ns = self.clock.now_ns()
        self.model.groups[GROUP] = GroupModel(self.slots, self.partitions, SESSION_NS, now_ns)

    def check(self, client: Client, slot: int, answer: Membership | None) -> None:
        """The member heard what it holds, and remembers it."""
        if answer is None:
            return
        assert answer.instance_id == slot
        assert answer.member_id == self.group.slots[slot].member_id
        assert answer.generation == self.group.generation
        assert answer.partitions == self.group.held_by(slot)
        if answer not in client.memberships:
            client.memberships.append(answer)

    def put_to_work(self, slot: int) -> None:
        super().put_to_work(slot)
        client = self.clients[slot]
        if client is not None:
            self.take_place(client, slot % self.slots)

    def interlopers(self, victim: Client, other: Client) -> list[Callable[[], object]]:
        choices = super().interlopers(victim, other)
        for membership in memberships(self, victim)[-1:]:
            choices.append(partial(self.take_place, other, membership.instance_id))
        for membership in memberships(self, other)[-1:]:
            choices.append(partial(self.leave, other, membership))
            choices.append(partial(self.release, other, membership, "all"))
        return choices

    @precondition(lambda self: self.living())
    @rule(number=NUMBERS, slot=SLOTS)
    def join(self, number: int, slot: int) -> None:
        """Takes a slot's place, whoever has it."""
        self.take_place(pick(self.living(), number), slot)

    def take_place(self, client: Client, slot: int) -> None:
        """Joins."""
        now_ns = self.clock.now_ns()

        def happens(answer: Membership | None) -> None:
            member_id = answer.member_id if answer is not None else None
            self.group.join(slot, client.incarnation, now_ns, member_id)
            self.check(client, slot, answer)

        self.act(
            "join",
            client,
            lambda log: log.join_group(GROUP, slot, client.incarnation),
            lambda: self.group.why_not_slot(slot),
            happens,
        )

    @precondition(has_membership)
    @rule(number=NUMBERS)
    def beat(self, number: int) -> None:
        """Says that it lives; the silent are expired."""
        self.say_alive(*prefer(members(self), number))

    def say_alive(self, client: Client, who: Membership) -> None:
        """Sends a heartbeat."""
        now_ns = self.clock.now_ns()

        def happens(answer: Membership | None) -> None:
            self.group.beat(who.instance_id, now_ns)
            self.check(client, who.instance_id, answer)

        self.act(
            "beat",
            client,
            lambda log: log.heartbeat(GROUP, who),
            lambda: self.group.why_not_member(who),
            happens,
        )

    @precondition(has_membership)
    @rule(number=NUMBERS, which=SUBSETS | st.just("leave"))
    def give_up(self, number: int, which: str) -> None:
        """Gives back what is asked for, or what is not, or leaves altogether."""
        client, who = prefer(members(self), number)
        if which == "leave":
            self.leave(client, who)
        else:
            self.release(client, who, which)

    def release(self, client: Client, who: Membership, which: str) -> None:
        """Gives partitions back."""
        asked = self.group.asked_back(who.instance_id)
        partitions = asked or self.subset(who, which)

        def happens(answer: Membership | None) -> None:
            self.group.release(partitions)
            self.check(client, who.instance_id, answer)

        self.act(
            "release asked" if asked else f"release {which}",
            client,
            lambda log: log.release_partitions(GROUP, who, partitions),
            lambda: self.group.why_not_release(who, partitions),
            happens,
        )

    def leave(self, client: Client, who: Membership) -> None:
        """Ends the membership in good order."""
        self.act(
            "leave",
            client,
            lambda log: log.leave_group(GROUP, who),
            lambda: self.group.why_not_member(who),
            lambda _: self.group.leave(who.instance_id),
        )

    @precondition(has_membership)
    @rule(number=NUMBERS, which=SUBSETS, offset=st.integers(-1, 9).map(Offset))
    def commit_as_member(self, number: int, which: str, offset: Offset) -> None:
        """Offsets of partitions that the member holds, or does not."""
        client, who = prefer(members(self), number)
        offsets = self.offsets(who, which, offset)
        if not offsets:
            return
        now_ns = self.clock.now_ns()
        self.act(
            f"commit {which} as member",
            client,
            lambda log: log.commit_offsets(GROUP, offsets, client.incarnation, who),
            lambda: self.model.why_not_offsets(GROUP, offsets, who),
            lambda _: self.model.commit_offsets(GROUP, offsets, client.incarnation, now_ns),
        )

    @precondition(lambda self: self.living())
    @rule(number=NUMBERS, mistake=st.sampled_from(["group", "slot", "id", "create"]))
    def mistake(self, number: int, mistake: str) -> None:
        """A group or a slot that there is not, an id never given out, a group made twice."""
        client = pick(self.living(), number)
        if mistake == "create":
            self._make_group_again(client)
            return
        group = "none" if mistake == "group" else GROUP
        slot = -1 if mistake == "slot" else number % self.slots
        stranger = Membership(slot, 99, Generation(self.group.generation), (0,))
        offsets = {TopicPartition(TOPIC, 0): Offset(5)}
        self.act(
            "commit as a stranger",
            client,
            lambda log: log.commit_offsets(group, offsets, client.incarnation, stranger),
            lambda: self.model.why_not_offsets(group, offsets, stranger),
            lambda _: None,
        )

    def _make_group_again(self, client: Client) -> None:
        self.act(
            "create group again",
            client,
            lambda log: log.create_group(GROUP, 1, 2, 7),
            set,
            lambda _: None,
        )

    def subset(self, who: Membership, which: str) -> tuple[int, ...]:
        """Some of the partitions that the member was told it holds, or others."""
        if which == "first":
            return who.partitions[:1]
        if which == "others":
            return self.group.held_by(who.instance_id)
        if which == "foreign":
            return tuple(p for p in range(self.partitions) if p not in who.partitions)[:1]
        return who.partitions

    def offsets(self, who: Membership, which: str, offset: Offset) -> dict[TopicPartition, Offset]:
        """The same offset for each of them."""
        return {TopicPartition(TOPIC, p): offset for p in self.subset(who, which)}

    @invariant()
    def what_is_asked_back_is_as_in_the_model(self) -> None:
        """Of every slot, whoever asks."""
        for slot in range(self.slots):
            anyone = Membership(slot, 0, Generation(0), ())
            asked = self.reader.log.partitions_asked_back(GROUP, anyone)
            assert asked == self.group.asked_back(slot)
