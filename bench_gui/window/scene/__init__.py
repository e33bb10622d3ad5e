"""The picture of a lane: producers, log, consumers, result, and the events on their way."""
