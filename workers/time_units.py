"""Units of time in nanoseconds, the unit of every clock and ledger here."""

from __future__ import annotations

SECOND_NS = 1_000_000_000
MS_NS = 1_000_000
US_NS = 1_000
