"""What a run is asked to do. Knows no files, no arguments and no processes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from bench_gui.bench.knobs import KNOBS, knob_values
from bench_gui.bench.lane_steps import passes, steps_of
from bench_gui.bench.units import CommitInterval
from workers.failpoints import ENTRIES, Failpoint
from workers.lanes import DEFAULT_LANES, Lane, Role, UnknownLane, lane_of
from workers.steps import Step

__all__ = ["BOUNDS", "DURABILITIES", "FIELD_NAMES", "CommitInterval", "RunSettings",
           "SettingsError"]  # fmt: skip

DURABILITIES = ("off", "normal", "full")
"""SQLite's `synchronous`. Only a power cut tells them apart; a SIGKILL never loses a commit."""
DEFAULT_COMMIT_INTERVAL = CommitInterval(ms=100.0)


class SettingsError(ValueError):
    """A setting that cannot be run: one clear sentence, and the field it is about."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Everything that decides a run, the same for every lane.

    Fields:
        lanes: slugs that `workers.lanes.lane_of` knows, at least one, in display order.
        duration_s: how long the sources run, above 0.
        rate_eps: events per second of each lane; None is closed loop ("max").
        batch: records in one batch at the most.
        linger_ms: how long a batch waits in the producer's buffer.
        sink_batch: events in one sink transaction at the most.
        work_us: pretended work per event in the consumer.
        kill_every_s: mean gap between kills in each lane (exponential); None is never.
        kill_roles: the roles that are killed and paused, each as often.
        kill_at: protocol steps at which a process kills itself.
        pause_every_s: mean gap between pauses in each lane (exponential); None is never.
        pause_ms: how long a paused process stays stopped.
        down_every_s: mean gap between moments at which a whole role goes down; None is never.
        down_ms: how long its slots stay empty then.
        request_loss: probability that an append's request is lost: it never happened.
        ack_loss: probability that an append's acknowledgement is lost: it did happen.
        ack_timeout_ms: how long a producer waits for an acknowledgement.
        restart_delay_ms: how long a dead worker's slot stays empty.
        session_timeout_ms: how long before another slot takes an empty slot's partitions.
        durability: one of DURABILITIES.
        seed: fixes events, links and the fault schedule.
        drain_timeout_s: after the sources stop, how long workers may take to finish.
        retention_s: how long rows that were counted are kept in the lanes' files; None is for good.
    """

    lanes: tuple[str, ...] = DEFAULT_LANES
    duration_s: float = 30.0
    rate_eps: int | None = 1000
    producers: int = 1
    consumers: int = 2
    partitions: int = 4
    batch: int = 500
    linger_ms: float = 2.0
    commit_interval: CommitInterval = DEFAULT_COMMIT_INTERVAL
    sink_batch: int = 1
    work_us: float = 0.0
    payload_bytes: int = 100
    kill_every_s: float | None = 1.0
    kill_roles: tuple[Role, ...] = (Role.PRODUCER, Role.CONSUMER)
    kill_at: tuple[Failpoint, ...] = ()
    pause_every_s: float | None = None
    pause_ms: float = 15_000.0
    down_every_s: float | None = None
    down_ms: float = 2_000.0
    request_loss: float = 0.0
    ack_loss: float = 0.0
    ack_timeout_ms: float = 20.0
    restart_delay_ms: float = 0.0
    session_timeout_ms: float = 10_000.0
    durability: str = "off"
    seed: int = 7
    drain_timeout_s: float = 60.0
    retention_s: float | None = 600.0

    def __post_init__(self) -> None:
        """Raises SettingsError for the first setting that cannot be run."""
        self._check_lanes()
        for field, (least, most) in BOUNDS.items():
            self._check_bounds(field, least, most)
        self._check_roles()
        self._check_losses()
        self._check_failpoints()
        if self.durability not in DURABILITIES:
            raise SettingsError(
                "durability",
                f"durability is one of {', '.join(DURABILITIES)}, not {self.durability!r}",
            )

    def _check_lanes(self) -> None:
        if not self.lanes:
            raise SettingsError("lanes", "at least one lane is needed")
        for slug in self.lanes:
            try:
                _check_knobs(lane_of(slug))
            except (UnknownLane, ValueError) as problem:
                raise SettingsError("lanes", str(problem)) from None
        if len(set(self.lanes)) != len(self.lanes):
            raise SettingsError("lanes", "a lane is named twice")

    def _check_bounds(self, field: str, least: float, most: float) -> None:
        value = _plain(getattr(self, field))
        if value is not None and not least <= value <= most:
            label = field.replace("_", " ")
            raise SettingsError(field, f"{label} must be from {least:g} to {most:g}, not {value:g}")

    def _check_roles(self) -> None:
        for field, words in (
            ("kill_every_s", "kill"),
            ("pause_every_s", "pause"),
            ("down_every_s", "take down"),
        ):
            if getattr(self, field) is not None and not self.kill_roles:
                every = field.removesuffix("_s").replace("_", " ")
                sentence = f"name a role to {words}, or set {every} to never"
                raise SettingsError("kill_roles", sentence)

    def _check_losses(self) -> None:
        most = BOUNDS["ack_loss"][1]
        if self.request_loss + self.ack_loss > most:
            raise SettingsError(
                "ack_loss",
                f"request loss and ack loss together must be at most {most:g},"
                " or no append is ever acknowledged",
            )

    def _check_failpoints(self) -> None:
        if len(self.kill_at) > ENTRIES:
            raise SettingsError("kill_at", f"at most {ENTRIES} steps to kill at, not more")
        for failpoint in self.kill_at:
            self._check_loss_of(failpoint)
            slots = self.producers if failpoint.role is Role.PRODUCER else self.consumers
            if failpoint.slot is not None and failpoint.slot >= slots:
                raise SettingsError(
                    "kill_at",
                    f"kill at: there is no {failpoint.role.value} {failpoint.slot};"
                    f" the {failpoint.role.value}s of a lane are 0 to {slots - 1}",
                )
            if not any(passes(lane_of(slug), failpoint) for slug in self.lanes):
                raise SettingsError("kill_at", _never_passed(failpoint, self.lanes))

    def _check_loss_of(self, failpoint: Failpoint) -> None:
        """A process stands where something was lost only where something may be."""
        for step, chance, option in (
            (Step.REQUEST_LOST, self.request_loss, "request-loss"),
            (Step.ACK_LOST, self.ack_loss, "ack-loss"),
        ):
            if failpoint.after is step and not chance:
                raise SettingsError("kill_at", f"kill at: {step.value} needs {option} above 0")

    def workers_per_lane(self) -> int:
        """Worker processes alive at once in one lane."""
        return self.producers + self.consumers


