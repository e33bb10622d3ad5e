"""Where one is in a scenario's beats. Knows no Qt.

Going back only shows an earlier beat again; going on from there does nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench_gui.bench.beats import Beat

NOT_BEGUN = -1


class Walk:
    """A place among beats.

    Fields:
        beats: in order.
        at: the beat shown, from 0; NOT_BEGUN before the first.
        reached: the furthest that was done, from 0; NOT_BEGUN before the first.
    """

    def __init__(self, beats: Sequence[Beat] = ()) -> None:
        self.beats = tuple(beats)
        self.at = self.reached = NOT_BEGUN

    @property
    def beat(self) -> Beat | None:
        """The one shown."""
        return self.beats[self.at] if self.at >= 0 else None

    @property
    def following(self) -> Beat | None:
        """The one that comes next."""
        return self.beats[self.at + 1] if self.at + 1 < len(self.beats) else None

    @property
    def finished(self) -> bool:
        """Whether nothing is left to be done."""
        return not any(beat.deeds for beat in self.beats[self.reached + 1 :])

    @property
    def place(self) -> str:
        """ "beat 2 of 6", or how many there are."""
        if self.at < 0:
            return f"{len(self.beats)} beats"
        return f"beat {self.at + 1} of {len(self.beats)}"

    def go_on(self) -> bool:
        """To the next beat, if there is one. Returns whether it is to be done: it never was."""
        if self.following is None:
            return False
        self.at += 1
        fresh = self.at > self.reached
        self.reached = max(self.reached, self.at)
        return fresh

    def go_back(self) -> bool:
        """To the beat before, if there is one. Returns whether there was."""
        if self.at <= 0:
            return False
        self.at -= 1
        return True

    def replace(self, beats: Sequence[Beat]) -> None:
        """Other beats in the same place, as far as there are so many."""
        self.beats = tuple(beats)
        self.at = min(self.at, len(self.beats) - 1)
        self.reached = min(self.reached, len(self.beats) - 1)
