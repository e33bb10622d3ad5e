"""Taking a run out of the window: tables, pictures for slides, and a report."""
