"""The life of a log transaction, as one table. Pure.

    READY --begin--> BEGUN --append, send offsets--> BEGUN
    BEGUN --commit--> READY      BEGUN --abort--> READY
    BEGUN --prepare--> PREPARED  PREPARED --commit, abort--> READY
    any   --fence--> FENCED      (a newer epoch exists; nothing leads out)

A begin touches no storage: the transaction is written down with its first append or its first
offsets, as in Kafka (AddPartitionsToTxn). What is written is ONGOING until one SQLite transaction
makes it COMMITTED or ABORTED, together with everything that depends on it. A prepared transaction
takes part in two-phase commit: it can take nothing more, outlives its process, and holds the
offsets it is to commit until someone who knows the decision ends it.

Source: Kafka `TransactionManager.State`, KIP-98, KIP-939.
"""

from __future__ import annotations

from enum import Enum

from workers.log.errors import InvalidTransactionState, ProducerFenced


class TransactionState(Enum):
    """A transactional producer's state in its own process."""

    READY = "ready"
    BEGUN = "begun"
    PREPARED = "prepared"
    FENCED = "fenced"


class Verb(Enum):
    """What moves it."""

    BEGIN = "begin"
    APPEND = "append"
    SEND_OFFSETS = "send offsets"
    PREPARE = "prepare"
    COMMIT = "commit"
    ABORT = "abort"
    FENCE = "fence"


class Decision(Enum):
    """A written transaction's state in the log."""

    ONGOING = "ongoing"
    PREPARED = "prepared"
    COMMITTED = "committed"
    ABORTED = "aborted"


UNDECIDED = frozenset({Decision.ONGOING, Decision.PREPARED})


MOVES: dict[tuple[TransactionState, Verb], TransactionState] = {
    (TransactionState.READY, Verb.BEGIN): TransactionState.BEGUN,
    (TransactionState.BEGUN, Verb.APPEND): TransactionState.BEGUN,
    (TransactionState.BEGUN, Verb.SEND_OFFSETS): TransactionState.BEGUN,
    (TransactionState.BEGUN, Verb.COMMIT): TransactionState.READY,
    (TransactionState.BEGUN, Verb.ABORT): TransactionState.READY,
    (TransactionState.BEGUN, Verb.PREPARE): TransactionState.PREPARED,
    (TransactionState.PREPARED, Verb.COMMIT): TransactionState.READY,
    (TransactionState.PREPARED, Verb.ABORT): TransactionState.READY,
    (TransactionState.PREPARED, Verb.FENCE): TransactionState.FENCED,
    (TransactionState.READY, Verb.FENCE): TransactionState.FENCED,
    (TransactionState.BEGUN, Verb.FENCE): TransactionState.FENCED,
    (TransactionState.FENCED, Verb.FENCE): TransactionState.FENCED,
}


def move(state: TransactionState, verb: Verb) -> TransactionState:
    """The state after the verb.

    Raises:
        ProducerFenced: the producer was fenced before.
        InvalidTransactionState: the verb means nothing in this state.
    """
    after = MOVES.get((state, verb))
    if after is not None:
        return after
    if state is TransactionState.FENCED:
        raise ProducerFenced(f"cannot {verb.value}: a newer epoch of this producer exists")
    raise InvalidTransactionState(f"cannot {verb.value} while {state.value}")
