"""Text can be read on whatever it lies on, in both themes (WCAG 2.1, 1.4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bench_gui.palette import DARK, LIGHT, Theme, blended
from bench_gui.run_drawing.ink import ink_of
from bench_gui.window.style import COLOUR_NAMES, SHEET, stylesheet
from tests.gui.colour_vision import contrast
from workers.lanes import LANES

TEXT, LARGE = 4.5, 3.0
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
GROUNDS = ("window", "panel", "card")
"""What a text lies on that does not say it itself."""
INKS = {
    "text": GROUNDS,
    "muted": GROUNDS,
    "card": ("text",),
    "on_accent": ("accent",),
    "on_accent_muted": ("accent",),
    "on_alarm": ("alarm",),
    "faint": (),
}
"""Where ink may lie when its rule names no background. Faint ink is of what is off only."""

RULE = re.compile(r"([^{}]+)\{([^}]*)\}")
INK = re.compile(r"(?<![-\w])color:\s*\$(\w+)")
GROUND = re.compile(r"(?<![-\w])background(?:-color)?:\s*\$(\w+)")
SELECTION = re.compile(r"selection-color:\s*\$(\w+)")
SELECTED = re.compile(r"selection-background-color:\s*\$(\w+)")


@dataclass(frozen=True)
class Pair:
    """A rule's ink, and what it lies on."""

    rule: str
    ink: str
    ground: str


def pairs(sheet: str) -> Iterator[Pair]:
    """Of every rule of the style sheet that says in which colour it writes."""
    for selector, body in RULE.findall(sheet):
        rule = " ".join(selector.split())
        inks, grounds = INK.findall(body), GROUND.findall(body)
        for ink in inks:
            if ":disabled" in rule:
                continue  # what cannot be used is exempt
            assert ink in INKS, f"{rule}: on what does {ink} lie?"
            for ground in grounds or INKS[ink]:
                yield Pair(rule, ink, ground)
        for ink, ground in zip(SELECTION.findall(body), SELECTED.findall(body), strict=True):
            yield Pair(rule, ink, ground)


def colours(theme: Theme) -> dict[str, str]:
    """Of every name that the style sheet uses, as it is filled in."""
    names = set(re.findall(r"\$(\w+)", SHEET.template))
    known = {name: getattr(theme, name) for name in COLOUR_NAMES}
    for name in names - set(known):
        known[name] = filled_in(theme, name)
    return known


def filled_in(theme: Theme, name: str) -> str:
    """What the style sheet has in the place of a name that is no colour of the theme's own."""
    before, after = SHEET.template.split(f"${name}", 1)
    line = before.count("\n")
    start = before.rpartition("\n")[2]
    written = stylesheet(theme).split("\n")[line]
    found = re.findall(r"#[0-9A-Fa-f]{6}", written)
    return found[len(re.findall(r"\$\w+", start))] if found else after


@THEMES
def test_every_text_of_the_style_sheet_can_be_read(theme: Theme) -> None:
    known = colours(theme)
    found = list(pairs(SHEET.template))
    assert len(found) > 80, "the style sheet was read"
    faint = {
        (pair.rule, pair.ink, pair.ground): round(ratio, 2)
        for pair in found
        if pair.ink != "faint" and (ratio := contrast(known[pair.ink], known[pair.ground])) < TEXT
    }
    assert faint == {}


def test_faint_ink_is_of_what_is_off_only() -> None:
    written = [
        rule
        for selector, body in RULE.findall(SHEET.template)
        if "faint" in INK.findall(body) and ":disabled" not in (rule := selector)
    ]
    assert written == []


def test_a_pair_that_cannot_be_read_is_found() -> None:
    planted = SHEET.template + "\nQLabel#planted { color: $muted; background: $line; }\n"
    new = set(pairs(planted)) - set(pairs(SHEET.template))
    assert new == {Pair("QLabel#planted", "muted", "line")}
    with pytest.raises(AssertionError, match="on what does line lie"):
        list(pairs("QLabel { color: $line; }"))


@THEMES
def test_large_numbers_can_be_read(theme: Theme) -> None:
    """Counters at zero are calm, others wear their lane's colour: both are large."""
    calm = blended(theme.muted, theme.card, 0.75)
    assert contrast(calm, theme.card) >= LARGE
    for lane in LANES:
        assert contrast(theme.lane(lane.slug), theme.card) >= LARGE, lane.slug
    assert contrast(theme.on_alarm, theme.alarm) >= TEXT


@THEMES
def test_pictures_and_reports_can_be_read(theme: Theme) -> None:
    ink = ink_of(theme, [lane.slug for lane in LANES])
    for written in (ink.text, ink.muted):
        for ground in (ink.card, ink.panel, ink.window):
            assert contrast(written, ground) >= TEXT
    assert contrast(ink.on_alarm, ink.alarm) >= TEXT
    assert contrast(ink.card, ink.text) >= TEXT
    for colour in ink.lanes.values():
        assert contrast(colour, ink.card) >= LARGE
