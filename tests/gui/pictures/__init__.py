"""Takes pictures of the window with real runs; `tests/gallery.py` starts it."""
