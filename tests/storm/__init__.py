"""Storms: real runs of every lane with thousands of real kills, and what they came to."""
