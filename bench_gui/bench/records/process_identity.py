"""Whether the process that wrote something is still the one that runs. Knows no run.

A pid alone is not an identity: it is used again. On Linux and macOS the time of its start is
compared too; on Windows only whether the pid is in use.
"""

from __future__ import annotations

import ctypes
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

UNKNOWN = "running"
"""The token of a process whose time of start cannot be told."""


def process_token(pid: int) -> str | None:
    """What tells this process from a later one with the same pid; None when none runs."""
    return TOKEN_OF.get(platform.system(), _ps_token)(pid)


def still_runs(pid: int, token: str) -> bool:
    """Whether the process that had this token when it was asked for still runs."""
    return process_token(pid) == token


def _linux_token(pid: int) -> str | None:
    """The start in clock ticks since boot, and the boot. A zombie does not run."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else f"{boot}/{fields[19]}"


def _ps_token(pid: int) -> str | None:
    command = ["ps", "-o", "lstart=", "-p", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def _windows_token(pid: int) -> str | None:
    synchronize, timed_out = 0x00100000, 0x102
    kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009 -- not there elsewhere
    handle = kernel.OpenProcess(synchronize, False, pid)
    if not handle:
        return None
    state = kernel.WaitForSingleObject(handle, 0)
    kernel.CloseHandle(handle)
    return UNKNOWN if state == timed_out else None


TOKEN_OF: dict[str, Callable[[int], str | None]] = {
    "Linux": _linux_token,
    "Windows": _windows_token,
}
