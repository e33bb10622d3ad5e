"""Reads a file that people write, and no other: a large one would hold everything up."""

from __future__ import annotations

import errno
from pathlib import Path

MOST_BYTES = 1_000_000


def read_small(path: Path) -> str:
    """The text of a file of at most MOST_BYTES.

    Raises OSError, also for one that is larger; UnicodeDecodeError when it is not UTF-8.
    """
    with path.open("rb") as file:
        read = file.read(MOST_BYTES + 1)
    if len(read) > MOST_BYTES:
        raise OSError(errno.EFBIG, "it is larger than 1 MB")
    return read.decode("utf-8")
