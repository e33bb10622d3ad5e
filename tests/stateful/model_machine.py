"""What every machine has in common: a verb is done for real and in the model, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from tests.stateful.group_model import Refusals
from tests.stateful.world import Accident, FullDisk, Killed, MortalDatabase
from workers.log.errors import LogError
from workers.two_phase import RowsLocked

T = TypeVar("T")
NUMBERS = st.integers(0, 11)
"""Chooses among what there is, whatever there is."""
DEATHS = st.sampled_from(["between verbs", "of all", *Accident, Accident.DEATH])
"""A client ends between two verbs, all of them do, or an accident is ordered to one."""


def pick(candidates: Sequence[T], number: int) -> T:
    """One of them; 0 is the last."""
    return candidates[-1 - number % len(candidates)]


def prefer(candidates: Sequence[T], number: int) -> T:
    """As `pick`, but every other time the last."""
    return pick(candidates, max(0, number - 6))


class ModelMachine(RuleBasedStateMachine):
    """Does verbs and compares their outcomes.

    Fields:
        tally: how often each verb had which outcome, over all runs of the class.
    """

    tally: ClassVar[Counter[str]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.tally = Counter()

    @invariant()
    def one_more_step(self) -> None:
        """Counts it."""
        self.tally["steps"] += 1

    def attempt(
        self,
        name: str,
        database: MortalDatabase | None,
        verb: Callable[[], T],
        refusals: Callable[[], Refusals],
        happens: Callable[[T | None], object],
    ) -> BaseException | None:
        """Does it for real, and in the model if nothing refuses it.

        Args:
            name: who does what, a comma between them.
            database: that the verb is done on, in one SQLite transaction at the most.
            refusals: the errors that the model allows now; none of them: it must succeed.
            happens: changes the model and checks the answer; None: nobody heard it.

        Returns: why it was not done or not heard of; None when it was.
        """
        begun = database.begun if database is not None else 0
        error = self._outcome(name, verb, refusals, happens)
        assert database is None or database.begun <= begun + 1, "it may come to half of it"
        return error

    def _outcome(
        self,
        name: str,
        verb: Callable[[], T],
        refusals: Callable[[], Refusals],
        happens: Callable[[T | None], object],
    ) -> BaseException | None:
        try:
            answer = verb()
        except Killed as killed:
            self._note(name, f"killed, committed: {killed.committed}")
            if killed.committed:
                assert not refusals(), f"committed, but the model refuses it: {refusals()}"
                happens(None)
            return killed
        except (LogError, RowsLocked) as error:
            self._note(name, type(error).__name__)
            if isinstance(error.__cause__, FullDisk) or type(error) in refusals():
                return error
            raise
        self._note(name, "done")
        assert not refusals(), f"answered {answer}, but the model refuses it: {refusals()}"
        happens(answer)
        return None

    def _note(self, name: str, outcome: str) -> None:
        note(f"# {name}: {outcome}")
        self.tally[f"{name.partition(', ')[2]}: {outcome}"] += 1
