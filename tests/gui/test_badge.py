"""What stands beside a verdict when there is room for a few words only."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from bench_gui.bench.snapshot import Verdict
from bench_gui.window.badge import VerdictBadge, short_reason
from bench_gui.window.palette import DARK, LIGHT
from bench_gui.window.theme import apply_theme


@pytest.mark.parametrize(
    ("verdict", "reason", "faults", "shown"),
    [
        (Verdict.PENDING, "", 0, ""),
        (Verdict.PENDING, "nothing forbidden seen in 1 fault", 1, "1 fault could hurt"),
        (Verdict.HOLDS, "nothing forbidden seen; 3 lost, as allowed", 9, "9 faults could hurt"),
        (Verdict.BROKEN, "3 lost, which this lane forbids", 9, "3 lost"),
        (Verdict.NOT_TESTED, "no fault landed", 0, "no fault landed"),
        (Verdict.HOLDS, "nothing forbidden seen in 2 faults; 5 unattributed", 2, "5 unattributed"),
        (Verdict.BROKEN, "3 lost, which this lane forbids; 5 unattributed", 2, "5 unattributed"),
    ],
)
def test_what_matters_most_comes_first(
    verdict: Verdict, reason: str, faults: int, shown: str
) -> None:
    assert short_reason(verdict, reason, faults) == shown


def test_a_verdict_has_its_own_room_whatever_it_was_before(qtbot: QtBot) -> None:
    apply_theme(QApplication.instance(), LIGHT)  # type: ignore[arg-type]
    badge, other = VerdictBadge("one"), VerdictBadge("other")
    for made in (badge, other):
        qtbot.addWidget(made)
        made.show()
    badge.show_verdict(Verdict.HOLDS, "")
    badge.show_verdict(Verdict.PENDING, "")
    other.show_verdict(Verdict.PENDING, "")
    first, second = (made.findChildren(QLabel)[0].sizeHint() for made in (badge, other))
    assert first == second
    other.show_verdict(Verdict.HOLDS, "")
    apply_theme(QApplication.instance(), DARK)  # type: ignore[arg-type]
    badge.show_verdict(Verdict.HOLDS, "")
    assert badge.findChildren(QLabel)[0].sizeHint() == other.findChildren(QLabel)[0].sizeHint()


def test_with_little_room_a_verdict_stands_alone_unless_something_is_unattributed(
    qtbot: QtBot,
) -> None:
    badge = VerdictBadge("x")
    qtbot.addWidget(badge)
    badge.set_narrow(True)
    shown = badge.findChildren(QLabel)[1]
    badge.show_verdict(Verdict.PENDING, "nothing forbidden seen in 3 faults", 3)
    assert shown.text() == "3 faults"
    badge.show_verdict(Verdict.HOLDS, "nothing forbidden seen in 3 faults", 3)
    assert shown.text() == ""
    assert "3 faults" in badge.toolTip()
    badge.show_verdict(Verdict.HOLDS, "nothing forbidden seen; 5 unattributed", 3)
    assert shown.text() == "5 unattributed"
    badge.set_narrow(False)
    badge.show_verdict(Verdict.HOLDS, "nothing forbidden seen in 3 faults", 3)
    assert shown.text() == "3 faults could hurt"
