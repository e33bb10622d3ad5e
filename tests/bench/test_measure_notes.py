"""What is said beside the figures, and only where it is so."""

from __future__ import annotations

import pytest

from bench_gui.bench.measure.notes import batch_note, order_note
from bench_gui.measure_drawing.drawing import drawing
from bench_gui.measure_report import explanation
from tests.measures import cells_of, result, settings

FULL = {"rate": "max"}


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({}, True),
        ({"sweep": "rate"}, True),
        ({"sweep": "linger", "linger": "0s"}, True),
        ({"linger": "0s"}, False),
        (FULL, False),
        ({"lanes": "at-least-once,exactly-once"}, False),
        ({"lanes": "at-most-once"}, False),
    ],
)
def test_that_at_most_once_batches_less_is_said_where_it_does(
    texts: dict[str, str], said: bool
) -> None:
    asked = settings(**texts)
    shown = result(asked, cells_of(asked))
    assert ("nothing joins a batch that lingers" in explanation(shown)) is said
    assert ("smaller batches" in drawing(shown)) is said
    assert bool(batch_note(asked)) is said


@pytest.mark.parametrize(
    ("texts", "whole"),
    [
        ({"rounds": "3"}, "takes 4 rounds"),
        ({"rounds": "4"}, ""),
        ({"lanes": "all", "rounds": "6"}, "takes 14 rounds"),
        ({"lanes": "all", "faults": "without", "rounds": "13"}, "takes 14 rounds"),
        ({"rounds": "2", "sweep": "batch"}, ""),
    ],
)
def test_too_few_rounds_for_the_whole_design_are_told_how_many_it_takes(
    texts: dict[str, str], whole: str
) -> None:
    asked = settings(**texts)
    assert whole in order_note(asked)
    assert bool(order_note(asked)) is bool(whole)
    assert order_note(asked) in explanation(result(asked, cells_of(asked)))
