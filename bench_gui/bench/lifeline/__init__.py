"""The life of one event, told from the durable records of a run."""
