"""Which faults the list shows: words and terms such as `kind:kill caused:>0`. Pure; knows no Qt."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.fault_kinds import kind_of
from workers.lanes import lane_of

Test = Callable[[FaultReport], bool]

TOKEN = re.compile(r'-?(?:[a-z]+:)?"[^"]*"?|\S+')
COMPARISON = re.compile(r"(>=|<=|>|<|=)?(-?\d+(?:\.\d+)?)")
OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
    "": operator.eq,
}


def caused(fault: FaultReport) -> int:
    """Events that it harmed: lost, counted twice, or delivered again and suppressed."""
    return fault.lost_caused + fault.duplicates_caused + fault.suppressed_caused


def harmful(fault: FaultReport) -> bool:
    """Whether it did harm: events were lost or counted twice by it."""
    return fault.lost_caused + fault.duplicates_caused > 0


NUMBERS: dict[str, Callable[[FaultReport], float | None]] = {
    "caused": caused,
    "lost": lambda fault: fault.lost_caused,
    "duplicates": lambda fault: fault.duplicates_caused,
    "suppressed": lambda fault: fault.suppressed_caused,
    "hand": lambda fault: fault.exposed,
    "recovery": lambda fault: fault.recovery_ms,
    "slot": lambda fault: fault.slot,
    "pid": lambda fault: fault.pid,
    "id": lambda fault: fault.fault_id,
    "t": lambda fault: fault.t_s,
}
WORDS: dict[str, Callable[[FaultReport], str]] = {
    "kind": lambda fault: f"{fault.kind} {kind_of(fault).word}",
    "lane": lambda fault: f"{fault.lane} {lane_of(fault.lane).name}",
    "role": lambda fault: fault.role,
    "after": lambda fault: fault.after_step or "",
    "before": lambda fault: fault.before_step or "",
    "by": lambda fault: "schedule" if fault.scheduled else "hand",
}
HELP = (
    "Words that stand in the line, and terms: <i>kind:kill</i>, <i>lane:at-least-once</i>, "
    "<i>role:producer</i>, <i>after:appended</i>, <i>before:acked</i>, <i>by:hand</i>; with a "
    "number <i>caused:&gt;0</i>, <i>lost:</i>, <i>duplicates:</i>, <i>suppressed:</i>, "
    "<i>hand:</i> (events in hand), <i>recovery:&gt;50</i> (ms), <i>t:&lt;10</i> (s), <i>slot:</i>,"
    " <i>pid:</i>. All must hold; a minus before one turns it round."
)


@dataclass(frozen=True)
class FaultFilter:
    """What is asked for; all of it must hold.

    Fields:
        text: words and terms, see HELP. A term that is not finished asks for nothing.
        kind, lane: None for every one.
        only_harm: whether those that harmed nothing are left out.
    """

    text: str = ""
    kind: str | None = None
    lane: str | None = None
    only_harm: bool = False

    @property
    def active(self) -> bool:
        """Whether it leaves anything out."""
        return self != FaultFilter() and not (
            self.kind is None and self.lane is None and not self.only_harm and not self._tests
        )

    def passes(self, fault: FaultReport) -> bool:
        """Whether the fault is shown."""
        return (
            (self.kind is None or fault.kind == self.kind)
            and (self.lane is None or fault.lane == self.lane)
            and (not self.only_harm or harmful(fault))
            and all(test(fault) for test in self._tests)
        )

    @cached_property
    def _tests(self) -> tuple[Test, ...]:
        found = (_test_of(token) for token in TOKEN.findall(self.text.lower()))
        return tuple(test for test in found if test is not None)


def _test_of(token: str) -> Test | None:
    """None of a term that is not finished."""
    turned = token.startswith("-") and len(token) > 1
    test = _plain_test(token[1:] if turned else token)
    if test is None or not turned:
        return test
    return lambda fault: not test(fault)


def _plain_test(token: str) -> Test | None:
    key, colon, value = token.partition(":")
    value = value.strip('"')
    if colon and key in NUMBERS:
        return _number_test(NUMBERS[key], value)
    if colon and key in WORDS:
        read = WORDS[key]
        return (lambda fault: value in read(fault).lower()) if value else None
    word = token.strip('"')
    return (lambda fault: word in line_of(fault)) if word else None


def _number_test(read: Callable[[FaultReport], float | None], value: str) -> Test | None:
    found = COMPARISON.fullmatch(value)
    if found is None:
        return None if not value.strip("<>=") else lambda _: False
    compare, number = OPERATORS[found[1] or ""], float(found[2])

    def test(fault: FaultReport) -> bool:
        of_fault = read(fault)
        return of_fault is not None and compare(of_fault, number)

    return test


def line_of(fault: FaultReport) -> str:
    """What a plain word is looked for in."""
    by = "" if fault.scheduled else "(by hand)"
    return f"{fault.lane} {kind_of(fault).word} {fault.text} {by}".lower()
