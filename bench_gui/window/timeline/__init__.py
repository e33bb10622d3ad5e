"""The time axis: what stretch of the run is shown, which moment of it, and where the reader was."""
