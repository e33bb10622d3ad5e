"""The linters, the types and the import rules: one command checks everything that CI checks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINT_IMPORTS = str(Path(sys.executable).with_name("lint-imports"))
PYTHON_FILES = ["main.py", "bench_gui", "workers", "tests"]


def check(*command: str, directory: Path = ROOT) -> tuple[int, str]:
    """The exit code and the output of a checker."""
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_ruff_check() -> None:
    code, said = check(sys.executable, "-m", "ruff", "check", *PYTHON_FILES)
    assert code == 0, said


def test_ruff_format() -> None:
    code, said = check(sys.executable, "-m", "ruff", "format", "--check", *PYTHON_FILES)
    assert code == 0, said


def test_mypy() -> None:
    code, said = check(sys.executable, "-m", "mypy")
    assert code == 0, said


def test_import_rules() -> None:
    code, said = check(LINT_IMPORTS, "--no-cache")
    assert code == 0, said


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source that may be spoilt."""
    for name in ("bench_gui", "workers"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("workers/steps.py", "import bench_gui.bench.units"),
        ("workers/steps.py", "import PySide6"),
        ("workers/steps.py", "import workers.producer"),
        ("workers/log/types.py", "import workers.steps"),
        ("workers/unheard_of.py", ""),
        ("bench_gui/bench/units.py", "import pyqtgraph"),
        ("bench_gui/bench/units.py", "import bench_gui.window"),
        ("bench_gui/bench/units.py", "import bench_gui.cli"),
        ("bench_gui/cli.py", "import bench_gui.window"),
        ("bench_gui/cli.py", "import PySide6.QtCore"),
        ("bench_gui/measure_drawing/svg.py", "import PySide6.QtSvg"),
        ("bench_gui/measure_drawing/svg.py", "import sqlite_utils"),
        ("bench_gui/palette.py", "import bench_gui.window.style"),
        ("bench_gui/bench/measure/cells.py", "import bench_gui.bench.measure.client"),
        ("bench_gui/bench/measure/unheard_of.py", ""),
        ("bench_gui/window/__init__.py", "import sqlite3"),
        ("bench_gui/window/__init__.py", "import workers.log.types"),
    ],
)
def test_the_import_rules_find_a_planted_violation(copy: Path, module: str, planted: str) -> None:
    with (copy / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{planted}\n")
    code, said = check(LINT_IMPORTS, "--no-cache", directory=copy)
    assert code == 1, said
    assert "broken" in said


def test_ruff_finds_a_planted_violation(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text('"""Prints."""\n\nprint("left over")\n')
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    code, said = check(sys.executable, "-m", "ruff", "check", ".", directory=tmp_path)
    assert code == 1
    assert "T201" in said
