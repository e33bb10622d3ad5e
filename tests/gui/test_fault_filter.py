"""The filter of the list of faults: words and terms, a kind, a lane, harm."""

from __future__ import annotations

import pytest

from bench_gui.bench.snapshot import FaultReport
from bench_gui.window.fault_filter import FaultFilter
from tests.values import fault

KILL = fault(text="consumer 1 of At-least-once, pid 4711, killed after effect-applied",
             lost_caused=0, duplicates_caused=64, recovery_ms=12.0)  # fmt: skip
STEP = fault(fault_id=2, kind="kill at a step", lane="at-most-once", lost_caused=3,
             duplicates_caused=0, t_s=20.0, pid=9, text="consumer 0 killed at a step")  # fmt: skip
ACK = fault(fault_id=3, kind="ack loss", lane="exactly-once", role="producer", slot=0,
            duplicates_caused=0, suppressed_caused=0, scheduled=False, recovery_ms=None,
            text="producer 0 lost an acknowledgement")  # fmt: skip
MISSED = fault(fault_id=4, lane="exactly-once", pid=None, duplicates_caused=0, lost_caused=0,
               suppressed_caused=0, text="no process there to kill")  # fmt: skip
ALL = (KILL, STEP, ACK, MISSED)


def shown(text: str = "", **choices: object) -> list[int]:
    wanted = FaultFilter(text, **choices)  # type: ignore[arg-type]
    return [one.fault_id for one in ALL if wanted.passes(one)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [1, 2, 3, 4]),
        ("effect-applied", [1]),
        ("EFFECT", [1]),
        ("consumer killed", [1, 2]),
        ('"consumer 0"', [2]),
        ("kind:kill", [1, 2, 4]),
        ("kind:step", [2]),
        ('kind:"ack lost"', [3]),
        ("kind:ack", [3]),
        ("lane:at-most-once", [2]),
        ("lane:exactly", [3, 4]),
        ("role:producer", [3]),
        ("slot:0", [3]),
        ("pid:4711", [1, 3]),
        ("caused:>0", [1, 2]),
        ("caused:>=64", [1]),
        ("caused:0", [3, 4]),
        ("lost:>0", [2]),
        ("duplicates:=64", [1]),
        ("t:<10", [1, 3, 4]),
        ("recovery:<50", [1, 2, 4]),
        ("by:hand", [3]),
        ("-by:hand", [1, 2, 4]),
        ("-kind:kill", [3]),
        ("kind:kill caused:>0 -lane:most", [1]),
        ("after:effect", [1, 2, 3, 4]),
        ("caused:many", []),
        ("nothing like it", []),
    ],
)
def test_words_and_terms(text: str, expected: list[int]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("text", ["kind:", "caused:", "caused:>", "caused:>=", "   ", "lane:"])
def test_a_term_that_is_not_finished_asks_for_nothing(text: str) -> None:
    assert shown(text) == [1, 2, 3, 4]
    assert not FaultFilter(text).active


def test_choices_and_words_must_all_hold() -> None:
    assert shown(kind="kill") == [1, 4]
    assert shown(lane="exactly-once") == [3, 4]
    assert shown(only_harm=True) == [1, 2]
    assert shown("killed", kind="kill", lane="at-least-once", only_harm=True) == [1]
    assert shown("lost", kind="kill") == []


@pytest.mark.parametrize(
    "wanted", [FaultFilter("x"), FaultFilter(kind="kill"), FaultFilter(lane="x"),
               FaultFilter(only_harm=True)],
)  # fmt: skip
def test_what_leaves_something_out_is_active(wanted: FaultFilter) -> None:
    assert wanted.active
    assert not FaultFilter().active


def test_what_only_delivered_again_is_caused_and_did_no_harm() -> None:
    suppressed: FaultReport = fault(lost_caused=0, duplicates_caused=0, suppressed_caused=5)
    assert FaultFilter("caused:>0").passes(suppressed)
    assert not FaultFilter(only_harm=True).passes(suppressed)
