"""The versions of everything that this program stands on. Knows no Qt and opens nothing."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from bench_gui import __version__

LICENCE = "MIT"


def versions() -> tuple[tuple[str, str], ...]:
    """Name and version, for a reader and for a report."""
    import sqlite3  # noqa: PLC0415  a window that is opened needs none

    return (
        ("Delivery Bench", __version__),
        ("Python", platform.python_version()),
        ("Qt", _installed("PySide6-Essentials")),
        ("pyqtgraph", _installed("pyqtgraph")),
        ("SQLite", sqlite3.sqlite_version),
        ("platform", platform.platform()),
    )


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
