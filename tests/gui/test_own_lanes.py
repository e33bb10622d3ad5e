"""A lane of one's own: composed from parts, with the contract that follows from them."""

from __future__ import annotations

from itertools import product

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QRadioButton, QToolButton
from pytestqt.qtbot import QtBot

from bench_gui.bench.settings import RunSettings
from bench_gui.window.compose_dialog import ComposeDialog
from bench_gui.window.composition import Parts, compose, terms
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from tests.gui.conftest import Opened
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import choose_from_menu, click, fill_in, find, press
from workers.lanes import LANES, lane_of
from workers.policies import (
    CONSUMERS,
    PRODUCERS,
    SINKS,
    Anomaly,
    ConsumerPolicy,
    IncompatibleParts,
    ProducerPolicy,
    SinkPolicy,
    contract,
)

EVERY = list(product(PRODUCERS, CONSUMERS, SINKS))
CONTROL = Qt.KeyboardModifier.ControlModifier
OWN = "retry+process-first+counter"


def compose_dialog(window: MainWindow) -> ComposeDialog:
    """The dialog, opened by its key."""
    press(window, Qt.Key.Key_L, CONTROL)
    return open_dialog(window)


def open_dialog(window: MainWindow) -> ComposeDialog:
    """The dialog on the screen."""
    (dialog,) = (one for one in window.findChildren(ComposeDialog) if one.isVisible())
    return dialog


def choose(dialog: ComposeDialog, kind: str, slug: str) -> None:
    button = dialog.findChild(QRadioButton, f"{kind}-{slug}")
    assert button is not None
    button.click()


def said(dialog: ComposeDialog, name: str) -> str:
    label = dialog.findChild(QLabel, name)
    assert label is not None
    return label.text() if not label.isHidden() else ""


def add_button(dialog: ComposeDialog) -> QPushButton:
    button = dialog.findChild(QPushButton, "add-lane")
    assert button is not None
    return button


def refusal_of(parts: Parts) -> str:
    """Why the parts cannot go together, empty when they can."""
    try:
        contract(*parts)
    except IncompatibleParts as problem:
        return str(problem)
    return ""


def choose_all(dialog: ComposeDialog, parts: Parts) -> None:
    for kind, part in zip(("producer", "consumer", "sink"), parts, strict=True):
        choose(dialog, kind, part.slug)


def test_parts_that_cannot_go_together_are_refused_with_their_reason(window: MainWindow) -> None:
    dialog = compose_dialog(window)
    refused = [parts for parts in EVERY if refusal_of(parts)]
    assert refused
    for parts in refused:
        choose_all(dialog, parts)
        assert refusal_of(parts) in said(dialog, "contract-problem")
        assert refusal_of(parts) in add_button(dialog).toolTip()
        assert said(dialog, "contract-why") == ""
        assert not add_button(dialog).isEnabled()


def test_the_contract_on_the_screen_is_the_policies_own(window: MainWindow) -> None:
    dialog = compose_dialog(window)
    for parts in EVERY:
        if refusal_of(parts):
            continue
        follows = contract(*parts)
        choose_all(dialog, parts)
        shown = [line[2:] for line in said(dialog, "contract-why").splitlines()]
        assert tuple(shown[: len(follows.why)]) == follows.why
        assert said(dialog, "contract-problem") == ""
        never = Anomaly.LOST in follows.forbidden
        assert said(dialog, "term-lost").endswith("never lost" if never else "may be lost")
        never = Anomaly.DUPLICATE in follows.forbidden
        words = "never count twice" if never else "may count twice"
        assert said(dialog, "term-duplicates").endswith(words)
        words = "may block" if follows.blocks else "never blocks"
        assert said(dialog, "term-blocks").endswith(words)
        assert add_button(dialog).isEnabled()


@pytest.mark.parametrize(("producer", "consumer", "sink"), EVERY)
def test_a_lane_put_together_is_a_lane_that_the_workers_know(
    producer: ProducerPolicy, consumer: ConsumerPolicy, sink: SinkPolicy
) -> None:
    found = compose((producer, consumer, sink), {"linger": "5 ms", "batch": "2k"}, ())
    if found.slug is None:
        assert found.contract is None
        return
    lane = lane_of(found.slug)
    assert (lane.producer, lane.consumer, lane.sink) == (producer, consumer, sink)
    assert lane.knobs == (("batch", "2k"), ("linger", "5ms"))
    assert RunSettings(lanes=(found.slug,)).lanes == (found.slug,)
    for term in terms(lane.contract):
        if term.name == "duplicates":
            assert term.may == (Anomaly.DUPLICATE in lane.allowed)


def test_the_parts_of_a_known_lane_are_recognized() -> None:
    for lane in LANES:
        assert lane.name in compose((lane.producer, lane.consumer, lane.sink), {}, ()).note


