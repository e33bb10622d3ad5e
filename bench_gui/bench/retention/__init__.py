"""Removes from a lane's files what is old and was counted by everybody. Writes nothing else."""
