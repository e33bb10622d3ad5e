"""Words where there is little room: shorter ones are said, none is cut or meets another."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QFrame, QLabel
from pytestqt.qtbot import QtBot

from bench_gui.window.boxes import CheckBox, _rim
from bench_gui.window.canvas import Pointer
from bench_gui.window.chart import Chart
from bench_gui.window.command_table import Command
from bench_gui.window.gutters import APART_PX, GUTTER_WIDTH, LABEL_PX, RowGutter
from bench_gui.window.main_window import MainWindow
from bench_gui.window.palette import DARK, LIGHT, Theme
from bench_gui.window.rows import ROWS
from bench_gui.window.theme import apply_theme
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import click

WIDE, BRIEF = "p50 148.2 ms   p99 591.3 ms", "148.2 ms \N{MIDDLE DOT} 591.3 ms"


def cut(window: MainWindow) -> list[str]:
    """Captions and tags of counters that are wider than their place."""
    labels = [
        label
        for counter in window.board.findChildren(QFrame)
        if counter.property("part") == "counter" and counter.isVisible()
        for label in counter.findChildren(QLabel)
    ]
    assert len(labels) >= 16
    wide = [one for one in labels if one.fontMetrics().horizontalAdvance(one.text()) > one.width()]
    return [label.text() for label in wide]


def test_captions_and_tags_of_counters_fit_with_large_type(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    window.resize(1280, 720)
    while window.stage.zoom.factor < 1.6:
        window.commands[Command.LARGER_TYPE].trigger()
    click(window, "start")
    qtbot.waitUntil(lambda: window.session.model.latest is not None)
    qtbot.waitUntil(lambda: cut(window) == [])


@pytest.mark.parametrize(("wide_px", "expected"), [(400, WIDE), (170, BRIEF)])
def test_a_chart_says_less_where_it_is_narrow(qtbot: QtBot, wide_px: int, expected: str) -> None:
    chart = Chart("at-least-once", Pointer(), 2)
    qtbot.addWidget(chart)
    chart.read_out(WIDE, BRIEF)
    chart.resize(wide_px, 60)
    chart.show()
    assert chart.words == expected
    chart.read_at_cursor(WIDE, BRIEF)
    assert chart.words == expected


def test_the_unit_of_a_row_does_not_meet_its_scale(qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, LIGHT)
    row = next(row for row in ROWS if row.key == "errors")
    gutter = RowGutter(row.title, row.unit, row.legend, row.help, equal=row.equal)
    qtbot.addWidget(gutter)
    metrics = QFontMetricsF(gutter._font(LABEL_PX))
    words, scale = metrics.horizontalAdvance(row.unit), metrics.horizontalAdvance("\u22122k")
    assert 2 + words + APART_PX + scale + 7 <= GUTTER_WIDTH


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_rim_of_a_box_can_be_seen_also_while_it_cannot_be_used(
    qapp: QApplication, qtbot: QtBot, theme: Theme
) -> None:
    apply_theme(qapp, theme)
    box = CheckBox("a lane")
    qtbot.addWidget(box)
    assert _rim(box).name().upper() == theme.muted
    box.setEnabled(False)
    assert _rim(box).name().upper() == theme.faint
