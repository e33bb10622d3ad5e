"""How work that takes a while tells how far it is, and how it is stopped. Knows no threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


class Cancelled(Exception):
    """The user thought better of it. Nothing half-written is left."""


Progress = Callable[[float], None]
"""Told the share that is done, from 0 to 1. Raises Cancelled when the work is no longer wanted."""


def unwatched(share: float) -> None:
    """For who does not care."""
    del share


def followed(items: Iterable[T], count: int, progress: Progress, every: int = 2000) -> Iterator[T]:
    """The items, telling how far it is at each `every` of them.

    Args:
        count: how many there are, about.
    """
    for number, item in enumerate(items):
        if number % every == 0:
            progress(min(1.0, number / max(count, 1)))
        yield item
