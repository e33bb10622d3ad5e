"""A settings file that people write, and one that we write."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.settings import CommitInterval, RunSettings, SettingsError
from bench_gui.bench.settings_file import load_settings, save_settings


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    settings = RunSettings(
        lanes=("at-least-once",), rate_eps=None, commit_interval=CommitInterval(records=500)
    )
    save_settings(tmp_path / "a.toml", settings)
    assert load_settings(tmp_path / "a.toml") == settings
    assert [path.name for path in tmp_path.iterdir()] == ["a.toml"]


def test_a_person_may_use_comments_numbers_and_lists(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.toml",
        '# mine\nlanes = ["exactly-once", "at-most-once"]\nrate = 500\nwork = "50µs"\n',
    )
    settings = load_settings(path)
    assert settings.lanes == ("exactly-once", "at-most-once")
    assert settings.rate_eps == 500
    assert settings.work_us == 50.0
    assert settings.producers == RunSettings().producers


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("durtion = '10s'", "did you mean 'duration'"),
        ("duration = 10", "names no unit"),
        ("duration = true", "write the value as text"),
        ("[duration]\nseconds = 10", "write the value as text"),
        ("duration = ", "is not TOML"),
        ("a = " + "[" * 5000, "is nested too deeply"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, text: str, part: str) -> None:
    with pytest.raises(SettingsError, match=part) as caught:
        load_settings(write(tmp_path / "a.toml", text))
    assert "\n" not in str(caught.value)


def test_a_file_in_another_encoding_is_the_settings_fault(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"lanes = '\xff'")
    with pytest.raises(SettingsError, match="is not UTF-8 text"):
        load_settings(tmp_path / "a.toml")


def test_a_missing_file_is_the_environments_fault(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="cannot be read"):
        load_settings(tmp_path / "none.toml")


def test_saving_where_nothing_can_be_is_the_environments_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        save_settings(tmp_path / "file" / "a.toml", RunSettings())
