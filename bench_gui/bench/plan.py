"""What will happen in a run, worked out before it: the fault schedule and each lane's config.

Pure: the same settings always give the same plan. The schedule is the same in every lane.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bench_gui.bench.faults import KILL, KILL_OF_ROLE, PAUSE
from bench_gui.bench.knobs import knob_values
from bench_gui.bench.records.run_tables import LANES_DIRECTORY
from bench_gui.bench.settings import RunSettings
from workers.config import LaneConfig
from workers.lanes import Role, lane_of
from workers.time_units import MS_NS, SECOND_NS, US_NS


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """One fault of the schedule.

    Fields:
        at_ns: after the sources' start.
        kind: KILL, PAUSE, or KILL_OF_ROLE where every slot of the role goes down.
        slot: None where all of the role's are meant.
    """

    at_ns: int
    kind: str
    role: Role
    slot: int | None


def fault_schedule(settings: RunSettings) -> list[PlannedFault]:
    """The faults of a run, in time order, all before the sources end.

    Gaps are exponential with the mean that is asked for; role and slot are drawn evenly. Each kind
    has a random stream of its own, so that pauses added to a run leave its kills where they were.
    """
    streams = (
        _stream(settings, "faults", KILL, settings.kill_every_s),
        _stream(settings, "pauses", PAUSE, settings.pause_every_s),
        _stream(settings, "outages", KILL_OF_ROLE, settings.down_every_s),
    )
    planned = [fault for stream in streams for fault in stream]
    return sorted(planned, key=lambda fault: fault.at_ns)


def _stream(
    settings: RunSettings, name: str, kind: str, every_s: float | None
) -> Iterator[PlannedFault]:
    if every_s is None:
        return
    chance = random.Random(f"{name} {settings.seed}")
    at_s = chance.expovariate(1 / every_s)
    while at_s < settings.duration_s:
        role = chance.choice(settings.kill_roles)
        slots = settings.producers if role is Role.PRODUCER else settings.consumers
        slot = None if kind == KILL_OF_ROLE else chance.randrange(slots)
        yield PlannedFault(int(at_s * SECOND_NS), kind, role, slot)
        at_s += chance.expovariate(1 / every_s)


def lane_directory(run_dir: Path, slug: str) -> Path:
    """Where a lane keeps its files."""
    return run_dir / LANES_DIRECTORY / slug


def lane_config(settings: RunSettings, slug: str, run_dir: Path) -> LaneConfig:
    """What the lane's workers are told; a lane of the user's own may differ in its knobs."""
    settings = replace(settings, **knob_values(lane_of(slug)))
    interval = settings.commit_interval
    return LaneConfig(
        slug=slug,
        directory=lane_directory(run_dir, slug),
        seed=settings.seed,
        rate_eps=settings.rate_eps,
        producers=settings.producers,
        consumers=settings.consumers,
        partitions=settings.partitions,
        batch=settings.batch,
        linger_ns=int(settings.linger_ms * MS_NS),
        commit_interval_ns=None if interval.ms is None else int(interval.ms * MS_NS),
        commit_interval_records=interval.records,
        sink_batch=settings.sink_batch,
        work_ns=int(settings.work_us * US_NS),
        payload_bytes=settings.payload_bytes,
        session_timeout_ns=int(settings.session_timeout_ms * MS_NS),
        durability=settings.durability,
        request_loss=settings.request_loss,
        ack_loss=settings.ack_loss,
        ack_timeout_ns=int(settings.ack_timeout_ms * MS_NS),
    )
