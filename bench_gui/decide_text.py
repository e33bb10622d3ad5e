"""The three questions on the command line, and their answer as a terminal shows it. Pure."""

from __future__ import annotations

import argparse
import textwrap

from bench_gui.bench.options import command_line
from bench_gui.bench.records.table import WIDTH
from bench_gui.bench.settings import RunSettings
from bench_gui.decide import QUESTIONS, Answers, decide
from bench_gui.proof import place_in_words, proof_settings
from workers.lanes import lane_of

YES, NO = "yes", "no"


def add_decide(parser: argparse.ArgumentParser) -> None:
    """One option a question; all of them are asked for."""
    for one in QUESTIONS:
        parser.add_argument(f"--{one.key}", choices=(YES, NO), required=True, help=one.text)


def answers_of(arguments: argparse.Namespace) -> Answers:
    """What the options say."""
    given = (getattr(arguments, one.key.replace("-", "_")) == YES for one in QUESTIONS)
    return Answers(*given)


def advice_text(answers: Answers) -> str:
    """The lane, why, what else there is, and the command that proves it."""
    advice = decide(answers)
    lane = lane_of(advice.lane)
    others = "\n".join(f"- {one.lane}, when {one.when}" for one in advice.others)
    proof = command_line(proof_settings(advice.lane, RunSettings().seed))
    return (
        f"{advice.lane}: {lane.rule}\n\n{textwrap.fill(advice.why, WIDTH)}\n\n"
        f"Or\n{others}\n\n"
        f"Prove it, with kills at its worst step ({place_in_words(lane)}):\n{proof}\n"
    )
