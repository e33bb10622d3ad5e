"""Writes EDN, the notation of Clojure's data, as far as histories need it. Pure.

Source: the EDN specification (edn-format/edn): keywords, vectors, maps, strings, integers, nil.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any


class Keyword(str):
    """A name that is written with a colon before it."""

    __slots__ = ()


def edn(value: object) -> str:
    """The value as one line of EDN: a list or tuple is a vector, None is nil.

    Raises TypeError for what has no notation here.
    """
    write = NOTATIONS.get(type(value))
    if write is None:
        raise TypeError(f"{type(value).__name__} has no notation in EDN")
    return write(value)


def _map(pairs: Mapping[object, object]) -> str:
    return "{" + ", ".join([f"{edn(key)} {edn(value)}" for key, value in pairs.items()]) + "}"


def _vector(values: Sequence[object]) -> str:
    return "[" + " ".join([edn(value) for value in values]) + "]"


NOTATIONS: dict[type, Callable[[Any], str]] = {
    int: str,
    Keyword: lambda name: f":{name}",
    tuple: _vector,
    list: _vector,
    dict: _map,
    str: lambda text: json.dumps(text, ensure_ascii=False),
    bool: lambda flag: "true" if flag else "false",
    type(None): lambda _: "nil",
}
"""By the exact type: a history of a million events has tens of millions of values."""
