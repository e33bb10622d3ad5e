"""The beats of a demonstration: what is said, what is done then, and where to look. Pure.

A beat is a table of a scenario's file, or of a presenter's own script:

    [[beats]]
    text = "..."            what the presenter says or the audience reads: one or two sentences
    settings = { ... }      changes before a start, as in a settings file (may be left out)
    do = ["start", ...]     what happens when the beat is reached, in this order (may be left out)
    look = "lag"            a lane, a row of charts, a part or a view (may be left out)
    lane = "at-least-once"  the lane in focus, or "all" (may be left out: it stays as it is)
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bench_gui.bench.failpoint_text import format_failpoints, parse_failpoints
from bench_gui.bench.settings_file import texts_of
from workers.failpoints import Failpoint
from workers.lanes import Role, UnknownLane, lane_of

EVERY_LANE = "all"
VIEWS = ("pipelines", "charts", "links", "results")
CHART_ROWS = ("throughput", "latency", "errors", "lag", "blocked")
PARTS = ("counters", "verdicts", "workers", "faults")
KEYS = frozenset({"text", "settings", "do", "look", "lane"})


class Verb(Enum):
    """What a beat can do. The value is how it is written, before any role or step."""

    START = "start"
    STOP = "stop"
    CUT_OFF = "cut off"
    KILL = "kill"
    PAUSE = "pause"
    TAKE_DOWN = "take down"
    KILL_AT = "kill at"
    KILL_AT_WORST = "kill at worst step"
    LOSE_ACK = "lose ack"
    HOLD = "hold"
    LIVE = "live"


WITHOUT_ROLE = (
    Verb.START,
    Verb.STOP,
    Verb.CUT_OFF,
    Verb.KILL_AT_WORST,
    Verb.LOSE_ACK,
    Verb.HOLD,
    Verb.LIVE,
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that a beat does.

    Fields:
        role: of KILL, PAUSE and TAKE_DOWN; None otherwise. failpoint: of KILL_AT; None otherwise.
    """

    verb: Verb
    role: Role | None = None
    failpoint: Failpoint | None = None

    def __str__(self) -> str:
        if self.failpoint is not None:
            return f"{self.verb.value} {format_failpoints((self.failpoint,))}"
        if self.verb is Verb.TAKE_DOWN and self.role is not None:
            return f"take {self.role.value}s down"
        return self.verb.value if self.role is None else f"{self.verb.value} {self.role.value}"


def _all_deeds() -> dict[str, Deed]:
    deeds = [Deed(verb) for verb in WITHOUT_ROLE]
    deeds += [Deed(verb, role) for verb in (Verb.KILL, Verb.PAUSE, Verb.TAKE_DOWN) for role in Role]
    return {str(deed): deed for deed in deeds}


DEEDS: dict[str, Deed] = _all_deeds()
"""Every deed but KILL_AT, by how it is written."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One step of a talk.

    Fields:
        text: one or two sentences.
        texts: changed settings as text, by key. deeds: what is done, in this order.
        look: where to look; None for nowhere in particular.
        lane: put in focus; EVERY_LANE for none of them, None to leave the focus as it is.
    """

    text: str
    texts: tuple[tuple[str, str], ...] = ()
    deeds: tuple[Deed, ...] = ()
    look: str | None = None
    lane: str | None = None


def parse_deed(text: str) -> Deed:
    """From "kill consumer" or "kill at ROLE:after=STEP,before=STEP". Raises ValueError."""
    said = " ".join(text.split())
    if said in DEEDS:
        return DEEDS[said]
    start = f"{Verb.KILL_AT.value} "
    if said.startswith(start) and ":" in said:
        failpoints = parse_failpoints(said.removeprefix(start))
        if len(failpoints) != 1:
            raise ValueError(f"{text!r} names more than one step to kill at; write one a deed")
        return Deed(Verb.KILL_AT, failpoint=failpoints[0])
    raise ValueError(_no_such(f"nothing is done by {text!r}", said, tuple(DEEDS)))


def parse_beat(table: Mapping[str, Any]) -> Beat:
    """From a table of the file. Raises ValueError with one sentence."""
    unknown = sorted(set(table) - KEYS)
    if unknown:
        raise ValueError(_no_such(f"a beat has no {unknown[0]!r}", unknown[0], tuple(KEYS)))
    text = _text(table, "text", required=True)
    settings = table.get("settings", {})
    if not isinstance(settings, Mapping):
        raise ValueError('settings is a table such as { duration = "60s" }')
    return Beat(
        " ".join((text or "").split()),
        tuple(texts_of(settings).items()),
        tuple(parse_deed(one) for one in _list_of_texts(table.get("do", []))),
        _known(table, "look", is_place),
        _known(table, "lane", is_aim),
    )


def is_place(name: str) -> bool:
    """Whether there is something of this name to look at."""
    return name in {*VIEWS, *CHART_ROWS, *PARTS} or _is_lane(name)


def is_aim(name: str) -> bool:
    """Whether it is a lane, or all of them."""
    return name == EVERY_LANE or _is_lane(name)


def check_lanes(beat: Beat, lanes: tuple[str, ...]) -> None:
    """Raises ValueError when the beat is about a lane that does not run."""
    for key, slug in (("lane", beat.lane), ("look", beat.look)):
        if slug is not None and _is_lane(slug) and slug not in lanes:
            raise ValueError(f"{key}: {slug} is not one of the lanes that run")


def _is_lane(slug: str) -> bool:
    try:
        lane_of(slug)
    except UnknownLane:
        return False
    return True


def _text(table: Mapping[str, Any], key: str, *, required: bool = False) -> str | None:
    value = table.get(key)
    if value is None and not required:
        return None
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} is missing" if value is None else f"{key} is a text that says it")
    return value.strip()


def _known(table: Mapping[str, Any], key: str, is_known: Callable[[str], bool]) -> str | None:
    name = _text(table, key)
    if name is not None and not is_known(name):
        there = (*VIEWS, *CHART_ROWS, *PARTS) if key == "look" else (EVERY_LANE,)
        raise ValueError(_no_such(f"{key}: there is no {name!r}", name, there, "or a lane"))
    return name


def _list_of_texts(value: object) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise ValueError('do is a list of texts such as ["start"]')
    return texts


def _no_such(sentence: str, name: str, known: tuple[str, ...], more: str = "") -> str:
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if nearest:
        return f"{sentence}; did you mean {nearest[0]!r}?"
    return f"{sentence}; there are {', '.join(sorted(known))}{' ' + more if more else ''}"
