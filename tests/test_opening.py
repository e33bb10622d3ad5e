"""What the command line hands to the window."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench_gui.bench.records.run_tables import RUN_DB
from bench_gui.bench.settings import RunSettings
from bench_gui.cli import main
from bench_gui.opening import Opening
from bench_gui.report import EXIT_USAGE
from tests.gui.recorded import record


class Window:
    """Remembers what it was opened with."""

    def __init__(self) -> None:
        self.opened: list[Opening] = []

    def __call__(self, opening: Opening) -> int:
        self.opened.append(opening)
        return 0


@pytest.fixture
def window() -> Window:
    return Window()


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run_dir = tmp_path_factory.mktemp("run")
    record(run_dir, RunSettings(duration_s=0.5))
    return run_dir


def test_a_directory_alone_is_opened_at_its_end(window: Window, run_dir: Path) -> None:
    for words in ([str(run_dir)], ["open", str(run_dir)], [str(run_dir / RUN_DB)]):
        assert main(words, open_window=window) == 0
    assert window.opened == [Opening(run_dir)] * 3


def test_play_plays_it(window: Window, run_dir: Path) -> None:
    main(["play", str(run_dir)], open_window=window)
    main(["play", str(run_dir), "--speed", "4"], open_window=window)
    assert window.opened == [Opening(run_dir, 1.0), Opening(run_dir, 4.0)]


def test_a_window_with_settings(window: Window, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('rate = "250"\n', encoding="utf-8")
    main(["window", "--settings", str(file)], open_window=window)
    main(["window"], open_window=window)
    assert window.opened == [Opening(settings=RunSettings(rate_eps=250)), Opening()]


def test_a_window_for_a_talk(window: Window, tmp_path: Path) -> None:
    script = tmp_path / "mine.toml"
    script.write_text('title = "Mine"\n[[beats]]\ntext = "It runs."\n', encoding="utf-8")
    main(["window", "--script", str(script), "--present"], open_window=window)
    main(["window", "--scenario", "retry-storm"], open_window=window)
    assert window.opened == [Opening(script=script, present=True), Opening(scenario="retry-storm")]


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch])
def test_a_command_is_one_also_where_something_has_its_name(
    make: Callable[[Path], None],
    window: Window,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make(tmp_path / "scenarios")
    make(tmp_path / "window")
    monkeypatch.chdir(tmp_path)
    assert main(["scenarios"], open_window=window) == 0
    assert "retry-storm" in capsys.readouterr().out
    assert main(["window"], open_window=window) == 0
    assert window.opened == [Opening()]


def test_an_empty_word_is_no_path(window: Window, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main([""], open_window=window)
    assert raised.value.code == EXIT_USAGE
    assert "invalid choice: ''" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["window", "--script", "{tmp}/none.toml"], "none.toml cannot be read"),
        (["window", "--script", "{tmp}/bad/script.toml"], "a script has a title"),
        (["window", "--scenario", "retry-strom"], "did you mean 'retry-storm'?"),
        (["open", "{tmp}"], "holds no run (no run.db)"),
        (["{tmp}/nothing"], "is not there"),
        (["play", "{tmp}/bad"], "it is not a database"),
        (["window", "--settings", "{tmp}/none.toml"], "cannot be read"),
    ],
)
def test_what_cannot_be_opened_is_one_line(
    words: list[str],
    said: str,
    window: Window,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "script.toml").write_text("line = 'a'\n", encoding="utf-8")
    (tmp_path / "bad" / RUN_DB).write_bytes(b"nothing of a database" * 100)
    assert main([word.format(tmp=tmp_path) for word in words], open_window=window) == EXIT_USAGE
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert not window.opened


def test_a_speed_that_there_is_not(window: Window, run_dir: Path) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["play", str(run_dir), "--speed", "3"], open_window=window)
    assert raised.value.code == EXIT_USAGE


STARTS = """
import sys
from PySide6.QtCore import QTimer
from bench_gui.window import main_window
shown = main_window.MainWindow.show

def show(window):
    shown(window)
    def look():
        if window.session.label:
            print(window.session.label, flush=True)
            window.close()
    timer = QTimer(window, interval=20)
    timer.timeout.connect(look)
    timer.start()

main_window.MainWindow.show = show
import main
sys.exit(main.main(sys.argv[1:]))
"""


@pytest.mark.timeout(90)
def test_the_program_itself_plays_a_run(run_dir: Path, tmp_path: Path) -> None:
    """From the terminal to the label on the screen, and no process is left."""
    environment = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", STARTS, "play", str(run_dir), "--speed", "0.25"],
        env=environment, capture_output=True, text=True, timeout=80, check=False,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("PLAY-BACK x0.25\n", 0), done.stderr
