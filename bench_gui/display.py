"""Whether Qt can open a window here, asked before Qt aborts the process over it. Knows no Qt.

On Linux Qt is linked to system libraries that a bare machine lacks. A missing one shows as an
ImportError, or, for the platform plugin, as an abort in C++ that no `except` catches; so the plugin
is loaded by hand first.
"""

from __future__ import annotations

import ctypes
import importlib.util
import re
import sys
from collections.abc import Mapping
from pathlib import Path

HEADLESS = "python main.py run"

DEBIAN_PACKAGES = (
    "libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libx11-xcb1"
    " libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0"
    " libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 fonts-dejavu-core"
)
"""What Qt needs from a bare Debian or Ubuntu to open a window."""

_MISSING_LIBRARY = re.compile(r"(lib[^\s:]+\.so[^\s:]*): cannot open shared object file")


def display_problem(environment: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """One sentence when no window can open: no display, or a library of its plugin missing.

    Args:
        environment: the process's variables.
        platform: as `sys.platform`; only Linux can lack either.
    """
    if platform != "linux":
        return None
    wanted = environment.get("QT_QPA_PLATFORM", "")
    displays = [name for name in ("DISPLAY", "WAYLAND_DISPLAY") if environment.get(name)]
    if not wanted and not displays:
        return f"there is no display to open a window on; run without a window: {HEADLESS}"
    uses_xcb = wanted.startswith("xcb") or (not wanted and displays == ["DISPLAY"])
    return _xcb_problem(environment.get("DISPLAY", "")) if uses_xcb else None


def import_problem(error: ImportError) -> str | None:
    """One sentence when Qt could not be imported; None when the import failed for our own fault."""
    library = _MISSING_LIBRARY.search(str(error))
    if library is not None:
        return missing_library(library[1])
    if (error.name or "").startswith(("PySide6", "shiboken6", "pyqtgraph")):
        return f"{error.name} is not installed; install everything with: python -m pip install ."
    return None


def missing_library(library: str) -> str:
    """One sentence that names the library and the command that installs it."""
    return (
        f"Qt needs the system library {library}, which is missing; on Debian or Ubuntu:"
        f" sudo apt-get install -y {DEBIAN_PACKAGES}"
    )


def _xcb_problem(display: str) -> str | None:
    """A library is missing, or nobody answers at the display."""
    problem = _plugin_problem("xcb")
    if problem is None and not _answers(display):
        return f"the display {display!r} does not answer; run without a window: {HEADLESS}"
    return problem


def _answers(display: str) -> bool:
    """Whether an X server can be reached; True when it cannot be asked."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    answers: bool = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return answers


def _plugin_problem(name: str) -> str | None:
    plugin = _plugin(name)
    if plugin is None:
        return None
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        library = _MISSING_LIBRARY.search(str(error))
        return None if library is None else missing_library(library[1])
    return None


def _plugin(name: str) -> Path | None:
    """The platform plugin's file; found without importing Qt."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or spec.origin is None:
        return None
    plugin = Path(spec.origin).parent / "Qt" / "plugins" / "platforms" / f"libq{name}.so"
    return plugin if plugin.exists() else None
