"""The colours, as data. Knows no widget.

Lane colours and their contrast were computed for these two backgrounds and stay apart under
simulated colour blindness. A verdict never depends on a colour: shape and label say it too. Lanes
of the user's own wear greys, in turn: their shapes (`glyphs`) tell them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bench_gui.own_lanes import own_number


@dataclass(frozen=True, slots=True)
class Theme:
    """Every colour of the window and of the drawings, as #RRGGBB.

    Fields:
        window, panel, card: backgrounds, from the outermost to where the data are.
        text, muted, faint: ink for what matters, for what explains, for rules and marks.
        line: borders. accent: focus and the main button; `on_accent` is the ink on it.
        alarm: forbidden and disagreeing; `on_alarm` is the ink on it.
        lanes: colour by slug. own_lanes: for lanes of the user's own, in turn.
    """

    name: str
    window: str
    panel: str
    card: str
    text: str
    muted: str
    faint: str
    grid: str
    line: str
    accent: str
    on_accent: str
    alarm: str
    on_alarm: str
    lanes: dict[str, str]
    own_lanes: tuple[str, ...]

    def lane(self, slug: str) -> str:
        """The lane's colour."""
        if slug in self.lanes:
            return self.lanes[slug]
        return self.own_lanes[own_number(slug) % len(self.own_lanes)]

    def __hash__(self) -> int:
        """By name: there is one theme a name."""
        return hash(self.name)


LIGHT = Theme(
    name="light",
    window="#ECEEF1",
    panel="#F6F7F9",
    card="#FFFFFF",
    text="#1A1A1A",
    muted="#5B6470",
    faint="#B9C0C9",
    grid="#E6E9ED",
    line="#D5DAE0",
    accent="#1F2933",
    on_accent="#FFFFFF",
    alarm="#B3001B",
    on_alarm="#FFFFFF",
    lanes={
        "at-most-once": "#D55E00",
        "at-least-once": "#BF5F97",
        "idempotent-consumer": "#0072B2",
        "exactly-once": "#009E73",
        "cross-system": "#5A4E00",
        "transactional-sink": "#7A2BE0",
        "two-phase-commit": "#4F0E2E",
    },
    own_lanes=("#1A1A1A", "#5A6470", "#858D97"),
)

DARK = Theme(
    name="dark",
    window="#0D0F11",
    panel="#181B1F",
    card="#14171A",
    text="#F2F2F2",
    muted="#9AA4B0",
    faint="#4A525C",
    grid="#23282E",
    line="#2C323A",
    accent="#F2F2F2",
    on_accent="#14171A",
    alarm="#D4282D",
    on_alarm="#FFFFFF",
    lanes={
        "at-most-once": "#D55E00",
        "at-least-once": "#CC79A7",
        "idempotent-consumer": "#56B4E9",
        "exactly-once": "#009E73",
        "cross-system": "#E3C800",
        "transactional-sink": "#9575FF",
        "two-phase-commit": "#F6DDF5",
    },
    own_lanes=("#F2F2F2", "#A9B2BC", "#76808B"),
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


@lru_cache(maxsize=64)
def blended(colour: str, background: str, share: float) -> str:
    """`share` (0 to 1) of `colour` over `background`: opaque, since opaque lines draw faster."""
    pairs = zip(_channels(colour), _channels(background), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
