"""Latency histograms of bounded relative error, and their HdrHistogram text. Knows no files.

Values are nanoseconds. Values below 1024 have a bucket each; above, every power of two is cut into
512 equal buckets, so a bucket is never wider than 1/512 of its values (0.2 %). Histograms are
merged by adding counts; percentiles are taken from the merged counts and never averaged.

Source: Gil Tene, HdrHistogram (`AbstractHistogram`, `PercentileIterator`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SUB_BUCKET_BITS = 9
SUB_BUCKETS = 1 << SUB_BUCKET_BITS
LARGEST_BITS = 43
LARGEST_NS = (1 << LARGEST_BITS) - 1
"""About 2.4 hours; larger values are recorded as this."""
BUCKETS = (LARGEST_BITS - SUB_BUCKET_BITS + 1) * SUB_BUCKETS
RELATIVE_ERROR = 1 / SUB_BUCKETS
TICKS_PER_HALF_DISTANCE = 5
"""Lines of the percentile text each time the distance to 100 % halves."""


def bucket_of(values_ns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The bucket of each value, (n,) int64 from 1 to LARGEST_NS."""
    bit_length = np.frexp(values_ns.astype(np.float64))[1].astype(np.int64)
    shift = np.maximum(bit_length - (SUB_BUCKET_BITS + 1), 0)
    buckets: npt.NDArray[np.int64] = shift * SUB_BUCKETS + (values_ns >> shift)
    return buckets


def lowest_of(buckets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The least value of each bucket, (n,) int64."""
    shift = np.maximum(buckets // SUB_BUCKETS - 1, 0)
    lowest: npt.NDArray[np.int64] = (buckets - shift * SUB_BUCKETS) << shift
    return lowest


def highest_of(buckets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The greatest value of each bucket, (n,) int64, inclusive."""
    return lowest_of(buckets + 1) - 1


class LatencyHistogram:
    """Counts of latencies, exact in number and in their maximum."""

    def __init__(self) -> None:
        self._counts = np.zeros(BUCKETS, dtype=np.int64)
        self._count = 0
        self._max_ns = 0

    def record(self, values_ns: npt.NDArray[np.int64]) -> None:
        """Adds values, (n,) int64; they are clamped to 1..LARGEST_NS."""
        if not len(values_ns):
            return
        clamped = np.clip(values_ns, 1, LARGEST_NS)
        buckets, counts = np.unique(bucket_of(clamped), return_counts=True)
        self._counts[buckets] += counts
        self._count += len(clamped)
        self._max_ns = max(self._max_ns, int(clamped.max()))

    def merge(self, other: LatencyHistogram) -> None:
        """Adds the other's values to this one."""
        self._counts += other._counts
        self._count += other._count
        self._max_ns = max(self._max_ns, other._max_ns)

    @property
    def count(self) -> int:
        """Values recorded."""
        return self._count

    @property
    def max_ns(self) -> int | None:
        """The greatest value recorded, exactly; None without one."""
        return self._max_ns if self._count else None

    def percentile(self, percent: float) -> int | None:
        """The value that `percent` (0 to 100) of all values do not exceed; None without one.

        At most RELATIVE_ERROR above the true value, never below it.
        """
        if not self._count:
            return None
        rank = min(self._count, max(1, math.ceil(percent / 100 * self._count)))
        bucket = int(np.searchsorted(np.cumsum(self._counts), rank))
        return min(int(highest_of(np.array([bucket]))[0]), self._max_ns)

    def buckets(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The buckets that hold something, ascending, and their counts; both (n,) int64."""
        filled = np.flatnonzero(self._counts)
        return filled, self._counts[filled]

    def to_json(self) -> str:
        """One line of JSON from which `from_json` makes an equal histogram."""
        filled, counts = self.buckets()
        document = {
            "unit": "ns",
            "sub_bucket_bits": SUB_BUCKET_BITS,
            "max_ns": self._max_ns,
            "buckets": filled.tolist(),
            "counts": counts.tolist(),
        }
        return json.dumps(document, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> LatencyHistogram:
        """The inverse of `to_json`. Raises ValueError for text of another bucket size."""
        document = json.loads(text)
        if document["sub_bucket_bits"] != SUB_BUCKET_BITS:
            raise ValueError(f"a histogram of {document['sub_bucket_bits']} sub-bucket bits")
        histogram = cls()
        histogram._counts[np.array(document["buckets"], dtype=np.int64)] = document["counts"]
        histogram._count = sum(document["counts"])
        histogram._max_ns = document["max_ns"]
        return histogram


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a percentile distribution; `percent` from 0 to 100, `total` cumulative."""

    value_ns: int
    percent: float
    total: int


def percentile_lines(histogram: LatencyHistogram) -> Iterator[Line]:
    """The distribution in steps that get finer towards 100 %, the last one at 100 %."""
    filled, counts = histogram.buckets()
    values, totals = highest_of(filled), np.cumsum(counts)
    percent, place = 0.0, 0
    while place < len(filled) - 1:
        yield Line(int(values[place]), percent, int(totals[place]))
        percent = _next_level(percent)
        rank = math.ceil(percent / 100 * histogram.count)
        place = max(place, int(np.searchsorted(totals, rank)))
    if len(filled):
        yield Line(histogram.max_ns or 0, 100.0, histogram.count)


def _next_level(percent: float) -> float:
    half_distances = int(math.log2(100 / (100 - percent))) + 1
    return percent + 100 / (TICKS_PER_HALF_DISTANCE * 2.0**half_distances)


def hgrm_text(histogram_json: str) -> str:
    """A histogram's JSON as HdrHistogram's percentile text (.hgrm); values are nanoseconds."""
    histogram = LatencyHistogram.from_json(histogram_json)
    head = f"{'Value':>12} {'Percentile':>14} {'TotalCount':>10} {'1/(1-Percentile)':>14}\n\n"
    return head + "".join(map(_hgrm_line, percentile_lines(histogram))) + _hgrm_trailer(histogram)


def _hgrm_line(line: Line) -> str:
    start = f"{line.value_ns:12.3f} {line.percent / 100:2.12f} {line.total:10d}"
    if line.percent >= 100:
        return start + "\n"
    return f"{start} {1 / (1 - line.percent / 100):14.2f}\n"


def _hgrm_trailer(histogram: LatencyHistogram) -> str:
    mean, deviation = _mean_and_deviation(histogram)
    octaves = LARGEST_BITS - SUB_BUCKET_BITS
    return (
        f"#[Mean    = {mean:12.3f}, StdDeviation   = {deviation:12.3f}]\n"
        f"#[Max     = {histogram.max_ns or 0:12.3f}, Total count    = {histogram.count:12d}]\n"
        f"#[Buckets = {octaves:12d}, SubBuckets     = {2 * SUB_BUCKETS:12d}]\n"
        "#[Unit    =  nanoseconds]\n"
    )


def _mean_and_deviation(histogram: LatencyHistogram) -> tuple[float, float]:
    filled, counts = histogram.buckets()
    if not len(filled):
        return 0.0, 0.0
    middles = (lowest_of(filled) + highest_of(filled)) / 2
    mean = float(np.average(middles, weights=counts))
    return mean, math.sqrt(float(np.average((middles - mean) ** 2, weights=counts)))
