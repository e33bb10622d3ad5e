"""One worker slot: its current process, how that process ended, and when the next one starts.

Knows processes, flight pages and orders pages; decides nothing about when to kill or to pause.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from bench_gui.bench.snapshot import WorkerState
from workers.config import LaneConfig, WorkerConfig
from workers.entry import (
    EXIT_ENVIRONMENT,
    EXIT_FENCED,
    EXIT_FINISHED,
    problem_path,
    run_worker,
)
from workers.failpoints import Failpoint, OrdersPage
from workers.lanes import Role
from workers.log.types import IncarnationId
from workers.processes import Child, start_from_fork_server
from workers.recorder import Cost, FlightPage, StepEntry, create_page
from workers.steps import Step

STARTING_STEPS = frozenset(
    {Step.STARTED, Step.PRODUCER_INITIALISED, Step.SINK_RESOLVED, Step.IN_DOUBT_RESOLVED}
)
"""A process whose last step is one of these has not found its place yet."""


class Outcome(Enum):
    """How a worker process ended, in a word."""

    KILLED = "killed"
    FINISHED = "finished"
    FENCED = "fenced"
    ENVIRONMENT = "environment"
    LOST = "lost"
    BUG = "bug"


@dataclass(frozen=True, slots=True)
class WorkerEnd:
    """The end of one incarnation.

    Fields:
        ended_ns: when its end was seen, monotonic.
        died_ns: when it was killed; `ended_ns` when no kill of ours hit it.
        fault_id: of the kill that hit it; None when none did.
        failpoint: at which it killed itself, as it was ordered to; None when it did not.
        last: the last step it recorded.
        acked_sequence: exclusive end of the appends acknowledged to it; None without one.
        problem: what it wrote about its own failure, or why nobody knows how it ended; "" without
            either.
    """

    incarnation: IncarnationId
    generation: int
    pid: int
    ended_ns: int
    died_ns: int
    first_step_ns: int | None
    fault_id: int | None
    failpoint: Failpoint | None
    outcome: Outcome
    last: StepEntry
    acked_sequence: int | None
    problem: str

    def in_words(self) -> str:
        """How it ended, for run.db."""
        if self.problem:
            return f"{self.outcome.value}: {self.problem.strip().splitlines()[-1]}"
        return self.outcome.value


class Slot:
    """A stable worker position of one lane; its processes come and go.

    Fields:
        generation: number of the current or last incarnation, from 1; 0 before the first.
        incarnation: the lane-unique number of the same; 0 before the first.
        restart_at_ns: when an empty slot may be filled again; None while it need not be.
        down_until_ns: it stays empty until then in any case; 0 for no such time.
        down_ns: how long, from the death on, an outage that goes on keeps it empty.
        acks_to_lose: ordered, and not known to have been lost yet.
        paused: the process was stopped and stands still.
        finished: the slot's work is done and it stays empty.
    """

    def __init__(self, lane: LaneConfig, role: Role, number: int) -> None:
        self.lane = lane
        self.role = role
        self.number = number
        self.generation = 0
        self.incarnation = IncarnationId(0)
        self.restart_at_ns: int | None = None
        self.down_until_ns = 0
        self.down_ns = 0
        self.acks_to_lose = 0
        self.paused = False
        self.finished = False
        self._child: Child | None = None
        self._page: FlightPage | None = None
        self._orders: OrdersPage | None = None
        self._ordered: list[Failpoint] = []
        self._fault: tuple[int, int] | None = None
        self._emptied: list[IncarnationId] = []

    @property
    def child(self) -> Child | None:
        """The live process, or one whose end was not yet dealt with."""
        return self._child

    def start(self, incarnation: IncarnationId, failpoints: Sequence[Failpoint] = ()) -> Child:
        """Starts the slot's next process; the slot must be empty.

        Args:
            failpoints: at which the process is to kill itself.
        """
        assert self._child is None
        path = self.lane.files.flight(incarnation)
        create_page(path)
        self._page = FlightPage(path)
        self._orders = OrdersPage(self.lane.files.orders(incarnation))
        self._ordered = []
        self.incarnation = incarnation
        self.generation += 1
        self.restart_at_ns = None
        for failpoint in failpoints:
            self.order(failpoint)
        for _ in range(self.acks_to_lose):
            self._orders.lose_ack()
        config = WorkerConfig(self.lane, self.role, self.number, incarnation)
        self._child = start_from_fork_server(run_worker, config)
        return self._child

    @property
    def due_ns(self) -> int | None:
        """When the empty slot is to be filled; None while it need not be."""
        if self.restart_at_ns is None:
            return None
        return max(self.restart_at_ns, self.down_until_ns)

    # orders

    def order(self, failpoint: Failpoint) -> None:
        """Orders the current process to kill itself there; nothing when it knows, or has died."""
        if self._orders is None or failpoint in self._ordered:
            return
        if self._orders.order(failpoint):
            self._ordered.append(failpoint)

    def lose_ack(self) -> None:
        """Orders the next acknowledgement to be lost, by this process or the next one."""
        self.acks_to_lose += 1
        if self._orders is not None:
            self._orders.lose_ack()

    def ack_lost(self) -> None:
        """One that was ordered to be lost was."""
        self.acks_to_lose = max(0, self.acks_to_lose - 1)

    def clear_orders(self) -> None:
        """Takes every order of the current process back, for good."""
        self.acks_to_lose = 0
        if self._orders is not None:
            self._orders.clear()

    # stopping and ending

    def stop(self) -> None:
        """SIGSTOP; see `stopped`."""
        if self._child is not None:
            self._child.pause()

    @property
    def stopped(self) -> bool:
        """Whether the process stands still, as far as the system says."""
        return self._child is not None and self._child.stopped

    def go_on(self) -> None:
        """SIGCONT."""
        self.paused = False
        if self._child is not None:
            self._child.resume()

    @property
    def works(self) -> bool:
        """Whether the current process is through with its start."""
        return self._page is not None and self._page.first_step_ns is not None

    @property
    def locks(self) -> int:
        """SQLite write locks that the process wants or holds."""
        return self._page.locks if self._page is not None else 0

    @property
    def cost(self) -> Cost:
        """What the current process has used; nothing while the slot is empty."""
        return self._page.cost if self._page is not None else Cost()

    @property
    def last(self) -> StepEntry | None:
        """The current process's last step; None while the slot is empty."""
        return self._page.last() if self._page is not None else None

    def kill(self, fault_id: int | None) -> None:
        """SIGKILL now; the end is dealt with when the sentinel is ready."""
        if self._child is None:
            return
        if fault_id is not None and self._fault is None:
            self._fault = (fault_id, time.monotonic_ns())
        self._child.kill()

    @property
    def fault_id(self) -> int | None:
        """The fault aimed at the current process; None when there is none."""
        return self._fault[0] if self._fault is not None else None

    @property
    def vulnerable(self) -> bool:
        """Whether a kill would hit a process that no kill has hit yet."""
        return self._child is not None and self._fault is None and self._child.exit_code is None

    @property
    def has_ended(self) -> bool:
        """Whether there is an end to be taken."""
        return self._child is not None and self._child.exit_code is not None

    def take_end(self) -> WorkerEnd:
        """Deals with the process, which has ended or was killed: the slot is empty after."""
        assert self._child is not None
        assert self._page is not None
        assert self._orders is not None
        self._child.reap()
        end = self._describe(self._child, self._page)
        for held in (self._child, self._page, self._orders):
            held.close()
        self._emptied.append(self.incarnation)
        self._child = self._page = self._orders = self._fault = None
        self.paused = False
        self.finished = end.outcome is Outcome.FINISHED
        return end

    def tidy(self) -> None:
        """Removes the pages of processes that have ended, which is not done while one is missed.

        As far as the disk lets it: what is left goes with the lane's directory.
        """
        emptied, self._emptied = self._emptied, []
        for incarnation in emptied:
            flight = self.lane.files.flight(incarnation)
            for page in (flight, problem_path(flight), self.lane.files.orders(incarnation)):
                with suppress(OSError):
                    page.unlink(missing_ok=True)

    def _describe(self, child: Child, page: FlightPage) -> WorkerEnd:
        outcome = _outcome(child)
        killed = outcome is Outcome.KILLED
        ordered = self._ordered[page.failpoint - 1] if killed and page.failpoint else None
        last = page.last()
        ended_ns = died_ns = time.monotonic_ns()
        fault_id = None
        if ordered is not None:
            died_ns = last.time_ns
        elif killed and self._fault is not None:
            fault_id, died_ns = self._fault
        return WorkerEnd(
            incarnation=self.incarnation,
            generation=self.generation,
            pid=child.pid,
            ended_ns=ended_ns,
            died_ns=died_ns,
            first_step_ns=page.first_step_ns,
            fault_id=fault_id,
            failpoint=ordered,
            outcome=outcome,
            last=last,
            acked_sequence=page.acked_sequence,
            problem=child.loss or self._problem(),
        )

    def _problem(self) -> str:
        path = problem_path(self.lane.files.flight(self.incarnation))
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def ready(self) -> bool:
        """Whether the current process has found its place and would work if there were work."""
        return self._page is not None and self._page.last().after not in STARTING_STEPS

    @property
    def first_step_ns(self) -> int | None:
        """When the current process first did its work; None before that or while empty."""
        return self._page.first_step_ns if self._page is not None else None

    def state(self) -> WorkerState:
        """The slot now, for the watchers."""
        step = self._page.last().after.value if self._page is not None else ""
        pid = self._child.pid if self._child is not None else None
        return WorkerState(self.role.value, self.number, self.generation, pid, self._word(), step)

    def _word(self) -> str:
        if self._child is None:
            return "finished" if self.finished else "down"
        return "paused" if self.paused else "up"


def _outcome(child: Child) -> Outcome:
    if child.killed:
        return Outcome.KILLED
    if child.loss:
        return Outcome.LOST
    outcomes = {
        EXIT_FINISHED: Outcome.FINISHED,
        EXIT_FENCED: Outcome.FENCED,
        EXIT_ENVIRONMENT: Outcome.ENVIRONMENT,
    }
    return outcomes.get(child.exit_code if child.exit_code is not None else -1, Outcome.BUG)
