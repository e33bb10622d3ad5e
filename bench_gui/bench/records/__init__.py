"""What is kept of a run: run.db, the exported files, the table of results."""
