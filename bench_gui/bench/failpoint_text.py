"""Failpoints as text: "consumer:after=effect-applied,before=offsets-committed". Pure."""

from __future__ import annotations

import difflib

from bench_gui.bench.units import NEVER
from workers.failpoints import Failpoint
from workers.lanes import Role
from workers.steps import STEP_BY_NAME, STEPS, Step

SEPARATOR = ";"
NUMBERS = {"slot": (0, 1000), "every": (1, 1_000_000)}
"""Inclusive bounds of a failpoint's numbers."""


def parse_failpoints(text: str) -> tuple[Failpoint, ...]:
    """Failpoints from "consumer:after=effect-applied,before=offsets-committed;...", or "never".

    Fields are after, before, slot and every; see `workers.failpoints.Failpoint`. Raises ValueError.
    """
    if text.strip() in {"", NEVER}:
        return ()
    return tuple(_failpoint(one.strip()) for one in text.split(SEPARATOR))


def _failpoint(text: str) -> Failpoint:
    role, _, rest = text.partition(":")
    pairs = [part.partition("=") for part in rest.split(",") if part.strip()]
    fields = {key.strip(): value.strip() for key, _, value in pairs}
    unknown = next((key for key in fields if key not in {"after", "before", "slot", "every"}), None)
    if len(fields) < len(pairs):
        raise ValueError(f"{text!r} names one of its parts twice")
    if role not in {known.value for known in Role} or unknown is not None or not fields:
        raise ValueError(
            f"{text!r} is not a failpoint such as "
            "consumer:after=effect-applied,before=offsets-committed"
        )
    return Failpoint(
        Role(role),
        after=_step(fields["after"]) if "after" in fields else None,
        before=_step(fields["before"]) if "before" in fields else None,
        slot=_number("slot", fields["slot"]) if "slot" in fields else None,
        every=_number("every", fields["every"]) if "every" in fields else None,
    )


def _number(key: str, text: str) -> int:
    least, most = NUMBERS[key]
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
        raise ValueError(f"{key}={text} is not a whole number from {least} to {most:,}")
    return int(text)


def _step(name: str) -> Step:
    if name in STEP_BY_NAME:
        return STEP_BY_NAME[name]
    nearest = difflib.get_close_matches(name, STEP_BY_NAME, n=1, cutoff=0.5)
    hint = (
        f"did you mean {nearest[0]!r}?"
        if nearest
        else f"the steps are {', '.join(step.value for step in STEPS)}"
    )
    raise ValueError(f"no step is called {name!r}; {hint}")


def format_failpoints(failpoints: tuple[Failpoint, ...]) -> str:
    """The inverse of `parse_failpoints`."""
    return SEPARATOR.join(map(_failpoint_text, failpoints)) or NEVER


def _failpoint_text(failpoint: Failpoint) -> str:
    fields = {
        "after": failpoint.after.value if failpoint.after else None,
        "before": failpoint.before.value if failpoint.before else None,
        "slot": failpoint.slot,
        "every": failpoint.every,
    }
    said = ",".join(f"{key}={value}" for key, value in fields.items() if value is not None)
    return f"{failpoint.role.value}:{said}"
