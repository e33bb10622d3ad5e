"""Makes the frames of a run while it goes on. Knows no database: who writes takes the rows.

A frame is a snapshot as a watcher gets it. The samples that are new with it are in the table of
samples anyway, so a frame only says how many there were by then; faults that are new or changed are
kept with the frame, for the table of faults has only what became of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
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
    """Fields:
    rows: frames that are still to be written, oldest first.
    """

    def __init__(
        self, pace: Pace | None = None, clock_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self.rows: list[dict[str, Any]] = []
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
        self._samples += samples
        self._changed.update((fault.fault_id, fault) for fault in faults)

    @property
    def due(self) -> bool:
        """Whether a frame is wanted that no watcher asked for."""
        return self._pace.wants(self._clock_ns(), sent=False)

    def take(self, snapshot: RunSnapshot, *, last: bool = False) -> None:
        """A frame, if the pace wants one of what is sent to a watcher now.

        Args:
            last: the run's last frame, which is kept in any case.
        """
        now_ns = self._clock_ns()
        if not last and not self._pace.wants(now_ns, sent=True):
            return
        self._pace.took(now_ns)
        body, key = self._body(bare(snapshot))
        self.rows.append(
            {
                "sequence": self._sequence,
                "at_ns": now_ns,
                "key_frame": key,
                "samples": self._samples,
                "faults": self._faults(),
                "body": body,
            }
        )
        self._sequence += 1

    def _body(self, snapshot: RunSnapshot) -> tuple[bytes, int]:
        """Its bytes, and the number of its key frame, which may be itself."""
        key, before, self._before = self._key, self._before, snapshot
        if key is None or before is None or self._sequence - key.sequence >= KEY_EVERY:
            self._key = key_frame(self._sequence, snapshot)
            return pack_key(self._key), self._sequence
        return pack_change(key, before, snapshot), key.sequence

    def _faults(self) -> bytes | None:
        if not self._changed:
            return None
        faults = list(self._changed.values())
        packed = pack_faults(self._known, faults)
        for fault in faults:
            self._known.pop(fault.fault_id, None)  # so that those that changed last are the newest
            self._known[fault.fault_id] = fault
        for fault_id in list(islice(self._known, max(0, len(self._known) - FAULTS_KNOWN))):
            del self._known[fault_id]
        self._changed.clear()
        return packed
