"""Columns of numbers by (line, place) that grow at their end and take little room behind it. Pure.

A run of hours has hundreds of millions of events, and nearly all of what is known of them says that
nothing happened to them. So columns are kept in chunks of places, and chunks that nobody asked for
lately are packed (`packing`), which leaves a fraction of a byte a place. Nothing is forgotten:
whoever asks for a place of a packed chunk finds it unpacked, so a zombie that wakes after an hour
is judged like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bench_gui.bench.audit.columns import Ints, ascending, distinct
from bench_gui.bench.audit.packing import pack, unpack

ABSENT, PACKED = -1, -2
"""In place of a chunk's number: all zero, as nothing was written yet; packed."""

Column = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Packing:
    """How a table is cut into chunks, and how many of them stay unpacked: those asked for last.

    Fields:
        chunk_bits: a chunk has 2 ** chunk_bits places.
        chunks: of the whole table; `chunks_a_line`: at least as many for each line, for each grows
            in one place and is asked for in another.
    """

    chunk_bits: int = 12
    chunks: int = 24
    chunks_a_line: int = 3


LIVE_PACKING = Packing()


class GrowingTable:
    """Columns by (line, place), such as (slot, sequence); zero until written.

    `at` turns lines and places into indexes of every column; they hold until the next `rest`.

    Invariant: a chunk has a number (its place in the columns) exactly while it is unpacked.
    """

    def __init__(
        self, lines: int, columns: Mapping[str, npt.DTypeLike], packing: Packing = LIVE_PACKING
    ) -> None:
        self.lines = lines
        self._kept = max(packing.chunks, packing.chunks_a_line * lines)
        self._bits = packing.chunk_bits
        self._chunk = 1 << self._bits
        self._columns: dict[str, Column] = {
            name: np.zeros(self._chunk, dtype=dtype) for name, dtype in columns.items()
        }
        self._numbers = np.full((lines, 8), ABSENT, dtype=np.int64)
        """By line and chunk: its number, ABSENT or PACKED."""
        self._packed: dict[tuple[int, int], bytes] = {}
        self._owners: list[tuple[int, int]] = []
        """Line and chunk of each number in use."""
        self._free: list[int] = []
        self._used: Ints = np.zeros(1, dtype=np.int64)
        """By number: when it was asked for last, counted in rests; -1 while it is free."""
        self._rests = 0

    def __getitem__(self, name: str) -> Column:
        """The column itself, to read and write by the indexes of `at`, which may replace it: so ask
        for the indexes first."""
        return self._columns[name]

    def at(self, lines: Ints, places: Ints) -> Ints:
        """The index of each place, all of them >= 0 and of lines that exist; (n,), (n,) to (n,)."""
        if not len(places):
            return np.zeros(0, dtype=np.int64)
        chunks = places >> self._bits
        self._widen(int(chunks.max()) + 1)
        numbers = self._numbers[lines, chunks]
        if int(numbers.min()) < 0:
            self._bring(lines[numbers < 0], chunks[numbers < 0])
            numbers = self._numbers[lines, chunks]
        self._used[numbers] = self._rests
        indexes: Ints = (numbers << self._bits) | (places & (self._chunk - 1))
        return indexes

    def range_at(self, line: int, first: int, after: int) -> Ints:
        """The indexes of the places `first` to `after` (exclusive) of a line."""
        return self.at(np.full(after - first, line), np.arange(first, after))

    def add(self, name: str, indexes: Ints, step: int) -> None:
        """Adds `step` at each index, as often as it is there."""
        if ascending(indexes):
            self._columns[name][indexes] += step
        else:
            np.add.at(self._columns[name], indexes, step)

    def fill(self, name: str, line: int, first: int, after: int, value: int) -> None:
        """Writes one value at the places `first` to `after` (exclusive) of a line."""
        for place, number, inside in self._stretches(line, first, after):
            if number == ABSENT and not value:
                continue
            index = int(self.at(np.array([line]), np.array([place]))[0])
            self._columns[name][index : index + inside] = value

    def look_up(self, name: str, lines: Ints, places: Ints) -> Column:
        """The column's values, zero outside the table; (n,), (n,) to (n,)."""
        values = np.zeros(len(lines), dtype=self._columns[name].dtype)
        chunks = places >> self._bits
        inside = (lines >= 0) & (lines < self.lines) & (places >= 0)
        inside &= chunks < self._numbers.shape[1]
        inside[inside] = self._numbers[lines[inside], chunks[inside]] != ABSENT
        indexes = self.at(lines[inside], places[inside])
        values[inside] = self._columns[name][indexes]
        return values

    def line(self, name: str, line: int, first: int, after: int) -> Column:
        """The column's values at the places `first` to `after` (exclusive) of a line, a copy."""
        values = np.zeros(max(after - first, 0), dtype=self._columns[name].dtype)
        for place, number, inside in self._stretches(line, first, after):
            if number != ABSENT:
                column, start = self._reading(name, line, place, number)
                values[place - first : place - first + inside] = column[start : start + inside]
        return values

    def _stretches(self, line: int, first: int, after: int) -> Iterator[tuple[int, int, int]]:
        """The parts of a range that lie in one chunk each: first place, chunk's number, length."""
        while first < after:
            chunk = first >> self._bits
            upto = min(after, (chunk + 1) << self._bits)
            known = chunk < self._numbers.shape[1]
            yield first, int(self._numbers[line, chunk]) if known else ABSENT, upto - first
            first = upto

    def _reading(self, name: str, line: int, place: int, number: int) -> tuple[Column, int]:
        """A column that holds the place, and its index there; a packed chunk stays packed."""
        inside = place & (self._chunk - 1)
        if number != PACKED:
            return self._columns[name], (number << self._bits) | inside
        return self._unpacked(self._packed[line, place >> self._bits])[name], inside

    # chunks

    def _widen(self, chunks: int) -> None:
        have = self._numbers.shape[1]
        if chunks > have:
            more = np.full((self.lines, max(chunks, 2 * have) - have), ABSENT, dtype=np.int64)
            self._numbers = np.concatenate([self._numbers, more], axis=1)

    def _bring(self, lines: Ints, chunks: Ints) -> None:
        """Gives these chunks numbers."""
        keys = lines * self._numbers.shape[1] + chunks
        firsts = np.flatnonzero(np.diff(keys, prepend=-1))
        for key in distinct(keys[firsts]):
            line, chunk = divmod(key, self._numbers.shape[1])
            number = self._number_for(line, chunk)
            packed = self._packed.pop((line, chunk), None)
            if packed is not None:
                for name, values in self._unpacked(packed).items():
                    self._columns[name][self._span(number)] = values

    def _number_for(self, line: int, chunk: int) -> int:
        number = self._free.pop() if self._free else len(self._owners)
        if number == len(self._owners):
            self._owners.append((line, chunk))
            self._make_room()
        self._owners[number] = (line, chunk)
        self._numbers[line, chunk] = number
        return number

    def _make_room(self) -> None:
        have = len(self._used)
        if len(self._owners) > have:
            more = np.zeros(have, dtype=np.int64)
            self._used = np.concatenate([self._used, more])
            for name, column in self._columns.items():
                empty = np.zeros(len(column), dtype=column.dtype)
                self._columns[name] = np.concatenate([column, empty])

    def _span(self, number: int) -> slice:
        return slice(number << self._bits, (number + 1) << self._bits)

    # rest

    def rest(self) -> None:
        """Packs all but the chunks asked for last. Indexes handed out before are worth nothing."""
        self._rests += 1
        living = len(self._owners) - len(self._free)
        if living <= self._kept:
            return
        used = self._used[: len(self._owners)]
        oldest = np.argsort(np.where(used < 0, self._rests, used), kind="stable")
        for number in oldest[: living - self._kept].tolist():
            self._pack(number)

    def _pack(self, number: int) -> None:
        line, chunk = self._owners[number]
        span = self._span(number)
        columns = [column[span] for column in self._columns.values()]
        self._packed[line, chunk] = pack(columns)
        for column in self._columns.values():
            column[span] = 0
        self._numbers[line, chunk] = PACKED
        self._used[number] = -1
        self._free.append(number)

    def _unpacked(self, packed: bytes) -> dict[str, Column]:
        types = [column.dtype for column in self._columns.values()]
        return dict(zip(self._columns, unpack(packed, types, self._chunk), strict=True))
