"""What runs inside a worker process. Knows no Qt, no pyqtgraph and no bench_gui."""
