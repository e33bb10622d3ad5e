"""What will happen in a run, worked out before it: the fault schedule and each lane's config.

Pure: the same settings always give the same plan. The schedule is the same in every lane.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from bench_gui.bench.records.run_tables import LANES_DIRECTORY
from bench_gui.bench.settings import RunSettings
from workers.config import LaneConfig
from workers.lanes import Role
from workers.time_units import MS_NS, SECOND_NS, US_NS


@dataclass(frozen=True, slots=True)
class PlannedKill:
    """One kill of the schedule. `at_ns`: after the sources' start."""

    at_ns: int
    role: Role
    slot: int


def fault_schedule(settings: RunSettings) -> list[PlannedKill]:
    """The kills of a run, in time order, all before the sources end.

    Gaps are exponential with mean `kill_every_s`; role and slot are drawn evenly.
    """
    if settings.kill_every_s is None:
        return []
    chance = random.Random(f"faults {settings.seed}")
    kills: list[PlannedKill] = []
    at_s = chance.expovariate(1 / settings.kill_every_s)
    while at_s < settings.duration_s:
        role = chance.choice(settings.kill_roles)
        slots = settings.producers if role is Role.PRODUCER else settings.consumers
        kills.append(PlannedKill(int(at_s * SECOND_NS), role, chance.randrange(slots)))
        at_s += chance.expovariate(1 / settings.kill_every_s)
    return kills


def lane_directory(run_dir: Path, slug: str) -> Path:
    """Where a lane keeps its files."""
    return run_dir / LANES_DIRECTORY / slug


def lane_config(settings: RunSettings, slug: str, run_dir: Path) -> LaneConfig:
    """What the lane's workers are told."""
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
    )
