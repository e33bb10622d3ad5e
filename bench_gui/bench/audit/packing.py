"""Packs columns of numbers of which most say the same from place to place. Pure.

A column that goes up by the same step everywhere (by 0, mostly) is two numbers. Of the others the
differences are compressed.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]

LEVEL = 6
"""Of zlib: half the size of its fastest, for a tenth more time of the whole audit."""


def pack(columns: Sequence[Column]) -> bytes:
    """Columns of integers of one length, at least 2."""
    lines = np.zeros((len(columns), 3), dtype=np.int64)
    others = []
    for number, column in enumerate(columns):
        differences = np.diff(column)
        even = bool((differences == differences[0]).all())
        lines[number] = even, column[0], differences[0]
        if not even:
            others.append(differences.tobytes())
    return lines.tobytes() + (zlib.compress(b"".join(others), LEVEL) if others else b"")


def unpack(packed: bytes, types: Sequence[np.dtype[Any]], length: int) -> list[Column]:
    """The columns again, given their types and length."""
    lines = np.frombuffer(packed, dtype=np.int64, count=3 * len(types)).reshape(-1, 3)
    rest = packed[lines.nbytes :]
    others, start, columns = zlib.decompress(rest) if rest else b"", 0, []
    for dtype, (even, first, step) in zip(types, lines.tolist(), strict=True):
        differences = np.full(length, step, dtype=dtype)
        if not even:
            differences[1:] = np.frombuffer(others, dtype, count=length - 1, offset=start)
            start += (length - 1) * dtype.itemsize
        differences[0] = first
        columns.append(np.cumsum(differences, dtype=dtype))
    return columns
