"""The drawing of a measurement: whole, plain SVG Tiny, and saying what was measured."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from bench_gui.bench.measure.cells import CellResult
from bench_gui.bench.measure.figures import METRICS, MeasureResult, figures_of
from bench_gui.bench.measure.snapshot import MeasureState
from bench_gui.bench.numbers import short
from bench_gui.measure_drawing.drawing import drawing
from bench_gui.measure_drawing.forest import times
from bench_gui.measure_drawing.scales import scale_for, tick_text
from bench_gui.palette import THEMES
from tests.measures import MACHINE, cells_of, result, settings
from workers.lanes import LANES

TINY = {"svg", "title", "rect", "line", "polyline", "polygon", "circle", "text"}
"""All of SVG Tiny 1.2, and nothing that Qt does not draw."""
ALL = ",".join(lane.slug for lane in LANES)


def slowing(one: CellResult) -> CellResult:
    """From 4k events/s on it falls behind."""
    rate = {"1k": 1000, "2k": 2000, "4k": 4000, "8k": 8000}[one.value]
    delivered = min(rate, 3000)
    return replace(
        one,
        throughput_eps=float(delivered),
        offered=rate * 10,
        delivered=delivered * 10,
        in_flight_growth=(rate - delivered) * 10,
    )


def plain() -> MeasureResult:
    asked = settings(lanes=ALL)
    return result(asked, cells_of(asked))


def rates() -> MeasureResult:
    asked = settings(sweep="rate", values="1k,2k,4k,8k", faults="both")
    return result(asked, cells_of(asked, slowing))


def words() -> MeasureResult:
    asked = settings(sweep="durability")
    return result(asked, cells_of(asked))


DRAWN = {"plain": plain(), "rates": rates(), "words": words()}
drawn = pytest.mark.parametrize("shown", DRAWN.values(), ids=DRAWN.keys())
both = pytest.mark.parametrize("theme", THEMES)


def parsed(shown: MeasureResult, theme: str = "light") -> ET.Element:
    return ET.fromstring(drawing(shown, theme))


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root if element.tag.endswith("text")]


@drawn
@both
def test_it_is_svg_that_browsers_and_qt_both_draw(shown: MeasureResult, theme: str) -> None:
    root = parsed(shown, theme)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= TINY
    assert (root.get("version"), root.get("baseProfile")) == ("1.2", "tiny")


@drawn
def test_nothing_lies_outside_the_picture(shown: MeasureResult) -> None:
    root = parsed(shown)
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    for element in root:
        for axis, most in (("x", width), ("y", height)):
            for key in (axis, f"{axis}1", f"{axis}2", f"c{axis}"):
                assert 0 <= float(element.get(key, "0")) <= most, ET.tostring(element)
        for x, y in re.findall(r"([\d.-]+),([\d.-]+)", element.get("points", "")):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height


@drawn
def test_the_same_measurement_is_the_same_picture(shown: MeasureResult) -> None:
    assert drawing(shown, "dark") == drawing(shown, "dark")


@drawn
@both
def test_each_lane_has_its_name_and_its_colour(shown: MeasureResult, theme: str) -> None:
    text = drawing(shown, theme)
    for slug in shown.settings.run.lanes:
        assert slug in text
        assert THEMES[theme].lane(slug) in text


def test_every_median_and_every_cost_is_written_beside_its_sign() -> None:
    shown = DRAWN["plain"]
    said = texts(parsed(shown))
    for figure in figures_of(shown.settings, shown.cells).figures:
        assert short(figure.interval.median / figure.metric.scale) in said
        if figure.relative is not None and figure.lane != "at-most-once":
            assert times(figure.relative.median) in said
    for metric in METRICS:
        assert metric.label[1:] in " ".join(said)


def test_it_says_what_was_run_and_on_what() -> None:
    said = " ".join(texts(parsed(DRAWN["plain"])))
    assert "3 rounds of 10 s after 1 s of warm-up" in said
    assert "1,000 events/s" in said
    assert "75.0% at most" in said
    assert MACHINE in said
    assert "--rounds 3" in said


def test_the_knees_of_a_walk_up_the_rates_are_ringed_and_named() -> None:
    root = parsed(DRAWN["rates"])
    rings = [e for e in root if e.tag.endswith("circle") and e.get("fill") == "none"]
    assert len(rings) == 3 * 2 * 2, "three panels, two lanes, two conditions"
    assert texts(root).count("2k") >= 4


def test_a_knee_that_was_not_reached_is_said_to_be_higher() -> None:
    asked = settings(sweep="rate", values="1k,2k")
    assert "2k or more" in texts(parsed(result(asked, cells_of(asked))))


def test_a_rate_at_which_every_run_failed_is_named() -> None:
    asked = settings(sweep="rate", values="1k,2k,4k")
    cells = cells_of(asked, lambda one: replace(one, state="failed") if one.value == "4k" else one)
    said = texts(parsed(result(asked, cells)))
    assert said.count("2k; 4k failed") == 2
    assert "2k or more" not in said


def test_a_closed_loop_is_labelled() -> None:
    asked = settings(rate="max")
    assert "Closed loop: latency" in " ".join(texts(parsed(result(asked, cells_of(asked)))))


def test_what_is_wrong_is_drawn_in_the_colour_of_alarm() -> None:
    asked = settings()
    cells = cells_of(asked, lambda one: replace(one, problem="it is BROKEN"))[:5]
    shown = result(asked, cells, MeasureState.STOPPED, "stopped: 5 of 12 runs are done")
    alarms = [e.text for e in parsed(shown) if e.get("fill") == THEMES["light"].alarm]
    assert alarms[0] == "Not complete: stopped: 5 of 12 runs are done."
    assert "it is BROKEN" in str(alarms[1])


def test_one_that_goes_on_is_no_alarm() -> None:
    asked = settings()
    shown = result(asked, cells_of(asked)[:5], MeasureState.MEASURING, "measuring")
    root = parsed(shown)
    assert "So far: measuring." in texts(root)
    assert [e.text for e in root if e.get("fill") == THEMES["light"].alarm] == []


@pytest.mark.parametrize("rounds", [1, 2, 5, 6])
def test_no_cost_is_bold_before_its_interval_can_be_sure(rounds: int) -> None:
    asked = settings(rounds=str(rounds))
    shown = result(
        asked, cells_of(asked, lambda one: replace(one, latency_p50_ns=one.cell * 10**6))
    )
    costs = [e.text or "" for e in parsed(shown) if e.get("font-weight") == "bold"]
    assert any(re.fullmatch(r"[0-9.,]+", text) for text in costs) == (rounds > 5)


@pytest.mark.parametrize(
    ("rounds", "sentence"),
    [
        ("1", "sign: the value of one round ·"),
        ("3", "line: least to greatest, 75% sure at most · ticks"),
        ("6", "line: 95% bootstrap interval · ticks"),
    ],
)
def test_the_key_says_what_intervals_so_many_rounds_allow(rounds: str, sentence: str) -> None:
    asked = settings(rounds=rounds)
    said = " ".join(texts(parsed(result(asked, cells_of(asked)))))
    assert sentence in said
    assert ("bold where" in said) == (rounds == "6")
    assert ("the interval is from the least" in said) == (rounds == "3")


@pytest.mark.parametrize("growth", [0, 10**6])
def test_the_key_tells_of_knees_where_there_is_one(growth: int) -> None:
    asked = settings(sweep="rate", values="1k,2k")

    def change(one: CellResult) -> CellResult:
        return replace(one, in_flight_growth=growth if one.value == "2k" else 0)

    said = " ".join(texts(parsed(result(asked, cells_of(asked, change)))))
    assert ("ring: knee · faded: does not keep up" in said) == (growth > 0)


def test_the_signs_of_the_key_are_no_lanes() -> None:
    asked = settings(lanes="at-least-once")
    circles = [e for e in parsed(result(asked, cells_of(asked))) if e.tag.endswith("circle")]
    assert len(circles) == 2, "at-least-once is a square"
    muted = THEMES["light"].muted
    assert all(muted in (e.get("fill"), e.get("stroke")) for e in circles)


def test_a_measurement_without_a_run_is_a_picture_too() -> None:
    asked = settings()
    assert parsed(result(asked, [], MeasureState.STOPPED, "stopped")) is not None
    swept = settings(sweep="rate")
    assert parsed(result(swept, [], MeasureState.STOPPED, "stopped")) is not None


def test_a_name_that_would_be_markup_is_text() -> None:
    shown = replace(DRAWN["plain"], machine='<b>"Linux" & co')
    assert '<b>"Linux" & co' in " ".join(texts(parsed(shown)))


@pytest.mark.parametrize(
    ("values", "log", "ticks"),
    [
        ([1000.0], True, (0, 250, 500, 750, 1000)),
        ([3.0, 9.0], True, (0, 2.5, 5, 7.5)),
        ([2.0, 300.0], True, (2, 5, 10, 20, 50, 100, 200)),
        ([6.6, 860.0], True, (5, 10, 20, 50, 100, 200, 500)),
        ([3.0, 3e5], True, (2, 10, 100, 1e3, 1e4, 1e5)),
        ([1.0, 1e6], True, (1, 10, 100, 1e3, 1e4, 1e5, 1e6)),
        ([2.0, 300.0], False, (0, 100, 200, 300)),
        ([0.0, 300.0], True, (0, 100, 200, 300)),
        ([], True, (0, 0.25, 0.5, 0.75, 1)),
    ],
)
def test_axes_have_round_numbers(values: list[float], log: bool, ticks: tuple[float, ...]) -> None:
    scale = scale_for(values, 0, 100, log=log)
    assert scale.ticks == pytest.approx(ticks)
    for value in values:
        assert 0 <= scale.at(value) <= 100


def test_a_logarithmic_axis_has_equal_ratios_at_equal_lengths() -> None:
    scale = scale_for([1.0, 10_000.0], 0, 100, log=True)
    lengths = [scale.at(10.0 * x) - scale.at(x) for x in (1.0, 10.0, 100.0)]
    assert lengths == pytest.approx([lengths[0]] * 3)


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.5, "0.5"), (20, "20"), (2500, "2.5k"), (1e6, "1M")]
)
def test_ticks_are_short(value: float, text: str) -> None:
    assert tick_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.0456, "0.046"), (1.234, "1.23"), (12.34, "12.3"), (999.7, "1.00k"),
     (999.4, "999"), (12_345, "12.3k"), (1.5e6, "1.50M")],
)  # fmt: skip
def test_three_figures_are_enough(value: float, text: str) -> None:
    assert short(value) == text
