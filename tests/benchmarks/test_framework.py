"""What the benchmarks work out of what they measure is right. Nothing here is timed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.benchmarks.catalogue import NAMES, measure_of
from tests.benchmarks.children import ROOT, Children
from tests.benchmarks.figures import best, percentile, ratio, slope, spread
from tests.benchmarks.options import run_alone
from tests.benchmarks.order import Meter
from tests.benchmarks.page import page, result_text, summary
from tests.benchmarks.prepared_lane import PreparedLane
from tests.benchmarks.rounds import Contender, Figures, interleaved
from tests.benchmarks.tables import Table, comparison, count, markdown, plain
from tests.benchmarks.targets import TARGETS, Finding, Result, Target

HERE = Path(__file__).parent
ROUNDS = {"ours": [50.0, 200.0, 90.0], "by hand": [100.0, 250.0, 100.0]}
LEAST = Target("a.rate", "a rate", 100, " events/s", limit="The clock.")
MOST = Target("a.time", "a time", 5, " ms", at_most=True, limit="The disk.")


def test_a_spread_has_median_least_and_most() -> None:
    found = spread([5, 1, 9])
    assert (found.middle, found.least, found.most) == (5, 1, 9)
    with pytest.raises(ValueError, match="no round"):
        spread([])


def test_a_ratio_is_of_each_round_and_not_of_medians() -> None:
    found = ratio(ROUNDS, "ours", "by hand")
    assert (found.middle, found.least, found.most) == (0.8, 0.5, 0.9)


def test_a_ratio_wants_both_in_every_round() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratio({"ours": [1.0], "by hand": [1.0, 2.0]}, "ours", "by hand")


def test_the_best_has_the_greatest_median() -> None:
    assert best({"a": [1, 100, 2], "b": [3, 3, 3]}, ["a", "b"]) == "b"


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert [percentile(values, p) for p in (0, 50, 99, 100)] == [1, 50, 99, 100]


def test_a_slope_is_growth_per_unit_of_time() -> None:
    assert slope([10, 11, 12, 13], [5, 7, 9, 11]) == pytest.approx(2)
    assert slope([1], [1]) == 0


def test_rounds_are_interleaved_and_begin_with_another_each_time(tmp_path: Path) -> None:
    order: list[str] = []
    directories: list[Path] = []

    def contender(name: str) -> Contender:
        def measure(directory: Path) -> Figures:
            assert list(directory.iterdir()) == []
            (directory / "left over").touch()
            order.append(name)
            directories.append(directory)
            return {"rate": float(len(order)), **({"more": 1.0} if name == "c" else {})}

        return Contender(name, measure)

    figures = interleaved([contender(name) for name in "abc"], rounds=3)
    assert "".join(order) == "abcbcacab"
    assert figures["rate"] == {"a": [1, 6, 8], "b": [2, 4, 9], "c": [3, 5, 7]}
    assert figures["more"] == {"c": [1, 1, 1]}
    assert not any(directory.exists() for directory in directories)


def test_a_comparison_has_a_row_a_contender_and_a_ratio_a_base() -> None:
    table = comparison("speed", "events/s", ROUNDS, ["by hand"], [("CPU", {"ours": [1, 2, 3]})])
    assert table.columns == ("", "events/s", "spread", "times by hand", "CPU")
    assert table.rows == (
        ("ours", "90.0", "50.0 .. 200", "0.80 (0.50 .. 0.90)", "2.00"),
        ("by hand", "100", "100 .. 250", "1.00 (1.00 .. 1.00)", "-"),
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(1_234_567, "1,230,000"), (999.6, "1,000"), (41.26, "41.3"), (1.234, "1.23"), (0, "0.00")],
)
def test_a_figure_has_three_digits(value: float, text: str) -> None:
    assert count(value) == text


def test_plain_text_and_markdown_have_the_same_cells() -> None:
    table = Table("title", ("", "figure"), (("a", "1"), ("b|c", "1,000")))
    assert plain(table) == "title\n     figure\na         1\nb|c   1,000"
    assert markdown(table) == (
        "title:\n\n|  | figure |\n| --- | ---: |\n| a | 1 |\n| b\\|c | 1,000 |"
    )


@pytest.mark.parametrize(
    ("target", "value", "met"),
    [(LEAST, 100, True), (LEAST, 99.9, False), (MOST, 5, True), (MOST, 5.1, False)],
)
def test_a_target_is_met_at_its_bound(target: Target, value: float, met: bool) -> None:
    finding = Finding(target, value)
    assert finding.met is met
    assert ("MISSED" in finding.text) is not met
    assert (target.limit in finding.text) is not met


def test_the_page_has_every_table_and_every_verdict() -> None:
    table = Table("speed", ("", "events/s"), (("ours", "7"),))
    findings = (Finding(LEAST, 7), Finding(MOST, 1))
    result = Result("a", "Speed", "How fast.", (table,), findings, ("A note.",))
    machine = Table("Measured on", ("", ""), (("cores", "2"),))
    text = page([result], machine, "a day", "python -m tests.benchmarks")
    for part in ("| cores | 2 |", markdown(table), findings[0].text, findings[1].text, "A note."):
        assert part in text
    assert "smoke run" not in text
    assert summary(findings).rows == (
        ("a rate", ">= 100 events/s", "7 events/s", "missed"),
        ("a time", "<= 5 ms", "1 ms", "met"),
    )
    assert plain(table) in result_text(result)


def test_a_smoke_run_has_no_verdicts() -> None:
    result = Result("a", "Speed", "How fast.", (), (Finding(LEAST, 7), Finding(MOST, 1)))
    machine = Table("Measured on", ("", ""), (("cores", "2"),))
    quick = page([result], machine, "a day", "python -m tests.benchmarks --quick")
    for text in (quick, result_text(result, smoke=True)):
        assert "smoke run" in text
        assert not re.search("met|missed", text, re.IGNORECASE)
    assert "| a rate | >= 100 events/s | 7 events/s | - (smoke run) |" in quick


@pytest.mark.parametrize(("words", "code"), [([], 1), (["--quick"], 0)])
def test_a_smoke_run_misses_no_target(
    words: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["a", *words])
    missed = Result("a", "Speed", "How fast.", (), (Finding(LEAST, 7),))
    assert run_alone(lambda _: missed) == code


def test_every_benchmark_is_in_the_catalogue() -> None:
    measuring = {
        path.stem
        for path in HERE.glob("*.py")
        if re.search(r"^def measure\(options: Options\) -> Result:", path.read_text("utf-8"), re.M)
    }
    assert measuring == set(NAMES)
    assert all(measure_of(name).__doc__ for name in NAMES)


def test_the_readme_names_them_all() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    section = readme[readme.index("## Benchmarks") : readme.index("## Limits")]
    assert tuple(re.findall(r"`([a-z_]+)`", section)) == NAMES


def test_every_target_is_of_a_benchmark_that_looks_it_up() -> None:
    assert len({target.key for target in TARGETS}) == len(TARGETS)
    for name in {target.key.partition(".")[0] for target in TARGETS}:
        assert name in NAMES
        assert re.search(rf'target\(f?"{name}\.', (HERE / f"{name}.py").read_text("utf-8"))


def _interrupted(children: Children) -> None:
    with children:
        children.start("-c", "import time; time.sleep(600)")
        raise KeyboardInterrupt


def test_a_process_is_ended_whatever_happens() -> None:
    children = Children()
    with pytest.raises(KeyboardInterrupt):
        _interrupted(children)
    assert [process.poll() is not None for process in children.started] == [True]


def test_the_meter_knows_when_everything_is_consumed(tmp_path: Path) -> None:
    Meter.create(tmp_path)
    here, there = Meter(tmp_path), Meter(tmp_path)
    assert not there.finished(0)
    here.consumed = 7
    here.end(9)
    assert there.consumed == 7
    assert not there.finished(7)
    assert there.finished(9)


def test_a_prepared_lane_is_one_that_the_counts_agree_on(tmp_path: Path) -> None:
    from bench_gui.bench.audit.auditor import final_count
    from bench_gui.bench.audit.recount import disagreement, recount

    world = PreparedLane(tmp_path, batch=7, sink_batch=3, partitions=2)
    for events in (20, 31):
        world.extend(events)
    world.end_run()
    final = final_count(
        world.lane, world.files, world.settings, world.timetable, world.ended(),
        now_ns=world.now_ns, sources_end=lambda: world.end_ns,
    )  # fmt: skip
    assert final.counts().delivered_unique == final.counts().offered == 51
    assert final.check_counters() is None
    assert disagreement(final, recount(world.run_db, world.lane.slug, world.files)) is None
    final.close()
    world.close()
