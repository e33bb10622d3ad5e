"""Makes the frames of a run while it goes on. Knows no database: who writes takes the rows.

A frame is a snapshot as a watcher gets it. The samples that are new with it are in the table of
samples anyway, so a frame only says how many there were by then; faults that are new or changed are
kept with the frame, for the table of faults has only what became of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from bench_gui.bench.recording.frames import (
    KEY_EVERY,
    KeyFrame,
    bare,
    key_frame,
    pack_change,
    pack_faults,
    pack_key,
)
from bench_gui.bench.recording.pace import Pace
from bench_gui.bench.snapshot import FaultReport, RunSnapshot

FAULTS_KNOWN = 1000
"""The newest faults, of which only changes are written; an older one is written whole again."""


class Recorder:
    """Never raises: what it cannot record ends the recording, and not the run.

    Fields:
        rows: frames that are still to be written, oldest first; a later one with the same number
            takes the place of an earlier one, also of one that is written.
        problem: one sentence once it has stopped recording, None until then.
    """

    def __init__(
        self, pace: Pace | None = None, clock_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self.rows: list[dict[str, Any]] = []
        self.problem: str | None = None
        self._pace = pace or Pace()
        self._clock_ns = clock_ns
        self._sequence = 0
        self._samples = 0
        self._key: KeyFrame | None = None
        self._before: RunSnapshot | None = None
        self._changed: dict[int, FaultReport] = {}
        self._known: dict[int, FaultReport] = {}

    def note(self, samples: int, faults: Iterable[FaultReport]) -> None:
        """More samples, and faults that are new or changed, since the last frame."""
        if self.problem is not None:
            return
        self._samples += samples
        self._changed.update((fault.fault_id, fault) for fault in faults)

    @property
    def due(self) -> bool:
        """Whether a frame is wanted that no watcher asked for."""
        return self.problem is None and self._pace.wants(self._clock_ns(), sent=False)

    def take(self, snapshot: RunSnapshot) -> None:
        """A frame, if the pace wants one of what is sent to a watcher now."""
        now_ns = self._clock_ns()
        if self.problem is None and self._pace.wants(now_ns, sent=True):
            with self._stopped_by_bugs():
                self._keep(now_ns, bare(snapshot))

    def take_for_now(self, snapshot: RunSnapshot) -> None:
        """A frame in any case, the newest until the next one is taken, which takes its place.

        So what is written ends with the moment of writing, and no run has more frames for it.
        """
        if self.problem is None:
            with self._stopped_by_bugs():
                self.rows.append(self._row(self._clock_ns(), bare(snapshot))[0])

    @contextmanager
    def _stopped_by_bugs(self) -> Iterator[None]:
        try:
            yield
        except Exception as bug:  # noqa: BLE001  a run is worth more than its recording
            self.problem = f"the recording has stopped, which is a bug: {bug!r}"

    def _keep(self, now_ns: int, snapshot: RunSnapshot) -> None:
        row, self._key = self._row(now_ns, snapshot)
        self.rows.append(row)
        self._before = snapshot
        self._pace.took(now_ns)
        self._sequence += 1
        self._know_changed()

    def _row(self, now_ns: int, snapshot: RunSnapshot) -> tuple[dict[str, Any], KeyFrame]:
        """The next frame, and its key frame, which may be itself."""
        key, before = self._key, self._before
        if key is None or before is None or self._sequence - key.sequence >= KEY_EVERY:
            key = key_frame(self._sequence, snapshot)
            body = pack_key(key)
        else:
            body = pack_change(key, before, snapshot)
        changed = list(self._changed.values())
        row = {
            "sequence": self._sequence,
            "at_ns": now_ns,
            "key_frame": key.sequence,
            "samples": self._samples,
            "faults": pack_faults(self._known, changed) if changed else None,
            "body": body,
        }
        return row, key

    def _know_changed(self) -> None:
        for fault in self._changed.values():
            self._known.pop(fault.fault_id, None)  # so that those that changed last are the newest
            self._known[fault.fault_id] = fault
        for fault_id in list(islice(self._known, max(0, len(self._known) - FAULTS_KNOWN))):
            del self._known[fault_id]
        self._changed.clear()
