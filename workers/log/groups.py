"""Consumer groups with static members: who owns which partition, and who is fenced. Pure.

Every slot is known when the group is made, and every partition has a home slot (partition modulo
slots). A member that restarts takes its own partitions at once, whatever the generation, because
its slot's name is static; its earlier process is fenced by a new member id. A member that is silent
for the session timeout is expired by another member's heartbeat: its partitions move, and the
generation counts up. When it returns, its partitions are asked back from whoever holds them, and
move once the holder has committed and released them, so that a handover without a fault repeats
nothing.

Source: KIP-345 (static membership), KIP-429 (incremental cooperative rebalancing), Kafka
`GroupMetadata` (generation, fencing).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from workers.log.errors import MemberFenced, StaleGeneration, UnknownGroup
from workers.log.types import Generation, IncarnationId, Membership


@dataclass(frozen=True, slots=True)
class Member:
    """A slot of the group.

    Fields:
        member_id: of its newest process; 0 before the first joined.
        seen_ns: its last join or heartbeat, monotonic.
        present: False once expired or left.
        incarnation: the worker process that joined last; 0 before the first.
    """

    member_id: int
    seen_ns: int
    present: bool
    incarnation: IncarnationId


@dataclass(frozen=True, slots=True)
class Group:
    """A group's whole state.

    Fields:
        generation: counts changes of ownership, from 1.
        session_timeout_ns: silence after which a member may be expired.
        members: by slot.
        owners: by partition; the slot that owns it, or None when nobody is there to.
    """

    generation: Generation
    session_timeout_ns: int
    members: tuple[Member, ...]
    owners: tuple[int | None, ...]

    def home(self, partition: int) -> int:
        """The slot that the partition belongs to when every slot is present."""
        return partition % len(self.members)

    def owned(self, instance_id: int) -> tuple[int, ...]:
        """The slot's partitions, ascending."""
        return tuple(p for p, owner in enumerate(self.owners) if owner == instance_id)


def new_group(slots: int, partitions: int, session_timeout_ns: int, now_ns: int) -> Group:
    """A group in which every slot is expected and owns its home partitions."""
    members = tuple(Member(0, now_ns, True, IncarnationId(0)) for _ in range(slots))
    owners = tuple(p % slots for p in range(partitions))
    return Group(Generation(1), session_timeout_ns, members, owners)


def join(group: Group, instance_id: int, incarnation: IncarnationId, now_ns: int) -> Group:
    """The slot's new process takes its place; earlier ones are fenced.

    Raises:
        UnknownGroup: the group has no such slot.
    """
    old = _member(group, instance_id)
    member = Member(old.member_id + 1, now_ns, True, incarnation)
    group = _with_member(group, instance_id, member)
    return _give_free_partitions_home(group)


def heartbeat(group: Group, membership: Membership, now_ns: int) -> Group:
    """The member is alive; members silent for too long are expired and their partitions move.

    Raises:
        MemberFenced: the member was replaced or expired and must join again.
    """
    check_member(group, membership)
    member = replace(group.members[membership.instance_id], seen_ns=now_ns)
    return _expire(_with_member(group, membership.instance_id, member), now_ns)


def expired(before: Group, after: Group) -> list[int]:
    """The slots whose members were present before a heartbeat of another and not after it."""
    pairs = enumerate(zip(before.members, after.members, strict=True))
    return [slot for slot, (was, now) in pairs if was.present and not now.present]


def asked_back(group: Group, instance_id: int) -> tuple[int, ...]:
    """Partitions that the slot holds for others which are present again."""
    return tuple(
        p
        for p in group.owned(instance_id)
        if group.home(p) != instance_id and group.members[group.home(p)].present
    )


def release(group: Group, membership: Membership, partitions: tuple[int, ...]) -> Group:
    """The member gives partitions back, having committed what it did with them.

    Raises:
        MemberFenced, StaleGeneration: it does not own them any more.
    """
    check_member(group, membership)
    check_ownership(group, membership, partitions)
    owners = tuple(None if p in partitions else owner for p, owner in enumerate(group.owners))
    return _give_free_partitions_home(_with_owners(group, owners))


def leave(group: Group, membership: Membership) -> Group:
    """The member ends in good order: it keeps its home partitions, as a static member does, and
    gives up those it held for others.

    Raises:
        MemberFenced: it was replaced or expired.
    """
    check_member(group, membership)
    instance_id = membership.instance_id
    gone = replace(group.members[instance_id], present=False)
    group = _with_member(group, instance_id, gone)
    owners = tuple(
        None if owner == instance_id and group.home(p) != instance_id else owner
        for p, owner in enumerate(group.owners)
    )
    return _give_free_partitions_home(_with_owners(group, owners))


def membership_of(group: Group, instance_id: int) -> Membership:
    """What the slot's newest process holds now."""
    member = _member(group, instance_id)
    return Membership(instance_id, member.member_id, group.generation, group.owned(instance_id))


def check_member(group: Group, membership: Membership) -> None:
    """Raises MemberFenced unless this is the slot's newest process and it is not expired."""
    member = _member(group, membership.instance_id)
    if not member.present:
        raise MemberFenced(f"consumer {membership.instance_id} was expired")
    if member.member_id != membership.member_id:
        raise MemberFenced(f"consumer {membership.instance_id} was replaced by a newer process")


def check_commit(group: Group, membership: Membership, partitions: tuple[int, ...]) -> None:
    """Raises MemberFenced or StaleGeneration unless the member may commit these partitions."""
    check_member(group, membership)
    if membership.generation != group.generation:
        raise StaleGeneration(
            f"generation {membership.generation} was replaced by {group.generation}"
        )
    check_ownership(group, membership, partitions)


def check_ownership(group: Group, membership: Membership, partitions: tuple[int, ...]) -> None:
    """Raises StaleGeneration unless the member owns all of the partitions."""
    foreign = [p for p in partitions if group.owners[p] != membership.instance_id]
    if foreign:
        raise StaleGeneration(f"partitions {foreign} belong to another member now")


def _member(group: Group, instance_id: int) -> Member:
    if not 0 <= instance_id < len(group.members):
        raise UnknownGroup(f"the group has no consumer {instance_id}")
    return group.members[instance_id]


def _with_member(group: Group, instance_id: int, member: Member) -> Group:
    members = list(group.members)
    members[instance_id] = member
    return replace(group, members=tuple(members))


def _with_owners(group: Group, owners: tuple[int | None, ...]) -> Group:
    if owners == group.owners:
        return group
    return replace(group, owners=owners, generation=Generation(group.generation + 1))


def _give_free_partitions_home(group: Group) -> Group:
    owners = tuple(
        group.home(p) if owner is None and group.members[group.home(p)].present else owner
        for p, owner in enumerate(group.owners)
    )
    return _with_owners(group, owners)


def _expire(group: Group, now_ns: int) -> Group:
    silent = {
        slot
        for slot, member in enumerate(group.members)
        if member.present and now_ns - member.seen_ns > group.session_timeout_ns
    }
    if not silent:
        return group
    for slot in silent:
        group = _with_member(group, slot, replace(group.members[slot], present=False))
    return _move_partitions(group, silent)


def _move_partitions(group: Group, silent: set[int]) -> Group:
    present = [slot for slot, member in enumerate(group.members) if member.present]
    owners = list(group.owners)
    orphans = [p for p, owner in enumerate(owners) if owner in silent]
    for turn, partition in enumerate(orphans):
        owners[partition] = present[turn % len(present)] if present else None
    return _with_owners(group, tuple(owners))
