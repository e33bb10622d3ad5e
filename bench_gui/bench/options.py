"""Every setting as text: one table, shared by the command line, the settings file and the window.

A key is the command line's long option without its dashes. Knows no argparse and no files.
"""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bench_gui.bench import units
from bench_gui.bench.failpoint_text import SEPARATOR, format_failpoints, parse_failpoints
from bench_gui.bench.knobs import KNOB_BY_KEY
from bench_gui.bench.settings import BOUNDS, DURABILITIES, RunSettings, SettingsError
from workers.lanes import LANES, Role

ALL_LANES = "all"


@dataclass(frozen=True, slots=True)
class Option:
    """One setting as text.

    Fields:
        key: its name on the command line and in the settings file.
        field: its name in RunSettings.
        parse: text to value. Raises ValueError with one sentence.
        format: value to text. Invariant: parse(format(value)) == value.
        metavar: what to write, for the help text.
        meaning: a few words for the help text and the window's tooltip.
        joined_by: between the texts of one that may be given several times; None: the last counts.
    """

    key: str
    field: str
    parse: Callable[[str], Any]
    format: Callable[[Any], str]
    metavar: str
    meaning: str
    joined_by: str | None = None

    def value(self, text: str) -> Any:
        """The setting's value. Raises SettingsError that names the option."""
        try:
            return self.parse(text)
        except ValueError as error:
            raise SettingsError(self.field, f"{self.key}: {error}") from None

    def text(self, settings: RunSettings) -> str:
        """This setting of `settings` as text."""
        return self.format(getattr(settings, self.field))


def parse_names(text: str) -> tuple[str, ...]:
    """Names from "a,b"; spaces do not matter."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def parse_lanes(text: str) -> tuple[str, ...]:
    """Lane slugs from "a,b" or "all". Whether they exist is for RunSettings to say."""
    return tuple(lane.slug for lane in LANES) if text.strip() == ALL_LANES else parse_names(text)


def format_lanes(lanes: tuple[str, ...]) -> str:
    """The slugs; never "all", which may mean more lanes to a later version."""
    return ",".join(lanes)


def parse_roles(text: str) -> tuple[Role, ...]:
    """Roles from "producer,consumer". Raises ValueError for another word."""
    try:
        return tuple(Role(name) for name in parse_names(text))
    except ValueError:
        known = ",".join(role.value for role in Role)
        raise ValueError(f"{text!r} is not {known} or one of them") from None


def format_roles(roles: tuple[Role, ...]) -> str:
    """The roles' names."""
    return ",".join(role.value for role in roles)


def _probability(key: str, field: str, meaning: str) -> Option:
    return Option(key, field, units.parse_probability, units.format_probability, "P", meaning)


def _every(key: str, field: str, meaning: str) -> Option:
    return Option(key, field, units.parse_every, units.format_every, "TIME|never", meaning)


def _count(key: str, field: str, meaning: str) -> Option:
    return Option(key, field, units.parse_count, units.format_count, "N", meaning)


def _milliseconds(key: str, field: str, meaning: str) -> Option:
    return Option(key, field, units.parse_duration_ms, units.format_duration_ms, "TIME", meaning)


def _seconds(key: str, field: str, meaning: str) -> Option:
    return Option(key, field, units.parse_duration_s, units.format_duration_s, "TIME", meaning)


def _knob(key: str, metavar: str, meaning: str) -> Option:
    """A setting that a lane of the user's own may have for itself."""
    knob = KNOB_BY_KEY[key]
    return Option(key, knob.field, knob.parse, knob.format, metavar, meaning)


