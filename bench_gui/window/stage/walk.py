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
        reached: the furthest that was tried, from 0; NOT_BEGUN before the first.
        left: what is left to do of beats that were tried and refused, by their place.
    """

    def __init__(self, beats: Sequence[Beat] = ()) -> None:
        self.beats = tuple(beats)
        self.at = self.reached = NOT_BEGUN
        self.left: dict[int, Beat] = {}

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
        to_come = (*self.left.values(), *self.beats[self.reached + 1 :])
        return not any(beat.deeds for beat in to_come)

    @property
    def undone(self) -> Beat | None:
        """What is left to do of the beat shown; None when nothing is."""
        return self.left.get(self.at)

    @property
    def place(self) -> str:
        """ "beat 2 of 6", or how many there are."""
        if self.at < 0:
            return f"{len(self.beats)} beats"
        return f"beat {self.at + 1} of {len(self.beats)}"

    def go_on(self) -> bool:
        """To the next beat, if there is one. Returns whether there is something to be done."""
        if self.following is None:
            return False
        self.at += 1
        if self.at > self.reached:
            self.reached = self.at
            self.left[self.at] = self.beats[self.at]
        return self.undone is not None

    def did(self, left: Beat | None) -> None:
        """The beat shown was tried; `left` is what was refused, None when all of it was done."""
        self.left.pop(self.at, None)
        if left is not None:
            self.left[self.at] = left

    def go_back(self) -> bool:
        """To the beat before, if there is one. Returns whether there was."""
        if self.at <= 0:
            return False
        self.at -= 1
        return True

    def replace(self, beats: Sequence[Beat]) -> None:
        """Other beats in the same place, as far as there are so many."""
        before, self.beats = self.beats, tuple(beats)
        self.left = {
            at: beat if self.beats[at] == before[at] else self.beats[at]
            for at, beat in self.left.items()
            if at < len(self.beats)
        }
        self.at = min(self.at, len(self.beats) - 1)
        self.reached = min(self.reached, len(self.beats) - 1)
