"""The window's colours, which are those of every drawing (`bench_gui.palette`)."""

from __future__ import annotations

from bench_gui.palette import DARK, LIGHT, THEMES, Theme, blended

__all__ = ["DARK", "LIGHT", "THEMES", "Theme", "blended"]