BOUNDS: dict[str, tuple[float, float]] = {
    "duration_s": (0.1, 24 * 3600),
    "rate_eps": (1, 1_000_000),
    "producers": (1, 16),
    "consumers": (1, 16),
    "partitions": (1, 64),
    "batch": (1, 10_000),
    "linger_ms": (0, 1000),
    "commit_interval": (1, 1_000_000),
    "sink_batch": (1, 10_000),
    "work_us": (0, 1_000_000),
    "payload_bytes": (0, 65_536),
    "kill_every_s": (0.05, 3600),
    "pause_every_s": (0.05, 3600),
    "pause_ms": (1, 600_000),
    "down_every_s": (0.05, 3600),
    "down_ms": (0, 600_000),
    "request_loss": (0, 0.9),
    "ack_loss": (0, 0.9),
    "ack_timeout_ms": (0, 10_000),
    "restart_delay_ms": (0, 60_000),
    "session_timeout_ms": (100, 600_000),
    "seed": (0, 2**53),
    "drain_timeout_s": (0, 3600),
    "retention_s": (1, 24 * 3600),
}
"""Inclusive bounds of every numeric setting, for the command line, the file and the window."""

FIELD_NAMES: tuple[str, ...] = tuple(field.name for field in fields(RunSettings))


def _plain(value: Any) -> float | None:
    """A setting's value as the number that its bounds are about."""
    if isinstance(value, CommitInterval):
        return value.ms if value.ms is not None else value.records
    number: float | None = value
    return number


def _check_knobs(lane: Lane) -> None:
    """Raises ValueError with one sentence for a knob of the lane's own that cannot be run."""
    values, texts = knob_values(lane), dict(lane.knobs)
    for knob in KNOBS:
        if knob.key not in texts:
            continue
        least, most = BOUNDS[knob.field]
        number = _plain(values[knob.field])
        if number is None or not least <= number <= most:
            limits = f"{knob.format(int(least))} to {knob.format(int(most))}"
            raise ValueError(f"{knob.key} must be from {limits}, not {texts[knob.key]}")


def _never_passed(failpoint: Failpoint, slugs: tuple[str, ...]) -> str:
    """One sentence that names what the lanes' processes of the role do pass."""
    role = failpoint.role
    wanted = ", ".join(
        f"{word} {step.value}"
        for word, step in (("after", failpoint.after), ("before", failpoint.before))
        if step is not None
    )
    passed = "; ".join(
        f"in {slug}: {', '.join(step.value for step in steps_of(lane_of(slug), role))}"
        for slug in slugs
    )
    unknown = failpoint.before is not None and any(
        failpoint.before in steps_of(lane_of(slug), role) for slug in slugs
    )
    hint = "; no process knows beforehand that this step is next: name it as after" * unknown
    return f"kill at: no {role.value} of the lanes ever stands {wanted}{hint}; they pass {passed}"
