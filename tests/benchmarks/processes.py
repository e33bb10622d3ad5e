"""CPU time and memory of a tree of processes, from /proc, while it lives. Linux only."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

PROC = Path("/proc")
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True, slots=True)
class Reading:
    """One process at one moment.

    Fields:
        at_s: monotonic.
        cpu_s: used since its start.
        rss_mb, pss_mb: resident memory; pss shares out what several processes hold. Megabytes;
            pss is 0 where it was not asked for.
    """

    at_s: float
    parent: int
    cpu_s: float
    rss_mb: float
    pss_mb: float = 0.0


def read(pid: int, *, pss: bool = False) -> Reading | None:
    """The process now; None when there is none."""
    try:
        text = (PROC / str(pid) / "stat").read_text("ascii", errors="replace")
        shared_mb = _pss_mb(pid) if pss else 0.0
    except OSError:
        return None
    values = text.rpartition(")")[2].split()
    cpu_s = (int(values[11]) + int(values[12])) * TICK_S
    return Reading(time.monotonic(), int(values[1]), cpu_s, int(values[21]) * PAGE_MB, shared_mb)


def _pss_mb(pid: int) -> float:
    text = (PROC / str(pid) / "smaps_rollup").read_text("ascii")
    line = next(line for line in text.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) * 1024 / 1e6


def tree(root: int, *, pss: bool = False) -> dict[int, Reading]:
    """A process and all that descend from it."""
    readings = {pid: reading for pid in _pids() if (reading := read(pid)) is not None}
    children: dict[int, list[int]] = defaultdict(list)
    for pid, reading in readings.items():
        children[reading.parent].append(pid)
    found, waiting = {}, [root] if root in readings else []
    while waiting:
        pid = waiting.pop()
        found[pid] = (read(pid, pss=True) or readings[pid]) if pss else readings[pid]
        waiting += children[pid]
    return found


def _pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


class Sampler:
    """Reads a tree again and again in a thread of its own.

    Fields:
        readings: of each process that was ever seen, in time order.
    """

    def __init__(self, root: int, every_s: float, *, pss: bool = False) -> None:
        self.readings: dict[int, list[Reading]] = defaultdict(list)
        self._root = root
        self._every_s = every_s
        self._pss = pss
        self._over = Event()
        self._thread = Thread(target=self._sample, daemon=True)
        self._thread.start()

    def _sample(self) -> None:
        while not self._over.wait(self._every_s):
            for pid, reading in tree(self._root, pss=self._pss).items():
                self.readings[pid].append(reading)

    def stop(self) -> None:
        """Ends the sampling."""
        self._over.set()
        self._thread.join()

    def children_of(self, pid: int) -> list[int]:
        """Processes that were seen with this parent, in the order of their numbers."""
        return sorted(one for one, seen in self.readings.items() if seen[0].parent == pid)


@dataclass(frozen=True, slots=True)
class Roles:
    """Which process of a program's tree is what.

    Fields:
        client: the command line or the window.
        bench, fork_server, auditor: None where it was not seen.
        spares: forked ahead, and not yet needed when the run ended.
    """

    client: int
    bench: int | None
    fork_server: int | None
    auditor: int | None
    spares: tuple[int, ...] = ()


def roles(sampler: Sampler, client: int, bench: int, workers: set[int]) -> Roles:
    """Tells the processes apart by who started whom; the auditor works more than any spare.

    Args:
        bench, workers: their pids, from run.db.
    """
    servers = [pid for pid in sampler.children_of(bench) if set(sampler.children_of(pid)) & workers]
    if not servers:
        return Roles(client, bench, None, None)
    others = [pid for pid in sampler.children_of(servers[0]) if pid not in workers]
    others.sort(key=lambda pid: sampler.readings[pid][-1].cpu_s)
    auditor = others.pop() if others else None
    return Roles(client, bench, servers[0], auditor, tuple(others))


def cpu_share(readings: list[Reading], from_s: float, to_s: float) -> float:
    """CPU seconds per second between two moments; 0 of fewer than two readings."""
    inside = [one for one in readings if from_s <= one.at_s <= to_s]
    if len(inside) < 2:
        return 0.0
    return (inside[-1].cpu_s - inside[0].cpu_s) / (inside[-1].at_s - inside[0].at_s)
