"""The parts of a run's page, by what they say. Knows no Qt."""
