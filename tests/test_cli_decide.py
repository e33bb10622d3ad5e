"""`decide`: the three questions without a window."""

from __future__ import annotations

import shlex

import pytest

from bench_gui.cli import main
from bench_gui.proof import proof_settings
from tests.fake_bench import FakeBench


def test_it_names_the_lane_says_why_and_how_to_prove_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["decide", "--loss", "no", "--idempotent", "no", "--log-to-log", "no"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("transactional-sink: ")
    assert "- two-phase-commit, when" in said
    proof = shlex.split(said.splitlines()[-1])
    assert proof[:3] == ["python", "main.py", "run"]
    bench = FakeBench(lane="transactional-sink")
    main(proof[2:], lambda: bench)
    assert bench.settings == proof_settings("transactional-sink", 7)


def test_every_question_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["decide", "--loss", "no"])
    assert ended.value.code == 2
    assert "--idempotent" in capsys.readouterr().err
