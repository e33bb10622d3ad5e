"""Every beat of every scenario: what it does reaches the bench, where it says to look is marked."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bench_gui.bench.beats import VIEWS, Deed, Verb, parse_deed
from bench_gui.bench.faults import KILL, PAUSE
from bench_gui.bench.scenario import Scenario, scenario_from, scenario_of, scenarios
from bench_gui.bench.snapshot import RunState
from bench_gui.bench.worst_step import worst_step
from bench_gui.window.command_table import Command
from bench_gui.window.main_window import MainWindow
from bench_gui.window.session import Phase
from bench_gui.window.stage.director import FIRST, LAST
from bench_gui.window.stage.looking import FAULTS, VIEW_BY_NAME
from bench_gui.window.stage.outcome import deed_in_words
from bench_gui.window.stage.spotlight import STRIP_PX, cap_place
from bench_gui.window.views import View
from tests.gui.fake_client import FakeClient
from tests.gui.pressing import choose_from_menu, find, press, text_of
from workers.lanes import Role, lane_of

ALL = scenarios()


def reached(client: FakeClient) -> list[tuple[object, ...]]:
    """Everything that was asked of the bench, in a form that deeds can be compared with."""
    asked: list[tuple[object, ...]] = [("start",)] * len(client.started)
    asked += [("stop",)] * client.stops + [("cut off",)] * client.aborts
    asked += [("kill", *one) for one in client.kills]
    asked += [("pause", *one) for one in client.pauses]
    asked += [("take down", *one) for one in client.downs]
    asked += [("kill at", *one) for one in client.failpoints]
    asked += [("lose ack", one) for one in client.acks_lost]
    return asked


def expected(deed: Deed, lane: str | None, lanes: tuple[str, ...]) -> list[tuple[object, ...]]:
    """What a deed asks of the bench."""
    if deed.verb is Verb.KILL_AT_WORST:
        slugs = lanes if lane is None else (lane,)
        return [("kill at", worst_step(lane_of(slug)), slug) for slug in slugs]
    if deed.failpoint is not None:
        return [("kill at", deed.failpoint, lane)]
    if deed.verb is Verb.LOSE_ACK:
        return [("lose ack", lane)]
    if deed.role is not None:
        return [(deed.verb.value, deed.role, lane)]
    return [(deed.verb.value,)]


@pytest.mark.parametrize("scenario", ALL, ids=lambda one: one.slug)
def test_the_beats_of_a_scenario(
    window: MainWindow, client: FakeClient, qtbot: QtBot, scenario: Scenario
) -> None:
    client.speed = 1.0
    window.scenarios.choose(scenario)
    for number, beat in enumerate(scenario.beats, start=1):
        before = reached(client)
        press(window, Qt.Key.Key_PageDown)
        lane = window.stage.focus.lane
        lanes = scenario.settings().lanes
        wanted = [one for deed in beat.deeds for one in expected(deed, lane, lanes)]
        now = sorted(map(str, before + wanted))
        qtbot.waitUntil(lambda now=now: sorted(map(str, reached(client))) == now)
        assert text_of(window, "story-beat") == beat.text
        assert find(window, QLabel, "story-beat").isVisible()
        assert text_of(window, "story-place") == f"beat {number} of {len(scenario.beats)}"
        assert "cannot" not in text_of(window, "status-message")
        if beat.lane is not None:
            assert lane == (None if beat.lane == "all" else beat.lane)
        assert beat.look is not None
        assert_marked(window, qtbot, beat.look)
    press(window, Qt.Key.Key_PageDown)
    assert text_of(window, "status-message") == LAST
    assert client.started[-1][0] == scenario.settings_at(0)
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)


def assert_marked(window: MainWindow, qtbot: QtBot, look: str) -> None:
    """What a beat says to look at is on the screen, and framed where it is a part of the board."""
    if look in VIEWS:
        added = window.views.has(VIEW_BY_NAME[look])
        assert added is (window.views.view is VIEW_BY_NAME[look])
    elif look == FAULTS:
        assert window.faults.isVisible()
    else:
        spotlight = window.stage.looking.spotlight
        assert spotlight.name == look
        qtbot.waitUntil(lambda: spotlight.rect is not None)
        rect = spotlight.rect
        assert rect is not None
        assert window.board.content.rect().contains(rect)
        assert min(rect.width(), rect.height()) > 10


def test_the_cap_of_the_frame_leaves_names_alone() -> None:
    cap = QSize(90, 16)
    row, lane, low = QRect(0, 200, 300, 60), QRect(0, 6, 150, 590), QRect(0, 6, 150, 300)
    assert cap_place(row, cap, 600).y() + cap.height() <= row.top() + STRIP_PX
    assert cap_place(lane, cap, 600) == QPoint(60, 600 - 16)
    assert cap_place(low, cap, 600).y() > low.bottom() - STRIP_PX


def test_going_back_shows_the_text_again_and_does_nothing_twice(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 0.1
    scenario = scenario_of("role-down")
    window.scenarios.choose(scenario)
    for _ in range(3):
        press(window, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: len(client.downs) == 1)
    asked = reached(client)
    for _ in range(2):
        press(window, Qt.Key.Key_PageUp)
    assert text_of(window, "story-beat") == scenario.beats[0].text
    press(window, Qt.Key.Key_PageUp)
    assert text_of(window, "status-message") == FIRST
    for _ in range(2):
        press(window, Qt.Key.Key_PageDown)
    assert text_of(window, "story-beat") == scenario.beats[2].text
    assert reached(client) == asked


def test_a_beat_that_cannot_act_says_so_and_goes_on(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 0.1
    window.scenarios.choose(scenario_of("role-down"))
    press(window, Qt.Key.Key_PageDown)
    window.session.abort()
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    press(window, Qt.Key.Key_PageDown)
    said = text_of(window, "status-message")
    assert said == 'Beat 2 of 5: cannot "take consumers down" now: no run is going on'
    assert client.downs == []
    press(window, Qt.Key.Key_PageDown)
    assert text_of(window, "story-place") == "beat 3 of 5"


def test_a_beat_that_was_refused_is_tried_again(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 0.1
    window.scenarios.choose(scenario_of("role-down"))
    press(window, Qt.Key.Key_F5)
    press(window, Qt.Key.Key_PageDown)
    assert 'cannot "start" now: a run is going on' in text_of(window, "status-message")
    window.session.abort()
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    press(window, Qt.Key.Key_PageDown)
    assert window.session.phase is Phase.RUNNING
    assert text_of(window, "status-message") == "Beat 1 of 5: start"
    press(window, Qt.Key.Key_PageDown)
    assert text_of(window, "story-place") == "beat 2 of 5"
    assert len(client.started) == 2


def test_what_was_refused_twice_holds_nobody_up_and_can_be_gone_back_to(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 1.0
    beats = [{"text": "a", "do": ["hold", "kill consumer"]}, {"text": "b"}]
    window.scenarios.choose(scenario_from("t", {"title": "t", "beats": beats}))
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.session.model.last_sample_s() > 0.5)
    window.session.abort()
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    for place in ("beat 1 of 2", "beat 2 of 2"):
        press(window, Qt.Key.Key_PageDown)
        assert text_of(window, "story-place") == place
        assert 'cannot "kill consumer" now' in text_of(window, "status-message")
    press(window, Qt.Key.Key_PageUp)
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.session.model.last_sample_s() > 0.5)
    press(window, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: len(client.kills) == 1)
    assert text_of(window, "story-place") == "beat 1 of 2"
    assert not window.commands[Command.HOLD].isChecked()  # done once, not again


def test_a_start_while_a_run_goes_on_changes_nothing(
    window: MainWindow, client: FakeClient
) -> None:
    client.speed = 0.1
    window.scenarios.choose(scenario_of("role-down"))
    press(window, Qt.Key.Key_F5)
    before = window.panel.reading.settings
    press(window, Qt.Key.Key_PageDown)
    assert "a run is going on" in text_of(window, "status-message")
    assert window.panel.reading.settings == before
    assert len(client.started) == 1


def test_a_fault_waits_for_the_processes_to_start(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 0.1
    window.scenarios.choose(scenario_of("exactly-once-meets-a-database"))
    press(window, Qt.Key.Key_PageDown)
    assert client._run is not None
    client._run.state = RunState.STARTING
    qtbot.waitUntil(lambda: window.session.model.latest is not None)
    press(window, Qt.Key.Key_PageDown)
    press(window, Qt.Key.Key_0)
    seen = window.session.model.latest
    qtbot.waitUntil(lambda: window.session.model.latest is not seen)
    assert client.failpoints == []
    client._run.state = RunState.RUNNING
    qtbot.waitUntil(lambda: len(client.failpoints) == 1)
    assert client.failpoints[0][1] == "exactly-once"
    assert window.stage.focus.lane is None


def test_a_run_that_never_started_takes_what_waits_with_it(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 0.1
    client.deaf = True
    window.scenarios.choose(scenario_of("role-down"))
    press(window, Qt.Key.Key_PageDown)
    press(window, Qt.Key.Key_PageDown)
    client.failure = "the bench's process ended unexpectedly"
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    client.deaf, client._run = False, None
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.session.model.latest is not None)
    assert client.downs == []


def test_choosing_a_scenario_begins_anew(window: MainWindow) -> None:
    window.scenarios.choose(ALL[0])
    press(window, Qt.Key.Key_PageDown)
    window.session.abort()
    window.scenarios.choose(ALL[0])
    assert text_of(window, "story-place") == f"{len(ALL[0].beats)} beats"
    assert window.stage.looking.spotlight.name is None


def test_the_display_is_held_and_let_go_again(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 1.0
    beats = [{"text": one, "do": [one]} for one in ("start", "hold", "hold", "live")]
    window.scenarios.choose(scenario_from("t", {"title": "t", "beats": beats}))
    press(window, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: window.session.model.last_sample_s() > 0.5)
    hold = window.commands[Command.HOLD]
    for held in (True, True, False):
        press(window, Qt.Key.Key_PageDown)
        assert hold.isChecked() is held
        assert "cannot" not in text_of(window, "status-message")


def test_beats_by_menu(window: MainWindow, client: FakeClient) -> None:
    client.speed = 0.1
    window.scenarios.choose(ALL[1])
    choose_from_menu(window, "Scenarios", "Next beat")
    choose_from_menu(window, "Scenarios", "Next beat")
    choose_from_menu(window, "Scenarios", "Previous beat")
    assert text_of(window, "story-place").startswith("beat 1 of")


def test_without_a_scenario_there_is_no_beat_and_the_reason_is_told(window: MainWindow) -> None:
    assert "no scenario with beats" in window.commands[Command.NEXT_BEAT].toolTip()
    press(window, Qt.Key.Key_PageDown)
    assert window.session.phase is Phase.IDLE


def test_in_the_list_of_faults_the_paging_keys_stay_the_list_s_own(window: MainWindow) -> None:
    window.scenarios.choose(ALL[1])
    window.faults.focus()
    press(window, Qt.Key.Key_PageDown)
    assert window.session.phase is Phase.IDLE


@pytest.mark.parametrize("view", [View.LINKS, View.RESULTS])
def test_in_the_tables_of_the_other_views_the_paging_keys_stay_theirs(
    window: MainWindow, view: View
) -> None:
    window.scenarios.choose(ALL[1])
    window.views.show_view(view)
    page = window.links if view is View.LINKS else window.results
    page.table.view.setFocus()
    press(window, Qt.Key.Key_PageDown)
    assert window.session.phase is Phase.IDLE


def test_w_kills_every_lane_at_its_own_worst_step(window: MainWindow, client: FakeClient) -> None:
    client.speed = 0.1
    press(window, Qt.Key.Key_F5)
    press(window, Qt.Key.Key_W)
    lanes = window.stage.focus.lanes
    assert client.failpoints == [(worst_step(lane_of(slug)), slug) for slug in lanes]
    client.failpoints.clear()
    press(window, Qt.Key.Key_2)
    choose_from_menu(window, "Run", "Kill at the worst step")
    assert client.failpoints == [(worst_step(lane_of(lanes[1])), lanes[1])]
    assert client.failpoints[0][0].role is Role.CONSUMER


def test_a_beat_goes_back_to_live_unless_it_holds(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 1.0
    beats = [{"text": "a", "do": ["start"]}, {"text": "b"}, {"text": "c", "do": ["hold"]}]
    window.scenarios.choose(scenario_from("t", {"title": "t", "beats": beats}))
    press(window, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: window.session.model.last_sample_s() > 0.5)
    for held in (False, True):
        press(window, Qt.Key.Key_H)
        assert window.commands[Command.HOLD].isChecked()
        press(window, Qt.Key.Key_PageDown)
        assert window.commands[Command.HOLD].isChecked() is held


def test_each_fault_of_a_beat_is_told_with_its_own_outcome(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 1.0
    deeds = ["live", "pause consumer", "kill producer"]
    beats = [{"text": "a", "do": ["start"]}, {"text": "b", "do": deeds, "lane": "at-least-once"}]
    texts = {"duration": "60s", "kill-every": "never"}
    script = {"title": "t", "settings": texts, "beats": beats}
    window.scenarios.choose(scenario_from("t", script))
    press(window, Qt.Key.Key_F12)
    press(window, Qt.Key.Key_PageDown)
    toast = window.stage.toaster
    assert (toast.key, toast.words) == ("PgDn", "Beat 1 of 2")
    press(window, Qt.Key.Key_PageDown)
    assert toast.words == "Beat 2 of 2"
    qtbot.waitUntil(lambda: toast.words.count("pid") == 2)
    told = {one.kind: one for one in window.faults.model._faults}
    paused, killed = told[PAUSE], told[KILL]
    assert toast.words == (
        f"Beat 2 of 2; Pause a consumer: consumer {paused.slot} of At-least-once, "
        f"pid {paused.pid}; Kill a producer: producer {killed.slot} of At-least-once, "
        f"pid {killed.pid}"
    )


def test_a_step_is_told_in_words() -> None:
    deed = parse_deed("kill at consumer:after=effect-applied,before=offsets-committed")
    said = "kill a consumer at a step: after effect-applied, before offsets-committed"
    assert deed_in_words(deed) == said


def test_f5_after_the_last_beat_begins_the_walk_anew(
    window: MainWindow, client: FakeClient, qtbot: QtBot
) -> None:
    client.speed = 1.0
    beats = [{"text": "a", "do": ["start"]}, {"text": "b", "settings": {"rate": "3k"}}]
    window.scenarios.choose(scenario_from("t", {"title": "t", "beats": beats}))
    press(window, Qt.Key.Key_PageDown)
    window.session.abort()
    qtbot.waitUntil(lambda: window.session.phase is Phase.ENDED)
    press(window, Qt.Key.Key_PageDown)
    press(window, Qt.Key.Key_F5)
    assert text_of(window, "story-place") == "beat 1 of 2"
    assert [settings.rate_eps for settings, _ in client.started] == [1000, 1000]


def test_the_list_of_faults_comes_with_its_frame_and_goes_on_stage(
    window: MainWindow, qtbot: QtBot
) -> None:
    beats = [{"text": "a", "look": "faults"}, {"text": "b"}, {"text": "c", "look": "faults"}]
    window.scenarios.choose(scenario_from("t", {"title": "t", "beats": beats}))
    press(window, Qt.Key.Key_PageDown)
    press(window, Qt.Key.Key_F12)
    marked = window.stage.looking.on_faults
    for shown in (True, False, True):
        assert window.faults.isVisible() is shown
        qtbot.waitUntil(lambda shown=shown: (marked.rect is not None) is shown)
        press(window, Qt.Key.Key_PageDown)
