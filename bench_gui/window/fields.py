"""The settings as the console shows them: one table, one row a field. Knows no widget.

What a field means to the bench (its text form, its bounds) is `bench.options` and
`bench.settings`; here stand only its place, its label and what it is in Kafka's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bench_gui.bench.options import OPTION_BY_KEY
from bench_gui.bench.settings import RunSettings, SettingsError
from workers.lanes import LANES


@dataclass(frozen=True, slots=True)
class Field:
    """One line of text to fill in.

    Fields:
        key: its key in `bench.options`.
        label: with its mnemonic marked by "&"; mnemonics are unique, menus included.
        help: what it is, in one or two sentences.
        choices: the only values, or empty for free text.
        shortcut: instead of a mnemonic, of which there are only so many; in its portable form.
        wide: whether its text needs a line of its own.
    """

    key: str
    label: str
    help: str
    choices: tuple[str, ...] = ()
    shortcut: str = ""
    wide: bool = False


LOAD: tuple[Field, ...] = (
    Field(
        "rate",
        "&Rate",
        "Events due per second in each lane, such as 2000 or 2k. An event exists once it is due, "
        "whether or not a producer is alive to take it. <b>max</b> is a closed loop: as fast as it "
        "goes, so its latency has no schedule to be late against.",
    ),
    Field("duration", "&Duration", "How long the sources run, such as 30s. Then the lanes drain."),
    Field(
        "producers", "&Producers", "Producer processes in each lane, each with a stream of its own."
    ),
    Field(
        "consumers",
        "&Consumers",
        "Consumer processes in each lane: one consumer group with static membership "
        "(group.instance.id), so a replacement takes its slot's partitions at once.",
    ),
    Field("partitions", "Partitions", "Partitions of each lane's topic.", shortcut="Alt+Shift+I"),
    Field(
        "commit-interval",
        "Commit &interval",
        "How often a consumer commits offsets: 100ms is Kafka's auto.commit.interval.ms, a bare "
        "number such as 500 counts records. It is how much a kill can hurt.",
    ),
)

FAULTS: tuple[Field, ...] = (
    Field(
        "kill-every",
        "&Kill every",
        "Mean gap between two SIGKILLs in each lane, at random (exponential) moments that the seed "
        "fixes; the same schedule in every lane. <b>never</b> for none.",
    ),
    Field(
        "seed",
        "Se&ed",
        "Fixes the events, their links and the fault schedule. The interleaving of real processes "
        "is not fixed by it.",
    ),
)

MORE_FAULTS: tuple[Field, ...] = (
    Field(
        "kill-at",
        "Kill at step",
        "Protocol steps at which a process kills itself, exactly there: "
        "<b>consumer:after=effect-applied,before=offsets-committed</b>. Several are separated by "
        "semicolons; <b>never</b> for none.",
        shortcut="Alt+Shift+K",
        wide=True,
    ),
    Field(
        "pause-every",
        "Pause every",
        "Mean gap between two pauses (SIGSTOP) in each lane, at random moments that the seed "
        "fixes. A paused process is a zombie once its session has expired.",
        shortcut="Alt+Shift+Z",
    ),
    Field(
        "pause",
        "Pause for",
        "How long a paused process stays stopped before it goes on (SIGCONT). Longer than the "
        "session timeout, and its partitions move meanwhile.",
        shortcut="Alt+Shift+F",
    ),
    Field(
        "down-every",
        "Down every",
        "Mean gap between outages in each lane: every process of a role is killed at once.",
        shortcut="Alt+Shift+D",
    ),
    Field(
        "down",
        "Down for",
        "How long the slots of a role that went down stay empty.",
        shortcut="Alt+Shift+O",
    ),
    Field(
        "request-loss",
        "Request loss",
        "Probability, from 0 to 0.9, that a producer's request is lost on its way: the append did "
        "not happen and nobody knows.",
        shortcut="Alt+Shift+R",
    ),
    Field(
        "ack-loss",
        "Ack loss",
        "Probability, from 0 to 0.9, that an acknowledgement is lost on its way back: the append "
        "did happen, and the producer must act as its semantic says.",
        shortcut="Alt+Shift+A",
    ),
    Field(
        "ack-timeout",
        "Ack timeout",
        "How long a producer waits for an acknowledgement before it appends the batch again "
        "(request.timeout.ms).",
        shortcut="Alt+Shift+T",
    ),
)

MORE: tuple[Field, ...] = (
    Field("batch", "&Batch", "Records in one record batch at the most (batch.size, in records)."),
    Field(
        "linger",
        "&Linger",
        "How long a record waits in the producer's buffer for company (linger.ms).",
    ),
    Field(
        "sink-batch",
        "Sink b&atch",
        "Events in one sink transaction at the most. At 1 every event is its own SQLite "
        "transaction, as simple user code would do it.",
    ),
    Field("work", "&Work", "Pretended work per event in the consumer, such as 50us."),
    Field("payload", "Pa&yload", "Bytes that each event carries."),
    Field(
        "restart-delay",
        "Restart delay",
        "How long a dead worker's slot stays empty before its next incarnation starts.",
        shortcut="Alt+Shift+S",
    ),
    Field(
        "session-timeout",
        "Session timeout",
        "How long before another consumer takes the partitions of a slot that is empty or silent "
        "(session.timeout.ms).",
        shortcut="Alt+Shift+E",
    ),
    Field(
        "durability",
        "D&urability",
        "SQLite's synchronous setting. A SIGKILL never loses a committed transaction, whatever it "
        "is; only a power cut tells the three apart.",
        choices=("off", "normal", "full"),
    ),
    Field(
        "retention",
        "Retention",
        "How long rows that were counted are kept in the lanes' files, such as 10m, or all. "
        "A long run fits on the disk only with it; the life of an event whose rows are gone cannot "
        "be told.",
        shortcut="Alt+Shift+N",
    ),
)

FIELDS: tuple[Field, ...] = LOAD + FAULTS + MORE_FAULTS + MORE
LANES_KEY = "lanes"
ROLES_KEY = "kill"

ALONE = RunSettings(
    lanes=tuple(lane.slug for lane in LANES), producers=16, consumers=16, kill_every_s=None
)
"""What one value is tried in, to find every wrong field: settings that no single value upsets."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What texts amount to.

    Fields:
        settings: None when anything is wrong.
        problems: one sentence by key, for every key that is wrong.
    """

    settings: RunSettings | None
    problems: dict[str, str]


def read(texts: Mapping[str, str], base: RunSettings) -> Reading:
    """The settings that texts (by option key) make of `base`, or everything wrong with them."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for key, text in texts.items():
        option = OPTION_BY_KEY[key]
        try:
            values[option.field] = option.parse(text)
            replace(ALONE, **{option.field: values[option.field]})
        except ValueError as error:
            problems[key] = str(error)
    if problems:
        return Reading(None, problems)
    try:
        return Reading(replace(base, **values), {})
    except SettingsError as error:
        return Reading(None, {_key_of(error.field): str(error)})


def _key_of(field: str) -> str:
    return next((key for key, option in OPTION_BY_KEY.items() if option.field == field), field)