def test_every_part_says_its_rule(window: MainWindow) -> None:
    dialog = compose_dialog(window)
    for kind, parts in (("producer", PRODUCERS), ("consumer", CONSUMERS), ("sink", SINKS)):
        for part in parts:
            button = dialog.findChild(QRadioButton, f"{kind}-{part.slug}")
            assert button is not None
            assert button.accessibleDescription() == part.rule
            assert part.rule in button.toolTip()


def test_a_knob_that_cannot_be_read_is_marked_and_nothing_can_be_added(window: MainWindow) -> None:
    dialog = compose_dialog(window)
    knob = dialog.findChild(QLineEdit, "knob-batch")
    assert knob is not None
    assert knob.placeholderText() == "500"
    QTest.keyClicks(knob, "many")
    assert knob.property("wrong") is True
    assert not add_button(dialog).isEnabled()
    knob.clear()
    QTest.keyClicks(knob, "20000")
    assert not add_button(dialog).isEnabled()
    knob.clear()
    assert add_button(dialog).isEnabled()


def add_own(window: MainWindow) -> None:
    """Adds a lane as a user would: opens, chooses, presses Enter."""
    dialog = compose_dialog(window)
    knob = dialog.findChild(QLineEdit, "knob-sink-batch")
    assert knob is not None
    QTest.keyClicks(knob, "10")
    QTest.keyClick(knob, Qt.Key.Key_Return)


def test_a_lane_added_runs_beside_the_others(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    add_own(window)
    slug = f"{OWN}@sink-batch=10"
    assert find(window, QCheckBox, f"lane-{slug}").isChecked()
    assert window.board.shows(slug)
    press(window, Qt.Key.Key_F5)
    assert client.started[-1][0].lanes[-1] == slug
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    lane = window.session.model.lane(slug)
    assert lane is not None
    assert lane.counts.delivered_unique > 0


def test_the_same_lane_is_not_added_twice(window: MainWindow) -> None:
    add_own(window)
    add_own(window)
    assert window.panel.lanes.own == (f"{OWN}@sink-batch=10",)
    dialog = open_dialog(window)
    assert "in the list already" in said(dialog, "contract-problem")


def test_a_lane_is_chosen_by_key_and_removed_by_click_and_by_key(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.panel.add_lane(OWN)
    box = find(window, QCheckBox, f"lane-{OWN}")
    qtbot.waitUntil(box.isVisible)
    press(window, Qt.Key.Key_8, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: OWN not in window.panel.lanes.chosen())
    press(window, Qt.Key.Key_8, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(box.isChecked)
    find(window, QToolButton, f"remove-{OWN}").click()
    assert window.panel.lanes.own == ()
    assert OWN not in window.panel.lanes.chosen()
    window.panel.add_lane(OWN)
    again = window.findChildren(QCheckBox, f"lane-{OWN}")[-1]
    qtbot.waitUntil(again.isVisible)
    again.setFocus()
    press(window, Qt.Key.Key_Delete)
    assert window.panel.lanes.own == ()


def test_own_lanes_are_there_again_at_the_next_start(open_window: Opened, qtbot: QtBot) -> None:
    first = open_window()
    first.panel.add_lane(OWN)
    first.panel.add_lane(f"{OWN}@batch=10")
    box = find(first, QCheckBox, f"lane-{OWN}")
    qtbot.waitUntil(box.isVisible)
    box.click()
    first.close()
    second = open_window()
    assert second.panel.lanes.own == (OWN, f"{OWN}@batch=10")
    assert second.panel.lanes.chosen()[-1] == f"{OWN}@batch=10"
    assert OWN not in second.panel.lanes.chosen()


def test_stored_lanes_that_make_no_sense_any_more_are_left_out(
    open_window: Opened, store: QSettings
) -> None:
    store.setValue("own-lanes", f"nonsense,a+b+c,at-most-once,{OWN}")
    assert open_window().panel.lanes.own == (OWN,)


def test_no_lane_is_composed_while_a_run_goes_on(window: MainWindow) -> None:
    click(window, "start")
    button = find(window, QPushButton, "compose-button")
    assert not button.isEnabled()
    assert "a run is going on" in button.toolTip()


def test_the_dialog_opens_from_the_menu_too(window: MainWindow) -> None:
    choose_from_menu(window, "Settings", "Compose a lane...")
    assert open_dialog(window).windowTitle() == "Compose a lane"


def test_settings_of_the_run_are_what_an_empty_knob_stands_for(window: MainWindow) -> None:
    window.panel.more.unfold(True)
    fill_in(window, "batch", "77")
    knob = compose_dialog(window).findChild(QLineEdit, "knob-batch")
    assert knob is not None
    assert knob.placeholderText() == "77"
