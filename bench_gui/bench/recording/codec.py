"""Plain values as JSON and back, and what changed from one to the next, by their type hints. Pure.

A dataclass is written by the names of its fields, so that a field that is added later is recorded
without a word about it here; a name that a reader does not know is left out, and one that a file
does not have yet takes the field's default.

A change is written as

    the new value                    of a number, a text, a truth, an enum
    {name: change, ...}              of a dataclass, of a mapping with the same keys (by key), and
                                     of a tuple of the same length (by place)
    {"=": value}                     of any of them, when all of it is new
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Protocol, Union, get_args, get_origin, get_type_hints

Json = Any
WHOLE = "="


class Codec(Protocol):
    """One type's way to JSON and back."""

    def encode(self, value: Any) -> Json:
        """The whole value."""
        ...

    def decode(self, encoded: Json) -> Any:
        """The inverse. Raises ValueError, TypeError or KeyError for what it cannot be."""
        ...

    def change(self, before: Any, after: Any) -> Json:
        """What turns `before` into `after`; they are not equal."""
        ...

    def apply(self, before: Any, change: Json) -> Any:
        """The inverse: what `before` has become. Parts that did not change are shared."""
        ...


class Plain:
    """Numbers, texts, truths, and None."""

    def encode(self, value: Any) -> Json:
        return value

    def decode(self, encoded: Json) -> Any:
        return encoded

    def change(self, before: Any, after: Any) -> Json:
        return after

    def apply(self, before: Any, change: Json) -> Any:
        return change


class Named:
    """An enum, by its value."""

    def __init__(self, kind: type[Enum]) -> None:
        self._kind = kind

    def encode(self, value: Any) -> Json:
        return value.value

    def decode(self, encoded: Json) -> Any:
        return self._kind(encoded)

    def change(self, before: Any, after: Any) -> Json:
        return after.value

    def apply(self, before: Any, change: Json) -> Any:
        return self._kind(change)


class Maybe:
    """A value or None."""

    def __init__(self, inner: Codec) -> None:
        self._inner = inner

    def encode(self, value: Any) -> Json:
        return None if value is None else self._inner.encode(value)

    def decode(self, encoded: Json) -> Any:
        return None if encoded is None else self._inner.decode(encoded)

    def change(self, before: Any, after: Any) -> Json:
        if before is None or after is None:
            return {WHOLE: self.encode(after)}
        return self._inner.change(before, after)

    def apply(self, before: Any, change: Json) -> Any:
        if isinstance(change, dict) and WHOLE in change:
            return self.decode(change[WHOLE])
        return self._inner.apply(before, change)


class Fields:
    """A dataclass."""

    def __init__(self, kind: type[Any]) -> None:
        hints = get_type_hints(kind)
        self._kind = kind
        self._codecs = {one.name: codec_of(hints[one.name]) for one in fields(kind) if one.init}
        self._needed = {
            one.name
            for one in fields(kind)
            if one.init and one.default is MISSING and one.default_factory is MISSING
        }

    def encode(self, value: Any) -> Json:
        return {name: codec.encode(getattr(value, name)) for name, codec in self._codecs.items()}

    def decode(self, encoded: Json) -> Any:
        known = {
            name: codec.decode(encoded[name])
            for name, codec in self._codecs.items()
            if name in encoded
        }
        if not self._needed <= known.keys():
            raise KeyError(*(self._needed - known.keys()))
        return self._kind(**known)

    def change(self, before: Any, after: Any) -> Json:
        changed = {}
        for name, codec in self._codecs.items():
            was, now = getattr(before, name), getattr(after, name)
            if was is not now and was != now:
                changed[name] = codec.change(was, now)
        return changed

    def apply(self, before: Any, change: Json) -> Any:
        if WHOLE in change:
            return self.decode(change[WHOLE])
        values = {name: getattr(before, name) for name in self._codecs}
        for name in change.keys() & values.keys():
            values[name] = self._codecs[name].apply(values[name], change[name])
        return self._kind(**values)


class Items:
    """A tuple of values of one type."""

    def __init__(self, inner: Codec) -> None:
        self._inner = inner

    def encode(self, value: Any) -> Json:
        return [self._inner.encode(one) for one in value]

    def decode(self, encoded: Json) -> Any:
        return tuple(self._inner.decode(one) for one in encoded)

    def change(self, before: Any, after: Any) -> Json:
        if len(before) != len(after):
            return {WHOLE: self.encode(after)}
        pairs = enumerate(zip(before, after, strict=True))
        return {
            str(place): self._inner.change(was, now)
            for place, (was, now) in pairs
            if was is not now and was != now
        }

    def apply(self, before: Any, change: Json) -> Any:
        if WHOLE in change:
            return self.decode(change[WHOLE])
        values = list(before)
        for place, part in change.items():
            values[int(place)] = self._inner.apply(values[int(place)], part)
        return tuple(values)


class Keyed:
    """A mapping from texts."""

    def __init__(self, inner: Codec) -> None:
        self._inner = inner

    def encode(self, value: Any) -> Json:
        return {key: self._inner.encode(one) for key, one in value.items()}

    def decode(self, encoded: Json) -> Any:
        return {key: self._inner.decode(one) for key, one in encoded.items()}

    def change(self, before: Any, after: Any) -> Json:
        if list(before) != list(after) or WHOLE in after:
            return {WHOLE: self.encode(after)}
        return {
            key: self._inner.change(before[key], now)
            for key, now in after.items()
            if before[key] is not now and before[key] != now
        }

    def apply(self, before: Any, change: Json) -> Any:
        if WHOLE in change:
            return self.decode(change[WHOLE])
        changed = {key: self._inner.apply(before[key], part) for key, part in change.items()}
        return {**before, **changed}


@cache
def codec_of(hint: Any) -> Codec:
    """How values with this type hint are written.

    Raises TypeError for a type that nothing here can write: a test asks for every snapshot's.
    """
    origin, inner = get_origin(hint), get_args(hint)
    if hint in {int, float, str, bool, NoneType}:
        return Plain()
    if origin is not None:
        return _of_parts(hint, origin, inner)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Named(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return Fields(hint)
    raise TypeError(f"{hint} cannot be recorded")


def _of_parts(hint: Any, origin: Any, inner: tuple[Any, ...]) -> Codec:
    if origin in {Union, UnionType} and NoneType in inner:
        return _maybe([one for one in inner if one is not NoneType])
    if origin is tuple and len(inner) == 2 and inner[1] is ...:
        return Items(codec_of(inner[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping) and inner[0] is str:
        return Keyed(codec_of(inner[1]))
    raise TypeError(f"{hint} cannot be recorded")


def _maybe(kinds: list[Any]) -> Codec:
    if len(kinds) != 1:
        raise TypeError(f"one of {kinds} cannot be recorded")
    inner = codec_of(kinds[0])
    return inner if isinstance(inner, Plain) else Maybe(inner)
