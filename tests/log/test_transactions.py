"""The life of a log transaction: legal moves are in the table, all others raise."""

from __future__ import annotations

import itertools

import pytest

from workers.log.errors import InvalidTransactionState, ProducerFenced
from workers.log.transactions import MOVES, TransactionState, Verb, move

ILLEGAL = sorted(set(itertools.product(TransactionState, Verb)) - set(MOVES), key=str)


@pytest.mark.parametrize(("state", "verb"), ILLEGAL)
def test_an_illegal_move_raises(state: TransactionState, verb: Verb) -> None:
    expected = ProducerFenced if state is TransactionState.FENCED else InvalidTransactionState
    with pytest.raises(expected, match=verb.value):
        move(state, verb)


def test_nothing_leads_out_of_fenced() -> None:
    reached = {after for (state, _), after in MOVES.items() if state is TransactionState.FENCED}
    assert reached == {TransactionState.FENCED}


def test_a_transaction_begins_and_ends() -> None:
    state = TransactionState.READY
    for verb in (Verb.BEGIN, Verb.APPEND, Verb.SEND_OFFSETS, Verb.COMMIT, Verb.BEGIN, Verb.ABORT):
        state = move(state, verb)
    assert state is TransactionState.READY
