"""A lane of the user's own as it is put together: its contract, or what is wrong. Knows no Qt.

What follows from the parts is `workers.policies.contract`; here it is only put into a reader's
words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from bench_gui.bench.options import OPTION_BY_KEY
from bench_gui.window.fields import ALONE
from workers.lanes import KNOBS, LANES, own_slug
from workers.policies import (
    Anomaly,
    ConsumerPolicy,
    Contract,
    IncompatibleParts,
    ProducerPolicy,
    SinkPolicy,
    contract,
)

Parts = tuple[ProducerPolicy, ConsumerPolicy, SinkPolicy]


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a contract.

    Fields:
        name: what could happen. may: whether the lane allows it. words: the same for a reader.
    """

    name: str
    may: bool
    words: str


@dataclass(frozen=True, slots=True)
class Composition:
    """What the parts and knobs amount to.

    Fields:
        slug: the lane's; None while it cannot be added.
        contract: None when the parts cannot go together.
        problem: why it cannot be added, empty when it can.
        wrong: one sentence a knob that cannot be read, by its key.
        note: what else the reader should know, or empty.
    """

    slug: str | None
    contract: Contract | None
    problem: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


def compose(parts: Parts, texts: Mapping[str, str], listed: Collection[str]) -> Composition:
    """The lane that parts and knobs make.

    Args:
        texts: by knob; an empty one means: as the run.
        listed: slugs that are in the list already.
    """
    try:
        follows = contract(*parts)
    except IncompatibleParts as problem:
        return Composition(None, None, f"These parts cannot go together: {problem}.")
    knobs, wrong = _knobs(texts)
    if wrong:
        return Composition(None, follows, next(iter(wrong.values())), wrong)
    slug = own_slug(*parts, knobs)
    if slug in listed:
        return Composition(None, follows, "This lane is in the list already.")
    return Composition(slug, follows, note=_same_as(parts))


def _knobs(texts: Mapping[str, str]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The knobs in their own order and spelling, and what is wrong with the others."""
    knobs: list[tuple[str, str]] = []
    wrong: dict[str, str] = {}
    for key in KNOBS:
        text = texts.get(key, "").strip()
        if not text:
            continue
        option = OPTION_BY_KEY[key]
        try:
            value = option.parse(text)
            replace(ALONE, **{option.field: value})
        except ValueError as error:
            wrong[key] = str(error)
        else:
            knobs.append((key, option.format(value)))
    return knobs, wrong


def _same_as(parts: Parts) -> str:
    for lane in LANES:
        if (lane.producer, lane.consumer, lane.sink) == parts:
            return f"These are the parts of the lane {lane.name}."
    return ""


def terms(follows: Contract) -> tuple[Term, ...]:
    """A contract, line by line."""
    lost = Anomaly.LOST in follows.allowed
    twice = Anomaly.DUPLICATE in follows.allowed
    again = Anomaly.REDELIVERY in follows.allowed
    return (
        Term("lost", lost, "may be lost" if lost else "never lost"),
        Term("duplicates", twice, "may count twice" if twice else "never count twice"),
        Term("redelivered", again, "may come again" if again else "never come again"),
        Term("blocks", follows.blocks, "may block" if follows.blocks else "never blocks"),
    )
