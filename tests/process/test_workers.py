"""What a worker process carries with it, and that it never outlives its bench."""

from __future__ import annotations

import sys
from typing import Any

from workers.processes import pipe, start_from_fork_server


def tell_modules(connection: Any) -> None:
    connection.send(sorted(sys.modules))


def test_a_worker_has_no_qt_even_when_its_parent_has() -> None:
    import PySide6.QtCore  # not above: the child imports this module for `tell_modules`

    assert PySide6.QtCore.__name__ in sys.modules
    near, far = pipe()
    child = start_from_fork_server(tell_modules, far)
    modules = near.recv()
    child.join()
    child.close()
    near.close()
    far.close()
    assert "workers.entry" in modules
    assert not [name for name in modules if name.startswith(("PySide6", "pyqtgraph", "shiboken6"))]
