"""What the window remembers between two starts: settings, theme, layout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

from bench_gui.bench.options import OPTION_BY_KEY, parse_names, to_texts
from bench_gui.bench.settings import RunSettings, SettingsError
from bench_gui.window.palette import THEMES, Theme
from workers.lanes import UnknownLane, lane_of

LAYOUT_VERSION = 1


def load_settings(store: QSettings) -> RunSettings:
    """The settings stored last. What can no longer be read or run is left at its default."""
    settings = RunSettings()
    for key, option in OPTION_BY_KEY.items():
        text = store.value(f"settings/{key}")
        if isinstance(text, str):
            try:
                settings = replace(settings, **{option.field: option.value(text)})
            except SettingsError:
                continue
    return settings


def save_settings(store: QSettings, settings: RunSettings) -> None:
    """Every setting as its text."""
    for key, text in to_texts(settings).items():
        store.setValue(f"settings/{key}", text)


def load_own_lanes(store: QSettings) -> tuple[str, ...]:
    """The lanes of the user's own that still make sense, chosen or not."""
    return tuple(slug for slug in parse_names(str(store.value("own-lanes", ""))) if _is_lane(slug))


def _is_lane(slug: str) -> bool:
    try:
        return lane_of(slug).own
    except UnknownLane:
        return False


def save_own_lanes(store: QSettings, slugs: Iterable[str]) -> None:
    """For the next start."""
    store.setValue("own-lanes", ",".join(slugs))


def load_theme(store: QSettings, otherwise: Theme) -> Theme:
    """The theme chosen last."""
    return THEMES.get(str(store.value("theme", "")), otherwise)


def save_theme(store: QSettings, theme: Theme) -> None:
    """For the next start."""
    store.setValue("theme", theme.name)


def load_flag(store: QSettings, name: str, otherwise: bool) -> bool:
    """A flag; a plain `value` would give the text "false", which is true."""
    return bool(store.value(name, otherwise, type=bool))


def save_layout(store: QSettings, window: QMainWindow) -> None:
    """Size, place, and where the dock is."""
    store.setValue("geometry", window.saveGeometry())
    store.setValue("layout", window.saveState(LAYOUT_VERSION))


def load_layout(store: QSettings, window: QMainWindow) -> bool:
    """Restores them. Returns whether there was anything to restore."""
    geometry, layout = store.value("geometry"), store.value("layout")
    if not isinstance(geometry, QByteArray) or not isinstance(layout, QByteArray):
        return False
    return window.restoreGeometry(geometry) and window.restoreState(layout, LAYOUT_VERSION)
