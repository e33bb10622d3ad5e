"""The advice keeps its word: a lane that is named allows nothing that the answers rule out."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from bench_gui.decide import ADVICE, QUESTIONS, Answers, decide
from workers.lanes import LANE_BY_SLUG, Anomaly, Result

ALL = [Answers(*answers) for answers in itertools.product((True, False), repeat=3)]


def test_there_is_an_answer_to_every_combination() -> None:
    assert set(ADVICE) == set(ALL)
    assert len(QUESTIONS) == 3


@pytest.mark.parametrize("answers", ALL, ids=str)
def test_the_lane_named_does_what_was_asked_for(answers: Answers) -> None:
    lane = LANE_BY_SLUG[decide(answers).lane]
    if not answers.loss:
        assert Anomaly.LOST in lane.forbidden
    if not answers.idempotent:
        assert Anomaly.DUPLICATE in lane.forbidden
        assert not lane.sink.deduplicates
    if not answers.log_to_log:
        assert lane.result is Result.COUNTER


@pytest.mark.parametrize("answers", ALL, ids=str)
def test_nobody_who_writes_to_a_database_is_sent_to_the_log_alone(answers: Answers) -> None:
    lanes = [LANE_BY_SLUG[slug] for slug in decide(answers).candidates]
    if not answers.log_to_log:
        assert all(lane.result is Result.COUNTER for lane in lanes)


@pytest.mark.parametrize("answers", ALL, ids=str)
def test_why_is_two_sentences_and_every_candidate_another(answers: Answers) -> None:
    advice = decide(answers)
    assert advice.why.endswith(".")
    assert advice.why.count(". ") == 1
    assert len(set(advice.candidates)) == len(advice.candidates) == 3
    assert all(one.when and not one.when.endswith(".") for one in advice.others)


def test_across_two_systems_the_ways_across_and_the_trap_are_named() -> None:
    advice = decide(Answers(loss=False, idempotent=False, log_to_log=False))
    assert advice.candidates == ("transactional-sink", "two-phase-commit", "cross-system")


def test_the_three_answers_of_the_article() -> None:
    assert decide(Answers(loss=True, idempotent=True, log_to_log=True)).lane == "at-most-once"
    for log_to_log in (True, False):
        advice = decide(Answers(loss=False, idempotent=True, log_to_log=log_to_log))
        assert advice.lane == "idempotent-consumer"
    advice = decide(Answers(loss=False, idempotent=False, log_to_log=True))
    assert advice.lane == "exactly-once"


def test_the_readme_says_the_same() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    part = readme.partition("## Which lane?")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    told = [([cell.strip() for cell in line[:3]], line[3].split("`")[1]) for line in lines[2:]]
    for answers in ALL:
        given = [answers.loss, answers.idempotent, answers.log_to_log]
        words = ["yes" if answer else "no" for answer in given]
        fitting = [
            lane
            for cells, lane in told
            if all(cell in {word, "either"} for cell, word in zip(cells, words, strict=True))
        ]
        assert fitting == [decide(answers).lane]
