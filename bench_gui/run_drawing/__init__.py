"""A run as pictures: SVG from plain values. Knows no Qt, no database and no process."""
