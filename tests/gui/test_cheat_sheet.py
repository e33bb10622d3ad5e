"""The cheat sheet: every command is on it, it is readable, and any key closes it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bench_gui.window.command_table import SPECS
from bench_gui.window.main_window import MainWindow
from bench_gui.window.stage.cheat_sheet import CheatSheet
from bench_gui.window.stage.sheet import Group, columns, groups, keys_of, lines_of
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import choose_from_menu, find, press


def sheet(window: MainWindow) -> CheatSheet:
    return find(window, CheatSheet, "cheat-sheet")


def test_every_command_s_key_is_on_it() -> None:
    told = {key for group in groups() for key, _ in group.rows}
    assert {keys_of(spec) for spec in SPECS} <= told


def test_it_opens_by_key_and_by_menu_and_any_key_closes_it_and_does_nothing_else(
    window: MainWindow, client: FakeClient
) -> None:
    client.speed = 0.1
    press(window, Qt.Key.Key_F5)
    press(window, Qt.Key.Key_Question)
    assert sheet(window).isVisible()
    assert sheet(window).geometry() == window.rect()
    QTest.keyClick(sheet(window), Qt.Key.Key_C)
    assert not sheet(window).isVisible()
    assert client.kills == []
    press(window, Qt.Key.Key_C)
    assert len(client.kills) == 1
    choose_from_menu(window, "Help", "Cheat sheet")
    assert sheet(window).isVisible()
    QTest.mouseClick(sheet(window), Qt.MouseButton.LeftButton)
    assert not sheet(window).isVisible()


def test_esc_closes_the_sheet_and_not_present_mode(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F12)
    press(window, Qt.Key.Key_Question)
    QTest.keyClick(sheet(window), Qt.Key.Key_Escape)
    assert not sheet(window).isVisible()
    assert window.stage.presenting.on


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_its_type_is_large_enough_to_be_read(window: MainWindow, width: int, height: int) -> None:
    pixels, cut = sheet(window).layout_for(width, height)
    assert pixels >= 12
    assert sum(map(len, cut)) == len(groups())


def test_it_covers_a_window_that_grows(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Question)
    window.resize(window.width() + 40, window.height() + 30)
    QTest.qWait(1)
    assert sheet(window).geometry() == window.rect()


def test_columns_hold_every_group_once_the_first_one_first_and_are_about_as_long() -> None:
    five = [Group(str(n), (("k", "t"),) * many) for n, many in enumerate((4, 1, 2, 3, 1))]
    cut = columns(five, 3)
    assert sorted((group for column in cut for group in column), key=five.index) == five
    assert cut[0][0] == five[0]
    assert all(column == sorted(column, key=five.index) for column in cut)
    assert max(map(lines_of, cut)) <= 8
    assert columns(five, 1) == [five]
