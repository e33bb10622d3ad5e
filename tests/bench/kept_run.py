"""A run's directory with the lanes' databases kept: a `LaneWorld` below a real run.db."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench_gui.bench.incarnations import FaultMark, IncarnationEnd, MarkKind
from bench_gui.bench.plan import lane_directory
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.snapshot import AnomalyRange, FaultReport, RunState
from tests.bench.lane_history import History
from tests.bench.lane_world import START_NS, LaneWorld
from tests.values import fault, summary

STARTED_AT = "2024-01-01T00:00:00+00:00"
NO_PROCESS = 2**22 + 1
"""A pid that no system gives."""


class KeptRun:
    """One lane of a run, its processes and its faults."""

    def __init__(
        self,
        run_dir: Path,
        slug: str,
        *,
        producers: int = 1,
        partitions: int = 2,
        events: int = 20,
        open_loop: bool = True,
        bench_pid: int = NO_PROCESS,
    ) -> None:
        self.run_dir, self.slug = run_dir, slug
        directory = lane_directory(run_dir, slug)
        directory.mkdir(parents=True)
        self.world = LaneWorld(
            directory,
            slug,
            producers=producers,
            partitions=partitions,
            events=events,
            open_loop=open_loop,
        )
        self.store = RunStore.create(
            run_dir,
            self.world.settings,
            run_id="run-1",
            start_ns=START_NS,
            started_at_iso=STARTED_AT,
            command_line="python main.py run",
            bench_pid=bench_pid,
        )
        self.store.set_state(RunState.RUNNING, sources_end_ns=self.world.sources_end_ns)
        self.anomalies: list[AnomalyRange] = []
        self._generations: Counter[tuple[str, int]] = Counter()
        self._slots: dict[int, tuple[str, int]] = {}

    def close(self) -> None:
        self.world.close()
        self.store.close()

    # processes

    def started(self, incarnation: int, role: str, slot: int = 0) -> int:
        """A worker process, pid 1000 + its incarnation. Returns the incarnation."""
        self._slots[incarnation] = (role, slot)
        self._generations[role, slot] += 1
        pid, now_ns = 1000 + incarnation, self.world.tick()
        generation = self._generations[role, slot]
        self.store.start_incarnation(self.slug, incarnation, role, slot, generation, pid, now_ns)
        return incarnation

    def ended(
        self,
        incarnation: int,
        *,
        fault_id: int | None = None,
        acked: int | None = None,
        steps: tuple[str, str] = ("appended", "acked"),
    ) -> None:
        """It was killed by a fault between two steps, or finished by itself."""
        role, slot = self._slots[incarnation]
        if fault_id is not None:
            generation = self._generations[role, slot]
            self.fault(fault_id, role=role, slot=slot, incarnation=generation,
                       after_step=steps[0], before_step=steps[1])  # fmt: skip
        self.world.end(incarnation, role, slot, fault=fault_id, acked=acked)
        self.wrote_end(self.world.ended[incarnation])

    def wrote_end(self, end: IncarnationEnd) -> None:
        self.store.end_incarnation(
            self.slug,
            end.incarnation,
            first_step_ns=None,
            ended_ns=end.ended_ns,
            fault_id=end.fault_id,
            acked_sequence=end.acked_sequence,
            exit="killed" if end.fault_id is not None else "finished",
        )

    def fault(self, fault_id: int, **changes: object) -> None:
        """A fault report; its time is now."""
        t_s = (self.world.now_ns - START_NS) / 1e9
        self.store.put_faults(
            [fault(**{"fault_id": fault_id, "lane": self.slug, "t_s": t_s, **changes})]
        )

    def mark(
        self, kind: MarkKind, incarnation: int, fault_id: int, *, events: range | None = None,
        at_ns: int | None = None,
    ) -> None:  # fmt: skip
        """A fault that hit a living process; `events` of its own slot."""
        slot = -1 if events is None else self._slots[incarnation][1]
        first, following = (-1, -1) if events is None else (events.start, events.stop)
        at_ns = self.world.tick() if at_ns is None else at_ns
        mark = FaultMark(incarnation, kind, fault_id, at_ns, slot, first, following)
        self.store.add_marks(self.slug, [mark])

    # the run's end

    def note_history(self) -> None:
        """Puts down what befell processes that a history started without saying so here."""
        for incarnation, end in sorted(self.world.ended.items()):
            self.started(incarnation, end.role, end.slot)
        for mark in self.world.marks:
            self.fault(mark.fault_id, kind=mark.kind.value)
        self.store.add_marks(self.slug, self.world.marks)
        for end in self.world.ended.values():
            if end.fault_id is not None:
                self.fault(end.fault_id, role=end.role, slot=end.slot)
            self.wrote_end(end)

    def judged(self, anomalies: Iterable[AnomalyRange]) -> None:
        """What the auditor found."""
        self.anomalies = list(anomalies)
        self.store.put_anomalies(self.anomalies)

    def complete(self, **counts: int) -> None:
        """The run has come to its end."""
        self.store.put_summary([summary(self.slug, **counts)])
        self.store.set_state(RunState.COMPLETE)

    def reports(self) -> dict[int, FaultReport]:
        """The faults put down so far."""
        stored = RunStore.open(self.run_dir)
        faults = {report.fault_id: report for report in stored.faults()}
        stored.close()
        return faults


@contextmanager
def kept_history(slug: str, events: int) -> Iterator[tuple[KeptRun, History]]:
    """A run of two producers and two consumers in three partitions, to be played."""
    with tempfile.TemporaryDirectory() as directory:
        run = KeptRun(Path(directory), slug, producers=2, partitions=3, events=events)
        try:
            yield run, History(run.world, events=events, consumers=2, prompt=True)
        finally:
            run.close()
