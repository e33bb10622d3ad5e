"""The program's start: no Qt without a window, and one line when there can be no window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench_gui import display

ROOT = Path(__file__).parents[1]

QT_NAMES = "[name for name in sys.modules if name.split('.')[0] in ('PySide6', 'pyqtgraph')]"


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs code in a new process, in the repository."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "code",
    [
        "import main",
        "import main; main.main(['export', 'nowhere', '--out', 'x'])",
        "import bench_gui.cli, bench_gui.headless, bench_gui.report, bench_gui.display",
        "import bench_gui.bench.client",
        "import workers.entry",
    ],
)
def test_no_qt_without_a_window(code: str) -> None:
    done = python(f"import sys; {code}; print({QT_NAMES})")
    assert done.stdout == "[]\n", done.stderr


def test_importing_main_imports_next_to_nothing() -> None:
    heavy = "{'argparse', 'bench_gui', 'multiprocess', 'numpy', 'sqlite3', 'subprocess'}"
    done = python(f"import sys, main; print({heavy} & set(sys.modules))")
    assert done.stdout == "set()\n", "spawned workers import it too"


def test_the_process_exits_with_the_command_lines_code() -> None:
    done = subprocess.run(
        [sys.executable, "main.py", "run", "--duration", "10"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_no_display_is_said_in_one_line() -> None:
    done = python(
        "import sys, main; sys.exit(main.main([]))",
        DISPLAY="",
        WAYLAND_DISPLAY="",
        QT_QPA_PLATFORM="",
    )
    if sys.platform == "linux":
        assert done.returncode == 2
        assert done.stderr == (
            "delivery-bench: there is no display to open a window on; run without a window:"
            " python main.py run\n"
        )


@pytest.mark.parametrize(
    ("environment", "platform", "problem"),
    [
        ({}, "linux", True),
        ({"DISPLAY": ""}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", False),
        ({}, "darwin", False),
        ({}, "win32", False),
    ],
)
def test_when_there_is_a_display(environment: dict[str, str], platform: str, problem: bool) -> None:
    assert (display.display_problem(environment, platform) is not None) is problem


def test_a_missing_library_of_the_platform_plugin_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def load(path: str) -> None:
        assert path.endswith("libqxcb.so")
        raise OSError(f"{MISSING} cannot open shared object file: No such file or directory")

    MISSING = "libxcb-cursor.so.0:"  # noqa: N806
    monkeypatch.setattr(display.ctypes, "CDLL", load)
    said = display.display_problem({"DISPLAY": ":0"}, "linux")
    assert said is not None
    assert "libxcb-cursor.so.0, which is missing" in said
    assert "apt-get install" in said
    assert "\n" not in said
    assert display.display_problem({"QT_QPA_PLATFORM": "xcb"}, "linux") == said


@pytest.mark.skipif(sys.platform != "linux", reason="asks an X server")
def test_a_display_that_does_not_answer_is_named() -> None:
    said = display.display_problem({"DISPLAY": ":4711"}, "linux")
    assert said is not None
    assert said.startswith("the display ':4711' does not answer") or "apt-get" in said


def test_a_missing_library_of_qt_is_named() -> None:
    error = ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
    said = display.import_problem(error)
    assert said is not None
    assert "libEGL.so.1, which is missing" in said
    assert "libegl1" in said


def test_qt_that_is_not_installed_is_named() -> None:
    error = ModuleNotFoundError("No module named 'PySide6'", name="PySide6")
    assert display.import_problem(error) is not None


def test_our_own_import_errors_are_not_hidden() -> None:
    error = ModuleNotFoundError("No module named 'bench_gui.typo'", name="bench_gui.typo")
    assert display.import_problem(error) is None
