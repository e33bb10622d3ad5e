"""Idempotent producers: which batch is new, which is a repetition, which is refused. Pure.

Each batch of an idempotent producer carries its first number in that partition. The log remembers
the last few batches of each producer in each partition; a batch it remembers was stored before and
is answered with its offset, a batch that follows the last one is new, anything else has a gap.

Source: Kafka `ProducerAppendInfo.checkSequence`, `ProducerStateEntry` (NUM_BATCHES_TO_RETAIN = 5),
KIP-98, KIP-360.
"""

from __future__ import annotations

from dataclasses import dataclass

from workers.log.errors import OutOfOrderSequence, ProducerFenced
from workers.log.types import Offset, ProducerEpoch, ProducerStamp, Sequence

BATCHES_REMEMBERED = 5


@dataclass(frozen=True, slots=True)
class RememberedBatch:
    """A stored batch: its first number, the number after its last, and where it is."""

    first: Sequence
    next: Sequence
    base_offset: Offset


@dataclass(frozen=True, slots=True)
class ProducerPartitionState:
    """What the log remembers of one producer in one partition.

    Fields:
        epoch: of the batches remembered.
        recent: oldest first, at most BATCHES_REMEMBERED. Invariant: contiguous numbers.
    """

    epoch: ProducerEpoch
    recent: tuple[RememberedBatch, ...] = ()

    @property
    def next_sequence(self) -> Sequence:
        """The number that a new batch must start with."""
        return self.recent[-1].next if self.recent else Sequence(0)


def check_epoch(current: ProducerEpoch, claimed: ProducerEpoch) -> None:
    """Raises ProducerFenced unless the epoch is the newest one given out."""
    if claimed != current:
        raise ProducerFenced(f"producer epoch {claimed} was replaced by {current}")


def find_duplicate(
    state: ProducerPartitionState | None, stamp: ProducerStamp, count: int
) -> Offset | None:
    """The offset of the same batch if it is stored already, else None."""
    if state is None or state.epoch != stamp.identity.epoch:
        return None
    wanted = (stamp.base_sequence, Sequence(stamp.base_sequence + count))
    for batch in state.recent:
        if (batch.first, batch.next) == wanted:
            return batch.base_offset
    return None


def accept(
    state: ProducerPartitionState | None, stamp: ProducerStamp, count: int, base_offset: Offset
) -> ProducerPartitionState:
    """The state after a new batch is stored at `base_offset`.

    Raises:
        OutOfOrderSequence: the batch does not start where the last one ended (0 in a new epoch).
    """
    epoch = stamp.identity.epoch
    same_epoch = state if state is not None and state.epoch == epoch else None
    before = same_epoch or ProducerPartitionState(epoch)
    if stamp.base_sequence != before.next_sequence:
        raise OutOfOrderSequence(
            f"batch starts at {stamp.base_sequence}, expected {before.next_sequence}"
        )
    batch = RememberedBatch(stamp.base_sequence, Sequence(stamp.base_sequence + count), base_offset)
    return ProducerPartitionState(epoch, (*before.recent, batch)[-BATCHES_REMEMBERED:])
