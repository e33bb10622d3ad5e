"""Keeps what the bench tells its watchers, so that a run can be looked at again as it looked."""
