"""Steps of the settings: what is one step, what it is called, and back and forth again."""

from __future__ import annotations

from bench_gui.bench.scenario import scenarios
from bench_gui.window.explore.settings_history import MOST_STEPS, Filled, SettingsHistory

START = Filled({"rate": "1k", "seed": "7", "lanes": "a,b"})


def at(**texts: str) -> Filled:
    return Filled({**START.texts, **texts})


def history() -> SettingsHistory:
    return SettingsHistory(START, typed={"rate", "seed"})


def test_what_is_typed_letter_by_letter_is_one_step() -> None:
    steps = history()
    for text in ("2", "20", "200"):
        steps.note(at(rate=text))
    assert steps.undo_title == "rate 1k to 200"
    assert steps.undo() == START
    assert steps.undo() is None
    assert steps.redo() == at(rate="200")


def test_another_field_or_a_pause_begins_another_step() -> None:
    steps = history()
    steps.note(at(rate="2k"))
    steps.seal()
    steps.note(at(rate="3k"))
    steps.note(at(rate="3k", seed="8"))
    assert [steps.undo(), steps.undo(), steps.undo()] == [at(rate="3k"), at(rate="2k"), START]


def test_boxes_are_a_step_each() -> None:
    steps = history()
    steps.note(at(lanes="a"))
    steps.note(at(lanes=""))
    assert steps.undo() == at(lanes="a")


def test_what_is_typed_and_taken_back_by_hand_is_no_step() -> None:
    steps = history()
    steps.note(at(rate="5"))
    steps.note(START)
    assert steps.undo_title == ""
    steps.note(at(rate="6"))
    assert steps.undo() == START


def test_many_at_once_are_one_step_with_the_name_given() -> None:
    steps = history()
    steps.note(at(rate="2k", seed="8"), "the preset Storm")
    assert steps.undo_title == "the preset Storm"
    steps.note(at(rate="9k", seed="9"))
    assert steps.undo_title == "2 settings"


def test_a_name_given_is_never_joined_to_what_was_typed() -> None:
    steps = history()
    steps.note(at(seed="1"))
    steps.note(at(seed="2"), "another seed")
    steps.note(at(seed="3"))
    assert [steps.undo(), steps.undo(), steps.undo()] == [at(seed="2"), at(seed="1"), START]


def test_a_scenario_is_a_step_that_brings_its_story() -> None:
    steps = history()
    told = Filled(at(rate="500").texts, scenarios()[0])
    steps.note(told)
    assert scenarios()[0].title in steps.undo_title
    assert steps.undo() == START
    assert steps.redo() == told


def test_something_new_forgets_what_was_taken_back() -> None:
    steps = history()
    steps.note(at(rate="2k"))
    steps.undo()
    steps.note(at(seed="8"))
    assert steps.redo() is None
    assert steps.redo_title == ""


def test_an_undo_is_not_joined_to_what_is_typed_next() -> None:
    steps = history()
    steps.note(at(rate="2k"))
    steps.seal()
    steps.note(at(rate="3k"))
    steps.undo()
    steps.note(at(rate="4k"))
    assert [steps.undo(), steps.undo()] == [at(rate="2k"), START]


def test_it_is_bounded_and_forgets_the_oldest() -> None:
    steps = history()
    for number in range(MOST_STEPS + 5):
        steps.note(at(lanes=str(number)))
    undone = 0
    while steps.undo():
        undone += 1
    assert undone == MOST_STEPS
    assert steps.now == at(lanes="4")


def test_a_long_or_an_empty_value_is_not_put_into_a_menu() -> None:
    steps = history()
    steps.note(at(rate=""))
    assert steps.undo_title == "rate"
    steps.note(at(lanes="a," * 20))
    assert steps.undo_title == "2 settings"
