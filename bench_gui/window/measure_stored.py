"""What measure mode was filled in with, from one start of the program to the next."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSettings

from bench_gui.window.measure_fields import FIELDS

KEYS = tuple(field.key for field in FIELDS)
"""The lanes are not among them: they are the main window's."""


def load_texts(store: QSettings) -> dict[str, str]:
    """The texts that were stored; a choice that there is no more is left out."""
    texts = {}
    for field in FIELDS:
        text = store.value(f"measure/{field.key}")
        if isinstance(text, str) and (not field.choices or text in field.choices):
            texts[field.key] = text
    return texts


def save_texts(store: QSettings, texts: Mapping[str, str]) -> None:
    """For the next start, right or wrong."""
    for key in KEYS:
        store.setValue(f"measure/{key}", texts[key])
