"""Room on the disk that a run keeps for its own end.

A run that fills the disk must still say how it ended and what it measured until then: it gives this
room back first.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

NAME = "reserve"
BYTES = 512 * 1024


class Reserve:
    """A file of BYTES in a run's directory, for as long as the run goes on."""

    def __init__(self, run_dir: Path) -> None:
        """Takes the room; less, or none, when the disk has no more."""
        self._path = run_dir / NAME
        with suppress(OSError):
            self._path.write_bytes(bytes(BYTES))

    def release(self) -> None:
        """Gives the room back; nothing when that was done."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
