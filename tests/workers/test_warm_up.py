"""What a killed fork server leaves behind is removed by the next one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from workers.warm_up import PREFIX, remove_leftovers


def test_only_the_dead_ones_files_are_removed(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    names = [f"{PREFIX}{dead.pid}-a", f"{PREFIX}{os.getpid()}-b", f"{PREFIX}x-c", "else"]
    for name in names:
        (tmp_path / name).mkdir()
    remove_leftovers(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(names[1:])
