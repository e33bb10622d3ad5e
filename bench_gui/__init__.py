"""The bench (one run from plan to verdict), its window and its command line."""

__version__ = "0.1.0"
