"""Where everything of a lane's picture stands: numbers in, rectangles out. Knows no Qt.

The flow goes from top to bottom: producers, log, consumers, result. Heights depend on the height
alone, so that the stages of all lanes line up, and with their names in the gutter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

SIDE_PX = 8.0
GAP_PX = 5.0
TWO_LINES_FROM_PX = 176.0
"""A picture at least this high has boxes of two lines."""
NUMBERS_FROM_PX = 44.0
"""A log at least this high has numbers at its bars."""
GROWS_FROM_PX = 330.0
MOST_GROWN = 1.35
"""In a high picture type is larger too: it is read from further away."""
SLOT_LEAST_PX = 44.0
SLOT_MOST_PX = 150.0
BAR_LEAST_PX = 9.0
BAR_MOST_PX = 46.0
NUMBER_LEAST_PX = 38.0
"""A partition's share of the width below which its offsets are not written."""


class Rect(NamedTuple):
    """Left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self) -> float:
        """Half way across."""
        return self.x + self.w / 2

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.h

    def has(self, x: float, y: float) -> bool:
        """Whether a point is inside."""
        return self.x <= x <= self.x + self.w and self.y <= y <= self.bottom


@dataclass(frozen=True, slots=True)
class Stages:
    """The four stages from top to bottom, as (top, height) each.

    Fields:
        lines: of text in a box. numbers: of text above and below a bar, 0 or 1.
    """

    producers: tuple[float, float]
    log: tuple[float, float]
    consumers: tuple[float, float]
    result: tuple[float, float]
    lines: int
    numbers: int


def grown(height: float, type_share: float) -> float:
    """By how much type and boxes are larger than usual in a picture of this height.

    Args:
        type_share: by how much the program's type is.
    """
    return type_share * min(max(height / (GROWS_FROM_PX * type_share), 1.0), MOST_GROWN)


def stages_of(height: float, type_share: float = 1.0) -> Stages:
    """How a height is shared.

    Args:
        type_share: how many times larger than usual type is.
    """
    roomy = height >= TWO_LINES_FROM_PX * type_share
    box = (32.0 if roomy else 19.0) * type_share
    result = (26.0 if roomy else 19.0) * type_share
    edge = 6.0 if roomy else 3.0
    rest = max(height - 2 * edge - 2 * box - result, 3.0)
    gap = min(max(rest * 0.17, 6.0), 46.0)
    log = max(rest - 3 * gap, 6.0)
    tops = [edge, edge + box + gap]
    tops.append(tops[1] + log + gap)
    tops.append(tops[2] + box + gap)
    numbers = 1 if log >= NUMBERS_FROM_PX * type_share else 0
    return Stages(
        (tops[0], box), (tops[1], log), (tops[2], box), (tops[3], result), 2 if roomy else 1,
        numbers,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """Boxes side by side.

    Fields:
        boxes: of the first slots, in their order.
        more: the box that stands for the others; None when all have their own.
        left_over: how many slots that are.
    """

    boxes: tuple[Rect, ...]
    more: Rect | None = None
    left_over: int = 0

    def place(self, index: int) -> Rect:
        """Where a slot is: its own box, or the one that stands for it."""
        if index < len(self.boxes):
            return self.boxes[index]
        if self.more is not None:
            return self.more
        return self.boxes[-1]


def row_of(count: int, width: float, top: float, height: float, type_share: float = 1.0) -> Row:
    """As many boxes as there is room for, in the middle."""
    room = width - 2 * SIDE_PX
    least = SLOT_LEAST_PX * type_share
    fitting = max(int((room + GAP_PX) // (least + GAP_PX)), 1)
    count = max(count, 1)
    shown = count if count <= fitting else max(fitting, 1)
    each = min((room - (shown - 1) * GAP_PX) / shown, SLOT_MOST_PX * type_share)
    left = (width - shown * each - (shown - 1) * GAP_PX) / 2
    boxes = [Rect(left + n * (each + GAP_PX), top, each, height) for n in range(shown)]
    if count <= fitting:
        return Row(tuple(boxes))
    return Row(tuple(boxes[:-1]), boxes[-1], count - (shown - 1))


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything's place in a picture.

    Fields:
        bars: one a partition, without its numbers; `bar_row` is the whole stage.
        hidden_partitions: those for which there is no room.
        written: whether offsets are written at each bar.
        doubt: the box of what is in doubt; None where nothing is prepared.
    """

    width: float
    height: float
    stages: Stages
    producers: Row
    log: Rect
    bars: tuple[Rect, ...]
    hidden_partitions: int
    written: bool
    consumers: Row
    result: Rect
    doubt: Rect | None

    def bar(self, partition: int) -> Rect:
        """Where a partition is; one without a bar is where the last one is."""
        return self.bars[min(partition, len(self.bars) - 1)] if self.bars else self.log


def lay_out(
    width: float,
    height: float,
    counts: tuple[int, int, int],
    *,
    doubtful: bool = False,
    numbers: bool = True,
    type_share: float = 1.0,
) -> Layout:
    """The places.

    Args:
        counts: producers, partitions (0 for a log that is one box), consumers.
        doubtful: whether transactions can stand in doubt.
        numbers: whether there are offsets to be written.
    """
    producers, partitions, consumers = counts
    stages = stages_of(height, type_share)
    log = Rect(SIDE_PX, stages.log[0], width - 2 * SIDE_PX, stages.log[1])
    result = Rect(SIDE_PX, stages.result[0], width - 2 * SIDE_PX, stages.result[1])
    doubt = None
    if doubtful:
        share = (result.w - GAP_PX) * 0.45
        doubt = Rect(result.x, result.y, share, result.h)
        result = Rect(result.x + share + GAP_PX, result.y, result.w - share - GAP_PX, result.h)
    bars, hidden, written = bars_of(log, partitions, stages.numbers * numbers, type_share)
    return Layout(
        width, height, stages, row_of(producers, width, *stages.producers, type_share), log, bars,
        hidden, written, row_of(consumers, width, *stages.consumers, type_share), result, doubt,
    )  # fmt: skip


def bars_of(
    log: Rect, partitions: int, numbers: int, type_share: float
) -> tuple[tuple[Rect, ...], int, bool]:
    """Bars beside each other; how many there is no room for; whether numbers fit at them."""
    if not partitions:
        return (), 0, False
    most = max(int(log.w // BAR_LEAST_PX), 1)
    shown = min(partitions, most)
    pitch = log.w / shown
    written = bool(numbers) and pitch >= NUMBER_LEAST_PX * type_share
    line = 12.0 * type_share if written else 0.0
    width = min(pitch - 3.0, BAR_MOST_PX * type_share)
    bars = tuple(
        Rect(log.x + (n + 0.5) * pitch - width / 2, log.y + line, width, log.h - 2 * line)
        for n in range(shown)
    )
    return bars, partitions - shown, written


Point = tuple[float, float]


def along(points: tuple[Point, ...], way: float) -> Point:
    """A point of a broken line: `way` from 0 to 1, in equal shares a leg."""
    legs = len(points) - 1
    at = min(max(way, 0.0), 1.0) * legs
    leg = min(int(at), legs - 1)
    share = at - leg
    (x0, y0), (x1, y1) = points[leg], points[leg + 1]
    return x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
