"""Every bug of the catalogue can be planted in today's source, and planting changes it."""

from __future__ import annotations

import ast
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.mutants.catalogue import MUTANTS
from tests.mutants.planting import ROOT, Mutant, plant

LEAST = 25


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_it_can_be_planted_and_is_still_python(mutant: Mutant, tmp_path: Path) -> None:
    target = tmp_path / mutant.file
    target.parent.mkdir(parents=True)
    shutil.copy(ROOT / mutant.file, target)
    plant(mutant, tmp_path)
    changed = target.read_text("utf-8")
    assert changed != (ROOT / mutant.file).read_text("utf-8")
    ast.parse(changed)
    places = [word for check in mutant.checks for word in check.split() if word.startswith("tests")]
    assert places
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    assert len(MUTANTS) >= LEAST
    assert max(Counter(mutant.name for mutant in MUTANTS).values()) == 1


def test_a_bug_that_has_no_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\nx = 1\n")
    for before in ("y", "x = 1"):
        with pytest.raises(ValueError, match="places in a"):
            plant(Mutant("odd", "a.py", before, "z", ()), tmp_path)
