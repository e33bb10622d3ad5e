"""Numbers as people write them: "250ms", "2k", "max", "never". Knows no settings.

Every `parse_*` has a `format_*` twin that is its exact inverse: parse(format(x)) == x. Decimal
arithmetic makes that so: a float goes to its shortest decimal text and back without a rounding.

A duration always names its unit, except 0: "--duration 10" could be anything, so it is refused.
A bare number is allowed only where it means something else (`parse_commit_interval`: records).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

NEVER = "never"
ALL = "all"
MAX_RATE = "max"

SECONDS_IN: dict[str, Decimal] = {
    "us": Decimal("0.000001"),
    "ms": Decimal("0.001"),
    "s": Decimal(1),
    "m": Decimal(60),
    "h": Decimal(3600),
}
"""Units of time, shortest first. "µs" is read as "us", "min" as "m"."""

THOUSANDS: dict[str, Decimal] = {
    "": Decimal(1),
    "k": Decimal(1000),
    "K": Decimal(1000),
    "M": Decimal(1_000_000),
}


@dataclass(frozen=True, slots=True)
class CommitInterval:
    """How often offsets are committed. Invariant: exactly one of the two is set, above 0."""

    ms: float | None = None
    records: int | None = None


_ALIASES = {"µs": "us", "μs": "us", "min": "m"}
_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*([^\W\d_]*)")


def parse_duration_s(text: str) -> float:
    """Seconds from "10s", "250ms", "2m", "1h" or "0". Raises ValueError with one sentence."""
    return float(_duration(text))


def format_duration_s(seconds: float) -> str:
    """Seconds, 0 or more, in the largest unit that fits: "1.5s", "250ms", "2m"."""
    return _format_duration(_decimal(seconds))


def parse_duration_ms(text: str) -> float:
    """Milliseconds from "250ms" and the like. Raises ValueError with one sentence."""
    return float(_duration(text) / SECONDS_IN["ms"])


def format_duration_ms(milliseconds: float) -> str:
    """Milliseconds, 0 or more, in the largest unit that fits: "1.5s", "250ms", "2m"."""
    return _format_duration(_decimal(milliseconds) * SECONDS_IN["ms"])


def parse_duration_us(text: str) -> float:
    """Microseconds from "50us" and the like. Raises ValueError with one sentence."""
    return float(_duration(text) / SECONDS_IN["us"])


def format_duration_us(microseconds: float) -> str:
    """Microseconds, 0 or more, in the largest unit that fits: "1.5s", "250ms", "2m"."""
    return _format_duration(_decimal(microseconds) * SECONDS_IN["us"])


def parse_count(text: str) -> int:
    """A whole number, 0 or more, from "500", "2k" or "1.5k". Raises ValueError."""
    number, suffix = _split(text, "a whole number such as 500 or 2k")
    if suffix not in THOUSANDS:
        raise ValueError(f"{text!r} is not a whole number such as 500 or 2k")
    count = number * THOUSANDS[suffix]
    if count != count.to_integral_value():
        raise ValueError(f"{text!r} is not a whole number")
    return int(count)


def format_count(count: int) -> str:
    """A whole number, 0 or more: 2000 is "2k", 2001 is "2001"."""
    for suffix in ("M", "k"):
        size = int(THOUSANDS[suffix])
        if count and count % size == 0:
            return f"{count // size}{suffix}"
    return str(count)


def parse_seed(text: str) -> int:
    """A whole number, 0 or more, digit by digit. Raises ValueError with one sentence."""
    if not text.strip().isdecimal():
        raise ValueError(f"{text!r} is not a whole number from 0 on, such as 7")
    return int(text)


def parse_rate(text: str) -> int | None:
    """Events per second from "2000" or "2k"; None from "max" (closed loop). Raises ValueError."""
    if text.strip() == MAX_RATE:
        return None
    try:
        return parse_count(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a rate such as 2000, 2k or {MAX_RATE}") from None


def format_rate(rate_eps: int | None) -> str:
    """Events per second, "max" for None."""
    return MAX_RATE if rate_eps is None else format_count(rate_eps)


def parse_every(text: str) -> float | None:
    """Seconds between two of something from "1s"; None from "never". Raises ValueError."""
    if text.strip() == NEVER:
        return None
    try:
        return parse_duration_s(text)
    except ValueError as error:
        raise ValueError(f"{error}, or {NEVER}") from None


def format_every(seconds: float | None) -> str:
    """Seconds between two of something, "never" for None."""
    return NEVER if seconds is None else format_duration_s(seconds)


def parse_probability(text: str) -> float:
    """A probability from "0.02" or "2%". Raises ValueError with one sentence."""
    number, suffix = _split(text.replace("%", "percent"), "a probability such as 0.02 or 2%")
    if suffix not in {"", "percent"}:
        raise ValueError(f"{text!r} is not a probability such as 0.02 or 2%")
    return float(number / 100 if suffix else number)


def format_probability(probability: float) -> str:
    """A probability in percent: "2%"."""
    return _plain(_decimal(probability) * 100) + "%"


def parse_commit_interval(text: str) -> CommitInterval:
    """Time from "100ms", records from the bare number "500". Raises ValueError."""
    try:
        return CommitInterval(records=parse_count(text))
    except ValueError:
        pass
    try:
        return CommitInterval(ms=parse_duration_ms(text))
    except ValueError:
        raise ValueError(
            f"{text!r} is neither a time such as 100ms nor a number of records such as 500"
        ) from None


def format_commit_interval(interval: CommitInterval | float) -> str:
    """A time with its unit, or a bare number of records; so is a plain number, such as a bound."""
    if not isinstance(interval, CommitInterval):
        return format_count(int(interval))
    if interval.records is not None:
        return format_count(interval.records)
    if not interval.ms:
        return "0ms"
    return format_duration_ms(interval.ms)


def _duration(text: str) -> Decimal:
    """Seconds, exactly."""
    wanted = "a time such as 250ms, 10s, 2m or 1h"
    number, suffix = _split(text, wanted)
    unit = _ALIASES.get(suffix, suffix)
    if unit in SECONDS_IN:
        return number * SECONDS_IN[unit]
    if suffix == "" and number == 0:
        return Decimal(0)
    if suffix == "":
        raise ValueError(
            f"{text!r} names no unit; write {text}us, {text}ms, {text}s, {text}m or {text}h"
        )
    raise ValueError(f"{text!r} is not {wanted}")


def _split(text: str, wanted: str) -> tuple[Decimal, str]:
    """The number and the letters after it."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not {wanted}")
    return Decimal(match[1]), match[2]


def _decimal(value: float) -> Decimal:
    """The shortest decimal that is this float."""
    return Decimal(repr(float(value)))


def _format_duration(seconds: Decimal) -> str:
    if seconds == 0:
        return "0s"
    fitting = [
        unit for unit, size in SECONDS_IN.items() if seconds >= size and _exact(seconds, size)
    ]
    unit = fitting[-1] if fitting else "us"
    return _plain(seconds / SECONDS_IN[unit]) + unit


def _exact(seconds: Decimal, size: Decimal) -> bool:
    """Whether dividing loses nothing: by a power of ten, or with a whole result."""
    return size <= 1 or seconds % size == 0


def _plain(number: Decimal) -> str:
    """Without an exponent and without trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_kept(text: str) -> float | None:
    """Seconds for which something is kept from "10m"; None from "all". Raises ValueError."""
    return None if text.strip() == ALL else parse_duration_s(text)


def format_kept(seconds: float | None) -> str:
    """Seconds for which something is kept, "all" for None."""
    return ALL if seconds is None else format_duration_s(seconds)
