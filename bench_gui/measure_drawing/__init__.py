"""The drawing of a measurement as SVG text: pure and without Qt, for a file and for the window."""
