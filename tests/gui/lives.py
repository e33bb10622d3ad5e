"""Lives of events written by hand, and a look-up that answers with them."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from bench_gui.bench.lifeline.model import (
    EventId,
    Fate,
    FaultEvents,
    LifeEvent,
    LifeKind,
    Lifeline,
)
from bench_gui.bench.records.stored_processes import Worker
from tests.values import anomaly, fault

PRODUCER = Worker(1, "producer", 0, 1, 4700)
FIRST = Worker(2, "consumer", 1, 1, 4711)
SECOND = Worker(5, "consumer", 1, 2, 4790)
CAUSE = 12

DUPLICATE = Lifeline(
    run_id="run-1",
    lane="at-least-once",
    event=EventId(0, 123),
    entries=(
        LifeEvent(1.0, LifeKind.DUE, None, "", None, ""),
        LifeEvent(1.002, LifeKind.APPENDED, PRODUCER, "clicks 2 @ 41", None, ""),
        LifeEvent(1.002, LifeKind.POSITION_PASSED, PRODUCER, "", None, "past events 100 to 130"),
        LifeEvent(1.003, LifeKind.FETCHED, FIRST, "clicks 2 @ 41", None, ""),
        LifeEvent(1.0035, LifeKind.EFFECT, FIRST, "clicks 2 @ 41", None, "applied"),
        LifeEvent(1.05, LifeKind.ENDED, FIRST, "", CAUSE, "was ended by fault 12 (kill)"),
        LifeEvent(1.1, LifeKind.FETCHED, SECOND, "clicks 2 @ 41", None, ""),
        LifeEvent(1.1005, LifeKind.EFFECT_AGAIN, SECOND, "clicks 2 @ 41", None, "once more"),
        LifeEvent(1.2, LifeKind.OFFSETS_COMMITTED, SECOND, "clicks 2", None, "from 30 to 60"),
    ),
    fate=Fate.DUPLICATE,
    fault_ids=(CAUSE,),
    sentence="applied 2 times: consumer 1 had delivered it and was ended by fault 12 (kill)",
)

HARM = FaultEvents(
    fault(fault_id=CAUSE),
    (
        anomaly(fault_id=CAUSE, first_sequence=123, last_sequence=130, count=8),
        anomaly(fault_id=CAUSE, first_sequence=140, last_sequence=140, count=1),
    ),
    EventId(0, 123),
)


class PlannedLives:
    """Answers every question, or raises what a test plans.

    Fields:
        asked: what was asked for, in order.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.problem: Exception | None = None
        self._held: tuple[object, ...] = ()
        self._free = Event()
        self.life = DUPLICATE
        self.harm = HARM

    def hold(self, *event: object) -> None:
        """The answer about this event is kept back."""
        self._held = event

    def let_go(self) -> None:
        """It may come now."""
        self._free.set()

    def life_of(self, run_dir: Path, lane: str, slot: int, sequence: int) -> Lifeline:
        del run_dir
        self.asked.append((lane, slot, sequence))
        if (lane, slot, sequence) == self._held:
            self._free.wait(10)
        if self.problem is not None:
            raise self.problem
        life = self.life
        return Lifeline(
            life.run_id, lane, EventId(slot, sequence), life.entries, life.fate,
            life.fault_ids, life.sentence, life.notes,
        )  # fmt: skip

    def harm_of(self, run_dir: Path, fault_id: int) -> FaultEvents:
        del run_dir
        self.asked.append((fault_id,))
        if self.problem is not None:
            raise self.problem
        return self.harm
