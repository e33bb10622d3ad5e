"""Measuring lanes one at a time: rounds planned, run, put into figures. Knows no Qt."""
