"""What an installation has: the commands, the icon, the desktop file."""

from __future__ import annotations

import configparser
import importlib
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bench_gui.bench.settings import RunSettings
from bench_gui.opening import Opening
from tests.gui.recorded import record

ROOT = Path(__file__).parents[1]
DESKTOP = ROOT / "assets" / "delivery-bench.desktop"


@pytest.fixture
def project() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.fixture
def entry() -> dict[str, str]:
    """The desktop file's one group."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(DESKTOP, encoding="utf-8")
    assert parser.sections() == ["Desktop Entry"]
    return dict(parser["Desktop Entry"])


def test_the_desktop_file_has_what_the_specification_asks_for(
    entry: dict[str, str], project: dict[str, Any]
) -> None:
    assert entry["Type"] == "Application"
    assert entry["Name"] == "Delivery Bench"
    assert entry["Exec"].split() == ["delivery-bench-gui", "%f"]
    assert entry["Exec"].split()[0] in project["project"]["gui-scripts"]
    assert entry["Terminal"] == "false"
    for listed in ("Categories", "Keywords"):
        assert entry[listed].endswith(";")
    main = {"AudioVideo", "Audio", "Video", "Development", "Education", "Game", "Graphics",
            "Network", "Office", "Science", "Settings", "System", "Utility"}  # fmt: skip
    assert main & set(entry["Categories"].split(";"))


def test_a_run_s_directory_can_be_opened_with_it(
    entry: dict[str, str],
    project: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    assert "inode/directory" in entry["MimeType"].split(";")
    module, name = project["project"]["gui-scripts"][entry["Exec"].split()[0]].split(":")
    record(tmp_path / "run", RunSettings(duration_s=1.0))
    opened: list[Opening | None] = []
    script = importlib.import_module(module)
    monkeypatch.setattr(script, "window", lambda opening=None: opened.append(opening) or 0)
    for arguments in ([], [str(tmp_path / "run")]):
        monkeypatch.setattr("sys.argv", ["delivery-bench-gui", *arguments])
        assert getattr(script, name)() == 0
    assert opened[0] is None
    assert opened[1] is not None
    assert opened[1].run_dir == tmp_path / "run"


def test_icon_and_desktop_file_are_installed_where_a_desktop_looks(
    entry: dict[str, str], project: dict[str, Any]
) -> None:
    installed = project["tool"]["setuptools"]["data-files"]
    for files in installed.values():
        for file in files:
            assert (ROOT / file).is_file(), file
    icons = installed["share/icons/hicolor/scalable/apps"]
    assert [Path(icon).stem for icon in icons] == [entry["Icon"]]
    assert [Path(file).name for file in installed["share/applications"]] == [DESKTOP.name]


def test_every_data_file_of_a_package_is_in_its_distribution(project: dict[str, Any]) -> None:
    """What is no Python below the packages would be missing from an installation otherwise."""
    packaged = project["tool"]["setuptools"]["package-data"]
    found = set()
    for package, patterns in packaged.items():
        places = [ROOT] if package == "*" else [ROOT / package.replace(".", "/")]
        for place in places:
            for pattern in patterns:
                found |= set(place.rglob(pattern) if package == "*" else place.glob(pattern))
    there = {
        path
        for top in ("bench_gui", "workers")
        for path in (ROOT / top).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert there - found == set()
