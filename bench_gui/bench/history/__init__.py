"""A lane as a history of operations, for the checkers that judge Kafka."""
