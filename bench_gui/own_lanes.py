"""Numbers for the lanes of the user's own, so that each has a look of its own. Knows no Qt.

A lane is numbered when it is met first and keeps its number until the program ends.
"""

from __future__ import annotations

_numbers: dict[str, int] = {}


def own_number(slug: str) -> int:
    """The lane's number, from 0."""
    return _numbers.setdefault(slug, len(_numbers))
