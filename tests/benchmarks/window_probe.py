"""`python main.py` with a probe in it: tells when it painted, starts a run, tells how that went.

`python -m tests.benchmarks.window_probe ORDER`. The bench's processes import this module again, as
they would import `main.py`, so it imports nothing before it must.
"""

from __future__ import annotations

import json
import sys


def main() -> int:
    """Opens the window as `main.py` does, with another class in the place of its own."""
    from bench_gui.window import app
    from tests.benchmarks.probed_window import probed

    order = json.loads(sys.argv[1])
    app.MainWindow = probed(order)
    import main as program

    return program.main([])


if __name__ == "__main__":
    sys.exit(main())
