"""Real windows without a display, in a process and a home of their own."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks.children import Children, told

PLATFORM = "offscreen"


class Probe:
    """A window that runs what it is told to, see `probed_window`."""

    def __init__(
        self,
        children: Children,
        home: Path,
        settings: Mapping[str, str],
        *,
        until: str = "end",
        size: tuple[int, int] = (1280, 720),
    ) -> None:
        order = {"settings": dict(settings), "until": until, "size": size}
        environment = {
            "QT_QPA_PLATFORM": PLATFORM,
            **{
                f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "CACHE")
            },
        }
        self.asked_ns = time.monotonic_ns()
        module = "tests.benchmarks.window_probe"
        self.process: subprocess.Popen[str] = children.start(
            "-m", module, json.dumps(order), environment=environment
        )

    def hear(self, key: str) -> Any:
        """What it says next, which must be about this."""
        said = told(self.process)
        if key not in said:
            raise RuntimeError(f"the window said {said}, not {key}")
        return said[key]

    def run_dir(self) -> Path:
        """Waits for the run's end."""
        return Path(self.hear("run_dir"))
