"""Named bugs, planted one at a time: each must be caught by the checks that are there for it."""
