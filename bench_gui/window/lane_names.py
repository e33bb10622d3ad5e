"""What a lane is called where its whole name has no room. Pure; knows no widget."""

from __future__ import annotations

from workers.lanes import Lane

SHORT_NAMES = {
    "idempotent-consumer": "Idempotent consumer",
    "cross-system": "Exactly-once + database",
    "transactional-sink": "Offsets with the result",
}
"""Where the whole name has no room; the tooltip has it, and it is what is read aloud."""

NARROW_NAMES = {
    "idempotent-consumer": ("Idempotent", "consumer"),
    "cross-system": ("Database", "exactly-once log"),
    "transactional-sink": ("Offsets", "with the result"),
}
"""In the narrowest column, in two lines; the first tells the lane from every other."""

NARROW_SIGNS = 14
ADDITIONS = (" + ", " (", ", ", " with ")
"""What separates a lane's name from its addition."""


def short_name(lane: Lane) -> str:
    """A name for narrow places."""
    return SHORT_NAMES.get(lane.slug, lane.name)


def title_and_addition(lane: Lane, *, narrow: bool = False) -> tuple[str, str]:
    """What a lane is known by, which no other lane of the table is, and what is to be added.

    That is its short name and the whole one; where there is no short one, its name up to its
    addition, and the addition, which for the user's own is its sink.

    Args:
        narrow: a long name is cut at its last space, and the rest joins the addition.
    """
    if narrow:
        return NARROW_NAMES.get(lane.slug) or _cut(lane)
    if lane.slug in SHORT_NAMES:
        return SHORT_NAMES[lane.slug], lane.name
    if lane.own:
        name, _, addition = lane.name.rpartition(" + ")
        return name, f"+ {addition}"
    for mark in ADDITIONS:
        name, found, addition = lane.name.partition(mark)
        if found:
            return name, f"{mark.lstrip(' ,')}{addition}"
    return lane.name, ""


def _cut(lane: Lane) -> tuple[str, str]:
    name, addition = title_and_addition(lane)
    if len(name) <= NARROW_SIGNS or " " not in name:
        return name, addition
    _, _, rest = lane.name.partition(name)
    head, _, tail = name.rpartition(" + " if lane.own else " ")
    return head, f"+ {tail}{rest}" if lane.own else f"{tail}{rest}"
