"""A presenter's own script: a file with a title, settings and beats, read again when it changes.

A file that cannot be read leaves the last good version where it is, and says why in one sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.scenario import Scenario
from bench_gui.bench.script_file import ScriptError, read_script

SETTLE_MS = 120
"""An editor writes a file in several steps; it is read when it has been quiet for so long."""


class Script(QObject):
    """The file that is presented.

    Args:
        tell: shows a scenario that was opened. tell_anew: shows it after it was written anew.
        complain: shows one sentence. say: shows one that is no problem.
        put_right: takes back a sentence of `complain`, which no longer holds.

    Fields:
        path: the file, None while there is none.
    """

    def __init__(
        self,
        parent: QObject,
        tell: Callable[[Scenario], None],
        tell_anew: Callable[[Scenario], None],
        complain: Callable[[str], None],
        say: Callable[[str], None],
        put_right: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self._tell = tell
        self._tell_anew = tell_anew
        self._complain = complain
        self._say = say
        self._put_right = put_right
        self._problem = ""
        self._read: Scenario | None = None
        self._known: list[tuple[Scenario, Path]] = []
        self._watcher = QFileSystemWatcher(self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._read_anew)
        self._watcher.fileChanged.connect(self._settle.start)
        self._watcher.directoryChanged.connect(self._settle.start)

    def open(self, path: Path) -> bool:
        """Reads it and shows it. Returns whether it could be read; if not, it says why."""
        path = path.absolute()
        try:
            scenario = read_script(path)
        except (ScriptError, EnvironmentProblem) as problem:
            self._problem = str(problem)
            self._complain(self._problem)
            return False
        self._mend()
        self.close()
        self.path = path
        self._take(scenario)
        self._watch()
        self._tell(scenario)
        return True

    def _take(self, scenario: Scenario) -> None:
        self._read = scenario
        if self.path is not None:
            self._known.append((scenario, self.path))

    def _mend(self) -> None:
        """The file can be read."""
        problem, self._problem = self._problem, ""
        if problem:
            self._put_right(problem)

    def resume(self, scenario: Scenario) -> None:
        """A scenario is shown again; if it came from a file, that is watched again."""
        path = next((path for known, path in reversed(self._known) if known == scenario), None)
        if path is not None:
            self.path, self._read = path, scenario
            self._watch()
            self._settle.start()  # it may say something else by now

    def close(self) -> None:
        """Another scenario is shown; the file is no longer watched."""
        watched = [*self._watcher.files(), *self._watcher.directories()]
        if watched:
            self._watcher.removePaths(watched)
        self._settle.stop()
        self.path = self._read = None

    def tells(self, scenario: Scenario | None) -> bool:
        """Whether that is what the file says."""
        return self._read is not None and scenario is self._read

    def _watch(self) -> None:
        """The file, and its folder: an editor that replaces the file ends the watch of the file."""
        if self.path is None:
            return
        wanted = {str(self.path), str(self.path.parent)}
        watched = {*self._watcher.files(), *self._watcher.directories()}
        missing = [one for one in wanted - watched if Path(one).exists()]
        if missing:
            self._watcher.addPaths(missing)

    def _read_anew(self) -> None:
        if self.path is None:
            return
        self._watch()
        try:
            scenario = read_script(self.path)
        except (ScriptError, EnvironmentProblem) as problem:
            self._problem = f"{problem}; the version before stays"
            self._complain(self._problem)
            return
        self._mend()
        if scenario != self._read:
            self._take(scenario)
            self._tell_anew(scenario)
            self._say(f"{self.path.name} was read again")