OPTIONS: tuple[Option, ...] = (
    Option("lanes", "lanes", parse_lanes, format_lanes, "a,b|all", "lanes to run side by side"),
    _seconds("duration", "duration_s", "how long the sources run"),
    Option("rate", "rate_eps", units.parse_rate, units.format_rate, "N|max",
           "events per second of each lane; max is a closed loop"),
    _count("producers", "producers", "producer processes in each lane"),
    _count("consumers", "consumers", "consumer processes in each lane"),
    _count("partitions", "partitions", "partitions of each lane's log"),
    _knob("batch", "N", "records in one batch at the most"),
    _knob("linger", "TIME", "how long a batch waits in the producer's buffer"),
    _knob("commit-interval", "TIME|N", "how often offsets are committed"),
    _knob("sink-batch", "N", "events in one sink transaction at the most"),
    _knob("work", "TIME", "pretended work per event in the consumer"),
    _count("payload", "payload_bytes", "bytes that each event carries"),
    _every("kill-every", "kill_every_s", "mean gap between kills in each lane"),
    Option("kill", "kill_roles", parse_roles, format_roles, "ROLES",
           "the roles that are killed, paused and taken down"),
    Option("kill-at", "kill_at", parse_failpoints, format_failpoints, "ROLE:after=STEP,before=STEP",
           "protocol steps at which a process kills itself; may be given several times",
           joined_by=SEPARATOR),
    _every("pause-every", "pause_every_s", "mean gap between pauses (SIGSTOP) in each lane"),
    _milliseconds("pause", "pause_ms", "how long a paused process stays stopped"),
    _every("down-every", "down_every_s", "mean gap between outages of a whole role"),
    _milliseconds("down", "down_ms", "how long a role that went down stays down"),
    _probability("request-loss", "request_loss", "probability that an append's request is lost"),
    _probability("ack-loss", "ack_loss",
                 "probability that an append's acknowledgement is lost"),
    _milliseconds("ack-timeout", "ack_timeout_ms", "how long a producer waits for an"
                  " acknowledgement before it tries again"),
    _milliseconds("restart-delay", "restart_delay_ms", "how long a dead worker's slot stays empty"),
    _milliseconds("session-timeout", "session_timeout_ms",
                  "how long before another slot takes an empty slot's partitions"),
    Option("durability", "durability", str.strip, str, "|".join(DURABILITIES),
           "SQLite's synchronous; only a power cut tells them apart"),
    Option("seed", "seed", units.parse_seed, str, "N", "fixes events, links and fault schedule"),
    _seconds("drain-timeout", "drain_timeout_s", "how long workers may take to finish at the end"),
    Option("retention", "retention_s", units.parse_kept, units.format_kept, "TIME|all",
           "how long rows that were counted are kept in the lanes' files"),
)  # fmt: skip

OPTION_BY_KEY: dict[str, Option] = {option.key: option for option in OPTIONS}


def to_texts(settings: RunSettings) -> dict[str, str]:
    """Every setting as text, by key. The inverse of `from_texts`."""
    return {option.key: option.text(settings) for option in OPTIONS}


def from_texts(texts: Mapping[str, str], base: RunSettings | None = None) -> RunSettings:
    """`base` (default: the defaults) with the settings that `texts` names.

    Raises SettingsError: an unknown key (the nearest known one is named), a text that cannot be
        read, a value that cannot be run.
    """
    for key in texts:
        if key not in OPTION_BY_KEY:
            raise SettingsError(key, _unknown(key))
    changes = {key: OPTION_BY_KEY[key].value(text) for key, text in texts.items()}
    for key, value in changes.items():
        _check_bounds(OPTION_BY_KEY[key], value, texts[key])
    fields = {OPTION_BY_KEY[key].field: value for key, value in changes.items()}
    return replace(base or RunSettings(), **fields)


def _check_bounds(option: Option, value: Any, text: str) -> None:
    """As RunSettings does, but in the words and units that the user wrote."""
    if option.field not in BOUNDS or not isinstance(value, int | float):
        return
    least, most = (type(value)(bound) for bound in BOUNDS[option.field])
    if not least <= value <= most:
        limits = f"{option.format(least)} to {option.format(most)}"
        raise SettingsError(option.field, f"{option.key} must be from {limits}, not {text}")


def command_line(settings: RunSettings) -> str:
    """The command that repeats the run: every option that is not at its default, and the seed."""
    default = to_texts(RunSettings())
    words = ["python", "main.py", "run"]
    for key, text in to_texts(settings).items():
        if text != default[key] or key == "seed":
            words += [f"--{key}", text]
    return shlex.join(words)


def _unknown(key: str) -> str:
    nearest = difflib.get_close_matches(key, OPTION_BY_KEY, n=1, cutoff=0.5)
    hint = (
        f"did you mean {nearest[0]!r}?"
        if nearest
        else f"the settings are {', '.join(OPTION_BY_KEY)}"
    )
    return f"no setting is called {key!r}; {hint}"
