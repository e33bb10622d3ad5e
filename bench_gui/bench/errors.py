"""The environment's problems, apart from our own bugs. Knows nothing else of the bench.

Disk full, a locked file, a directory that is not empty, no such run: the reader can act on these,
so each is one clear sentence that says what to do. A bug of ours is never caught: it ends the
program with its traceback. A setting that cannot be run is `settings.SettingsError`.
"""

from __future__ import annotations


class EnvironmentProblem(Exception):
    """Something outside the program is in the way. `str()` is one sentence and what to do."""
