"""What the bench's tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bench.lane_world import LaneWorld

MakeWorld = Callable[..., LaneWorld]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[MakeWorld]:
    """Makes the world of a lane; closed at the end."""
    made: list[LaneWorld] = []

    def make(slug: str, **options: object) -> LaneWorld:
        made.append(LaneWorld(tmp_path, slug, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
