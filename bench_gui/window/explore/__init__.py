"""For exploring: which lane to take, what a setting means, presets, undo, settings files."""
