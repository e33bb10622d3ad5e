"""What the README says is so."""

from __future__ import annotations

import re
from pathlib import Path

from bench_gui.bench.options import OPTIONS, from_texts
from bench_gui.bench.settings import RunSettings
from bench_gui.display import DEBIAN_PACKAGES
from workers.lanes import ALWAYS_FORBIDDEN, DEFAULT_LANES, LANES, Anomaly, lane_of
from workers.policies import CONSUMERS, PRODUCERS, SINKS

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
            "the first four" if option.key == "lanes" else option.text(default),
            option.meaning,
        ]
        for option in OPTIONS
    ]


def test_the_first_four_are_the_default() -> None:
    assert RunSettings().lanes == DEFAULT_LANES == tuple(lane.slug for lane in LANES[:4])


def test_a_lane_of_ones_own_has_the_parts_that_are_named() -> None:
    paragraph = README[README.index("A lane of your own") : README.index("## The faults")]
    words = re.findall(r"`([a-z-]+)`", paragraph)
    assert words == [part.slug for parts in (PRODUCERS, CONSUMERS, SINKS) for part in parts]
    example = re.search(r"--lanes (\S+)", paragraph)
    assert example is not None
    assert lane_of(from_texts({"lanes": example[1]}).lanes[1]).own


def test_the_faults_name_options_that_there_are() -> None:
    section = README[README.index("## The faults") : README.index("## Scenarios")]
    named = set(re.findall(r"`--([a-z-]+)`", section))
    assert named <= {option.key for option in OPTIONS}
    text = re.search(r"`(consumer:\S+)`", section)
    assert text is not None
    assert from_texts({"kill-at": text[1]}).kill_at


def test_the_system_packages_are_those_that_the_program_names() -> None:
    assert command("system") == f"sudo apt-get install -y {DEBIAN_PACKAGES}"


def test_the_commands_do_their_own_set_up() -> None:
    for name in ("window", "tests", "headless"):
        assert command(name).startswith("python3 -m venv ")
    assert command("tests").endswith("pytest")
    assert command("window").endswith("main.py")
