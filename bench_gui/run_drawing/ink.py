"""The colours of a picture: a theme's own, or names that a page's style sheet fills in. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench_gui.palette import Theme, blended

SOFT = 0.5
"""Of a lane's colour over the card: the paler line of a chart."""
SHADE = 0.14
"""Of the text over the card: an outage."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Every colour as SVG takes it.

    Fields:
        lanes, softs: strong and pale, by slug.
    """

    window: str
    panel: str
    card: str
    text: str
    muted: str
    faint: str
    grid: str
    line: str
    alarm: str
    on_alarm: str
    shade: str
    pause: str
    lanes: dict[str, str]
    softs: dict[str, str]


ROLES = ("window", "panel", "card", "text", "muted", "faint", "grid", "line", "alarm", "on_alarm")


def ink_of(theme: Theme, slugs: Iterable[str]) -> Ink:
    """A theme's colours as they are."""
    known = tuple(slugs)
    return Ink(
        **{role: getattr(theme, role) for role in ROLES},
        shade=blended(theme.text, theme.card, SHADE),
        pause=blended(theme.text, theme.card, SHADE / 2),
        lanes={slug: theme.lane(slug) for slug in known},
        softs={slug: blended(theme.lane(slug), theme.card, SOFT) for slug in known},
    )


def named_ink(slugs: Iterable[str]) -> Ink:
    """Names for a style sheet; `style_of` gives them their values."""
    known = tuple(slugs)
    return Ink(
        **{role: f"var(--{role.replace('_', '-')})" for role in ROLES},
        shade="var(--shade)",
        pause="var(--pause)",
        lanes={slug: f"var(--lane-{number})" for number, slug in enumerate(known)},
        softs={slug: f"var(--soft-{number})" for number, slug in enumerate(known)},
    )


def style_of(theme: Theme, slugs: Iterable[str]) -> str:
    """Declarations that give the names of `named_ink` a theme's colours."""
    ink = ink_of(theme, slugs)
    values = {role.replace("_", "-"): getattr(ink, role) for role in (*ROLES, "shade", "pause")}
    values |= {f"lane-{number}": colour for number, colour in enumerate(ink.lanes.values())}
    values |= {f"soft-{number}": colour for number, colour in enumerate(ink.softs.values())}
    return " ".join(f"--{name}: {colour};" for name, colour in values.items())
