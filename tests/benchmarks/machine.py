"""What the figures were measured on: machine, system, versions."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
from pathlib import Path

from tests.benchmarks.peers import PEERS, version
from tests.benchmarks.tables import Table

PACKAGES = ("numpy", "multiprocess", "sqlite-utils", "PySide6-Essentials", "pyqtgraph", *PEERS)


def machine() -> Table:
    """One row a fact."""
    rows = (
        ("cores", str(len(os.sched_getaffinity(0)))),
        ("CPU", _cpu_model()),
        ("memory", f"{_memory_gb():.1f} GB"),
        ("system", f"{_system()}, {platform.system()} {platform.release()}"),
        ("temporary files on", _file_system(Path(tempfile.gettempdir()))),
        ("Python", platform.python_version()),
        ("SQLite", sqlite3.sqlite_version),
        *((package, version(package) or "not installed") for package in PACKAGES),
        ("load average before", f"{os.getloadavg()[0]:.2f}"),
    )
    return Table("Measured on", ("", ""), rows)


def _cpu_model() -> str:
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.platform()


def _file_system(directory: Path) -> str:
    """The type of the nearest mount above a directory."""
    above = {str(path) for path in (directory.resolve(), *directory.resolve().parents)}
    mounts = [line.split()[1:3] for line in _lines(Path("/proc/mounts"))]
    found = [(len(place), kind) for place, kind in mounts if place in above]
    return max(found)[1] if found else "unknown"


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []
