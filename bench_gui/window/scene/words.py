"""The picture in words: for a screen reader, for tooltips, and for the little there is room for."""

from __future__ import annotations

from bench_gui.window.scene.lives import NOT_STARTED, Mood, SlotView
from bench_gui.window.scene.model import PartitionView, Picture, Telling
from bench_gui.window.scene.routes import Route
from bench_gui.window.worker_strip import worker_line
from workers.lanes import Lane, Result

SIGNS = {Route.AGAIN: "+", Route.REFUSED: "", Route.LOST_BEFORE_LOG: "\N{MINUS SIGN}",
         Route.LOST_AFTER_LOG: "\N{MINUS SIGN}"}  # fmt: skip
MANY = 10_000


def slot_name(view: SlotView) -> str:
    """P0 or C1."""
    return f"{view.worker.role[0].upper()}{view.worker.slot}"


def slot_words(view: SlotView) -> str:
    """Beside the name: its pid, or why there is none."""
    if view.mood is Mood.FINISHED:
        return "done" if view.worker.state == "finished" else view.worker.state
    if view.worker.pid is not None:
        return str(view.worker.pid)
    return NOT_STARTED if view.worker.state == NOT_STARTED else "empty"


def telling_words(telling: Telling) -> str:
    """So many again, lost or suppressed."""
    return f"{SIGNS[telling.route]}{telling.events:,} {telling.route.word}"


def short_number(number: float) -> str:
    """Exact up to 9,999; above in thousands or millions, cut and not rounded up."""
    whole = int(number)
    if whole < MANY:
        return f"{whole:,}"
    if whole < 1_000_000:
        return f"{whole // 100 / 10:,.1f}k" if whole < 100_000 else f"{whole // 1000:,}k"
    return f"{whole // 10_000 / 100:,.2f}M"


def sampling_words(events_per_dot: int) -> str:
    """What a dot stands for."""
    many = "event" if events_per_dot == 1 else "events"
    return f"1 dot = {events_per_dot:,} {many}"


def result_word(lane: Lane) -> str:
    """Where its result is read."""
    return "output topic" if lane.result is Result.OUTPUT_TOPIC else "counter"


def more_words(views: tuple[SlotView, ...], left_over: int) -> tuple[str, str]:
    """Of the slots without a box of their own: how many, and how they are."""
    rest = views[len(views) - left_over :] if left_over else ()
    down = sum(view.mood is Mood.EMPTY for view in rest)
    paused = sum(view.mood is Mood.PAUSED for view in rest)
    parts = [f"{down} empty"] * (down > 0) + [f"{paused} paused"] * (paused > 0)
    return f"+{left_over} more", ", ".join(parts) or "all up"


def partition_words(one: PartitionView) -> str:
    """A partition's offsets."""
    lag = int(one.high_watermark) - int(one.committed_offset)
    stable = ""
    if int(one.last_stable_offset) != int(one.high_watermark):
        stable = f", last stable offset {int(one.last_stable_offset):,}"
    return (
        f"partition {one.number}: high watermark {int(one.high_watermark):,}{stable}, committed "
        f"offset {int(one.committed_offset):,}, lag {lag:,}"
    )


def described(lane: Lane, picture: Picture) -> str:
    """All that is drawn, a line each."""
    if not picture.started:
        return f"{lane.name}: nothing was started yet."
    counts = picture.counts
    lines = [slot_line(view) for view in picture.producers]
    lines += [partition_words(one) for one in picture.partitions]
    if not picture.partitions:
        lines.append(f"log: {counts.appended:,} events, lag {picture.lag:,}")
    lines += [slot_line(view) for view in picture.consumers]
    lines.append(f"{result_word(lane)}: {counts.effects:,} effects")
    if lane.consumer.two_phase:
        doubt = "transactions are in doubt" if picture.in_doubt else "nothing is in doubt"
        lines.append(f"{doubt}, {picture.blocked_ms:,.0f} ms in doubt so far")
    lines += [telling_words(telling) for telling in picture.tellings]
    if picture.events_per_dot > 1:
        lines.append(sampling_words(picture.events_per_dot))
    return "\n".join(lines)


def slot_line(view: SlotView) -> str:
    """A slot, and who died in it just now."""
    line = worker_line(view.worker)
    return line if view.death is None else f"{line}; pid {view.death.pid} {view.death.word}"
