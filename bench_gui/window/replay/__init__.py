"""Runs that were recorded: opened, played back at any speed, two of them side by side."""
