"""The bench (one run from plan to verdict), its window and its command line."""
