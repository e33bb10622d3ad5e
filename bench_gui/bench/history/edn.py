"""Writes EDN, the notation of Clojure's data, as far as histories need it. Pure.

Source: the EDN specification (edn-format/edn): keywords, vectors, maps, strings, integers, nil.
"""

from __future__ import annotations

import json
from collections.abc import Mapping


class Keyword(str):
    """A name that is written with a colon before it."""

    __slots__ = ()


def edn(value: object) -> str:
    """The value as one line of EDN: a list or tuple is a vector, None is nil.

    Raises TypeError for what has no notation here.
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{edn(k)} {edn(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + " ".join(map(edn, value)) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Keyword):
        return f":{value}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"{type(value).__name__} has no notation in EDN")
