"""A run that is really BROKEN: a real run of a copy of this program with a bug planted in it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutants.catalogue import MUTANTS
from tests.mutants.planting import copy_source, plant

BUG = "at-least-once commits offsets before it processes"
RUN = (
    "--lanes", "at-most-once,at-least-once,idempotent-consumer,exactly-once", "--duration", "15s",
    "--kill-every", "500ms", "--seed", "7",
)  # fmt: skip
MOST_S = 180


def make_broken_run(run_dir: Path) -> None:
    """Runs the bench with the bug, and keeps what it wrote in `run_dir`, which is made."""
    with tempfile.TemporaryDirectory(prefix="broken-") as directory:
        root = Path(directory)
        copy_source(root)
        plant(next(mutant for mutant in MUTANTS if mutant.name == BUG), root)
        command = [sys.executable, "main.py", "run", *RUN, "--out", str(run_dir), "--keep-data"]
        environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, timeout=MOST_S,
            check=False,
        )  # fmt: skip
    if "BROKEN" not in done.stdout:
        raise SystemExit(f"the bug broke nothing: {done.stdout}{done.stderr}")
