"""What was filled in, step by step, so that a step can be taken back and done again. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bench_gui.bench.scenario import Scenario

MOST_STEPS = 100
"""The oldest are forgotten beyond this."""

LONGEST_VALUE = 16
"""A longer text would make a menu wide; then only the setting is named."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What is filled in now.

    Fields:
        texts: by option key, right or wrong. scenario: whose story is told, None without one.
        own: the lanes of the user's own that are listed, chosen or not.
    """

    texts: Mapping[str, str]
    scenario: Scenario | None = None
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """From one to the other; `title` says what it was."""

    before: Filled
    after: Filled
    title: str


class SettingsHistory:
    """Steps back and forth.

    Args:
        start: what is filled in at first.
        typed: keys of the settings that are typed letter by letter: as long as the same one goes on
            changing it is one step.
    """

    def __init__(self, start: Filled, typed: Collection[str]) -> None:
        self.now = start
        self._typed = typed
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._typing: str | None = None

    def note(self, filled: Filled, title: str = "") -> None:
        """Something else is filled in.

        Args:
            title: what did it; without one the setting that is another is named.
        """
        if filled == self.now:
            return
        keys = changed(self.now, filled)
        key = keys[0] if len(keys) == 1 and filled.scenario == self.now.scenario else None
        step = Step(self.now, filled, title or described(self.now, filled))
        if key is not None and key == self._typing and not title:
            before = self._done.pop().before
            step = Step(before, filled, described(before, filled))
        self._undone.clear()
        self.now = filled
        self._typing = key if key in self._typed and not title else None
        if step.before != step.after:
            self._done = [*self._done, step][-MOST_STEPS:]
        else:
            self._typing = None

    def tell_anew(self, old: Scenario, new: Scenario) -> None:
        """A scenario says something else from now on, in every step: that is no step."""

        def told(filled: Filled) -> Filled:
            return replace(filled, scenario=new) if filled.scenario == old else filled

        def step(one: Step) -> Step:
            before, after = told(one.before), told(one.after)
            own_title = one.title != described(one.before, one.after)
            return Step(before, after, one.title if own_title else described(before, after))

        self.now = told(self.now)
        self._done = [step(one) for one in self._done]
        self._undone = [step(one) for one in self._undone]

    def seal(self) -> None:
        """What is typed from now on is another step."""
        self._typing = None

    @property
    def undo_title(self) -> str:
        """What would be taken back, empty when there is nothing."""
        return self._done[-1].title if self._done else ""

    @property
    def redo_title(self) -> str:
        """What would be done again, empty when there is nothing."""
        return self._undone[-1].title if self._undone else ""

    def undo(self) -> Filled | None:
        """What was filled in a step ago, None when there was no step."""
        return self._go(self._done, self._undone, back=True)

    def redo(self) -> Filled | None:
        """What was filled in before it was taken back."""
        return self._go(self._undone, self._done, back=False)

    def _go(self, source: list[Step], target: list[Step], *, back: bool) -> Filled | None:
        self.seal()
        if not source:
            return None
        step = source.pop()
        target.append(step)
        self.now = step.before if back else step.after
        return self.now


def changed(before: Filled, after: Filled) -> list[str]:
    """The keys of the settings that are others."""
    return [key for key, text in after.texts.items() if before.texts.get(key) != text]


def described(before: Filled, after: Filled) -> str:
    """What is another, in a few words: "rate 1k to 2k"."""
    if after.scenario is not None and after.scenario != before.scenario:
        return f"the scenario {after.scenario.title}"
    keys = changed(before, after)
    if not keys and before.own != after.own:
        return "the list of lanes"
    if len(keys) != 1:
        return f"{len(keys)} settings" if keys else "the story"
    old, new = before.texts[keys[0]], after.texts[keys[0]]
    if max(len(old), len(new)) > LONGEST_VALUE or not (old and new):
        return keys[0]
    return f"{keys[0]} {old} to {new}"
