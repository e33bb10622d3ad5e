"""What the window says of each kind of fault: one table, one row a kind. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from bench_gui.bench import faults
from bench_gui.bench.snapshot import FaultReport

Stroke = tuple[tuple[float, float], ...]
"""A line through points of the unit square, y downwards."""

CROSS: tuple[Stroke, ...] = (((0.2, 0.2), (0.8, 0.8)), ((0.8, 0.2), (0.2, 0.8)))


def _moved(strokes: tuple[Stroke, ...], x: float, scale: float) -> tuple[Stroke, ...]:
    """Narrower, and moved to the right by `x`."""
    return tuple(tuple((x + px * scale, 0.2 + py * 0.6) for px, py in one) for one in strokes)


def _around(x: float, y: float, radius: float) -> Stroke:
    """An octagon, which at this size is a circle."""
    k = radius * 0.7071
    return (
        (x + radius, y), (x + k, y + k), (x, y + radius), (x - k, y + k), (x - radius, y),
        (x - k, y - k), (x, y - radius), (x + k, y - k), (x + radius, y),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault.

    Fields:
        word: in the list. help: what really happens. sign: its strokes.
        ends: whether it ends the process that it hits, so that the slot must recover.
    """

    word: str
    help: str
    sign: tuple[Stroke, ...]
    ends: bool


KINDS: dict[str, Kind] = {
    faults.KILL: Kind("kill", "SIGKILL at a random moment.", CROSS, ends=True),
    faults.KILL_AT_STEP: Kind(
        "at step",
        "The process killed itself exactly at a protocol step.",
        (((0.08, 0.1), (0.08, 0.9)), *_moved(CROSS, 0.28, 0.8)),
        ends=True,
    ),
    faults.KILL_OF_ROLE: Kind(
        "all down",
        "Every process of the role was killed at once.",
        (*_moved(CROSS, -0.08, 0.6), *_moved(CROSS, 0.48, 0.6)),
        ends=True,
    ),
    faults.PAUSE: Kind(
        "pause",
        "SIGSTOP, and SIGCONT later: past its session timeout the process is a zombie.",
        (((0.32, 0.18), (0.32, 0.82)), ((0.68, 0.18), (0.68, 0.82))),
        ends=False,
    ),
    faults.EXPIRY: Kind(
        "expiry",
        "A living process was silent for the session timeout, and another took its partitions.",
        (_around(0.5, 0.5, 0.38), ((0.5, 0.28), (0.5, 0.52), (0.68, 0.62))),
        ends=False,
    ),
    faults.REQUEST_LOSS: Kind(
        "request lost",
        "The append did not happen, and nobody knows.",
        (
            ((0.0, 0.5), (0.42, 0.5)),
            ((0.62, 0.3), (1.0, 0.7)),
            ((1.0, 0.3), (0.62, 0.7)),
        ),
        ends=False,
    ),
    faults.ACK_LOSS: Kind(
        "ack lost",
        "The append did happen; its acknowledgement did not arrive in time.",
        (
            ((1.0, 0.5), (0.58, 0.5)),
            ((0.0, 0.3), (0.38, 0.7)),
            ((0.38, 0.3), (0.0, 0.7)),
        ),
        ends=False,
    ),
    faults.CUT_SHORT: Kind(
        "cut short",
        "The time for the drain was over, and the bench ended the process.",
        (((0.22, 0.22), (0.78, 0.22), (0.78, 0.78), (0.22, 0.78), (0.22, 0.22)),),
        ends=True,
    ),
}


def kind_of(fault: FaultReport) -> Kind:
    """The row of a fault; a kind that is not in the table is shown by its name."""
    return KINDS.get(fault.kind) or Kind(fault.kind, "", CROSS, ends=True)


def fault_length_s(fault: FaultReport) -> float:
    """For how long it left its slot without a working process, as far as is known; seconds."""
    if fault.paused_ns:
        return fault.paused_ns / 1e9
    return (fault.recovery_ms or 0.0) / 1000


def recovery_text(fault: FaultReport) -> str:
    """How long the slot was without a working process; a dash where none had ended."""
    if fault.pid is None:
        return ""
    if fault.recovery_ms is not None:
        return f"{fault.recovery_ms:,.0f} ms"
    return "..." if kind_of(fault).ends else "\N{EN DASH}"
