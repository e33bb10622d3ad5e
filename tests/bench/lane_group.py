"""A consumer group as a few lines: who owns which partition, who was expired."""

from __future__ import annotations


class Group:
    """Slots own their home partitions (partition modulo slots) unless they were expired."""

    def __init__(self, slots: int, partitions: int) -> None:
        self._slots = slots
        self._owner = [partition % slots for partition in range(partitions)]
        self._absent: set[int] = set()

    def owned(self, slot: int) -> list[int]:
        """The slot's partitions, ascending."""
        return [p for p, owner in enumerate(self._owner) if owner == slot]

    def expire(self, slot: int, heir: int) -> None:
        """The slot was silent; its partitions go to another."""
        self._absent.add(slot)
        self._owner = [heir if owner == slot else owner for owner in self._owner]

    def join(self, slot: int) -> None:
        """The slot is back; holders give its partitions back when they come to it."""
        self._absent.discard(slot)

    def give_back(self, slot: int) -> None:
        """The slot, which has committed all it did, gives back what is asked for."""
        for partition in self.owned(slot):
            home = partition % self._slots
            if home not in self._absent:
                self._owner[partition] = home

    def leave(self, slot: int) -> None:
        """The slot has finished."""
        for partition in self.owned(slot):
            self._owner[partition] = partition % self._slots
