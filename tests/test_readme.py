"""What the README says is so."""

from __future__ import annotations

import re
from pathlib import Path

from bench_gui.bench.options import OPTIONS
from bench_gui.bench.settings import RunSettings
from bench_gui.display import DEBIAN_PACKAGES
from workers.lanes import ALWAYS_FORBIDDEN, LANES, Anomaly

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def cells(line: str) -> list[str]:
    """A table row's cells."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def command(name: str) -> str:
    """The one line below the mark."""
    block = re.search(rf"<!-- command: {name} -->\n```sh\n(.*)\n```\n", README)
    assert block is not None
    return block[1]


def names(anomalies: frozenset[Anomaly]) -> str:
    return ", ".join(sorted(anomaly.value for anomaly in anomalies - ALWAYS_FORBIDDEN)) or "-"


def test_the_table_of_lanes_is_the_lanes() -> None:
    rows = [cells(line) for line in README.splitlines() if re.match(r"\| `[a-z]", line)]
    lanes = [row for row in rows if len(row) == 5]
    assert lanes == [
        [f"`{lane.slug}`", lane.name, lane.rule, names(lane.allowed), names(lane.forbidden)]
        for lane in LANES
    ]


def test_what_is_forbidden_everywhere_is() -> None:
    assert all(lane.forbidden >= ALWAYS_FORBIDDEN for lane in LANES)


def test_the_table_of_options_is_the_options() -> None:
    rows = [cells(line) for line in README.splitlines() if line.startswith("| `--")]
    default = RunSettings()
    assert rows[: len(OPTIONS)] == [
        [
            f"`--{option.key} {option.metavar}`",
            "all" if option.key == "lanes" else option.text(default),
            option.meaning,
        ]
        for option in OPTIONS
    ]


def test_the_system_packages_are_those_that_the_program_names() -> None:
    assert command("system") == f"sudo apt-get install -y {DEBIAN_PACKAGES}"


def test_the_commands_do_their_own_set_up() -> None:
    for name in ("window", "tests", "headless"):
        assert command(name).startswith("python3 -m venv ")
    assert command("tests").endswith("pytest")
    assert command("window").endswith("main.py")
