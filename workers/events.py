"""The deterministic click stream: who is clicked, when each click is due, how it is encoded.

Everything here is a pure function of (seed, slot, sequence, rate), so that every lane of a run
gets the same events at the same times and the auditor can say what was true without asking anyone.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

import numpy as np
import numpy.typing as npt

from workers.time_units import SECOND_NS

LINK_COUNT = 1000
ZIPF_EXPONENT = 1.1
BLOCK = 4096
HEADER = Struct("<Iq")
RECORD_HEADER_BYTES = HEADER.size
"""A record is link id (u32), due time (i64, monotonic ns), then the payload; little-endian."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """When each event is due. Open loop, or closed loop when `rate_eps` is None.

    Event k of slot s is the lane's event number k * producers + s, due at
    start_ns + that number / rate: the slots share the lane's rate evenly.

    Fields:
        start_ns: monotonic nanoseconds.
        rate_eps: events per second of a whole lane, at least 1; None: due when asked for.
        producers: slots that share the rate, at least 1.
    """

    start_ns: int
    rate_eps: int | None
    producers: int

    def due_ns(self, slot: int, sequence: int) -> int:
        """When the event is due. Raises ValueError for a closed loop, which has no timetable."""
        return self.start_ns + (sequence * self.producers + slot) * SECOND_NS // self._rate()

    def due_array_ns(self, slot: int, sequences: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """`due_ns` of many events, (n,) int64. Exact up to 9.2e9 lane events."""
        numbers = sequences * self.producers + slot
        return self.start_ns + numbers * SECOND_NS // self._rate()

    def count_due(self, slot: int, before_ns: int) -> int:
        """How many of the slot's events are due before `before_ns` (exclusive)."""
        elapsed_ns = max(0, before_ns - self.start_ns)
        lane_events = -(-elapsed_ns * self._rate() // SECOND_NS)
        return max(0, (lane_events - slot + self.producers - 1) // self.producers)

    def _rate(self) -> int:
        if self.rate_eps is None:
            raise ValueError("a closed loop has no timetable")
        return self.rate_eps


def splitmix64(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """A well-mixed 64-bit hash of each value, (n,) uint64 to (n,) uint64.

    Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).
    """
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


class LinkChooser:
    """Draws each event's link id from a Zipf distribution over LINK_COUNT links."""

    def __init__(self, seed: int) -> None:
        """`seed`: any integer; its low 64 bits count."""
        weights = np.arange(1, LINK_COUNT + 1, dtype=np.float64) ** -ZIPF_EXPONENT
        self._cumulative = np.cumsum(weights / weights.sum())
        self._cumulative[-1] = 1.0
        self._seed = np.uint64(seed & 0xFFFFFFFFFFFFFFFF)

    def links(self, slot: int, sequences: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
        """The link ids of events (slot, sequences): (n,) int64 to (n,) uint32, 1..LINK_COUNT."""
        keys = sequences.astype(np.uint64) | (np.uint64(slot) << np.uint64(40))
        bits = splitmix64(splitmix64(keys) ^ self._seed)
        uniform = (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53
        ranks = np.searchsorted(self._cumulative, uniform, side="right")
        return (ranks + 1).astype(np.uint32)


def record_dtype(payload_bytes: int) -> np.dtype[np.void]:
    """The layout of one encoded record, RECORD_HEADER_BYTES + payload_bytes long."""
    return np.dtype([("link", "<u4"), ("due_ns", "<i8"), ("payload", f"V{payload_bytes}")])


def payload(payload_bytes: int) -> bytes:
    """What a click carries besides its link, cut or repeated to `payload_bytes`."""
    text = (
        b"GET /l HTTP/1.1; referer=https://news.example/; agent=Mozilla/5.0 (X11; Linux x86_64); "
    )
    return (text * (payload_bytes // len(text) + 1))[:payload_bytes]


class RecordCodec:
    """Encodes a slot's consecutive events and decodes them again."""

    def __init__(self, seed: int, payload_bytes: int) -> None:
        """`payload_bytes`: 0 or more."""
        self._chooser = LinkChooser(seed)
        self._dtype = record_dtype(payload_bytes)
        self._payload = payload(payload_bytes)
        self._block_key = (-1, -1)
        self._block: npt.NDArray[np.uint32] = np.empty(0, dtype=np.uint32)

    def encode(self, slot: int, first_sequence: int, due_ns: npt.NDArray[np.int64]) -> bytes:
        """Encodes events from `first_sequence` on, one for each due time, (n,) int64."""
        if len(due_ns) == 1:
            link = self._links(slot, first_sequence, 1)
            return HEADER.pack(link[0], due_ns[0]) + self._payload
        records = np.empty(len(due_ns), dtype=self._dtype)
        records["link"] = self._links(slot, first_sequence, len(due_ns))
        records["due_ns"] = due_ns
        if self._payload:
            records["payload"] = np.void(self._payload)
        return records.tobytes()

    def _links(self, slot: int, first: int, count: int) -> npt.NDArray[np.uint32]:
        """Drawn by the block, because a few events at a time cost as much as thousands."""
        number, start = divmod(first, BLOCK)
        if start + count > BLOCK:
            return self._chooser.links(slot, np.arange(first, first + count, dtype=np.int64))
        if self._block_key != (slot, number):
            sequences = np.arange(number * BLOCK, (number + 1) * BLOCK, dtype=np.int64)
            self._block = self._chooser.links(slot, sequences)
            self._block_key = (slot, number)
        return self._block[start : start + count]

    def links(self, records: bytes) -> list[int]:
        """The link ids of encoded records, in order."""
        decoded: list[int] = np.frombuffer(records, dtype=self._dtype)["link"].tolist()
        return decoded
