"""The one place that applies a theme: style, palette, font and stylesheet. Knows no window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from bench_gui.window.palette import DARK, LIGHT, Theme
from bench_gui.window.style import stylesheet

BASE_FONT_PX = 12
STYLE = "Fusion"


def system_theme() -> Theme:
    """What the desktop asks for; light when it does not say."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


def apply_theme(app: QApplication, theme: Theme, zoom: float = 1.0) -> None:
    """Style, palette, font and stylesheet of the whole program.

    Each of them is set only where it is another: every widget there is would be polished anew.

    Args:
        zoom: by which every type size is multiplied.
    """
    if app.style().objectName() != STYLE.lower() and not app.styleSheet():
        app.setStyle(STYLE)
    palette = _palette(theme)
    if app.palette() != palette:
        app.setPalette(palette)
    font = QFont(app.font())
    font.setPixelSize(round(BASE_FONT_PX * zoom))
    if app.font() != font:
        app.setFont(font)
    sheet = stylesheet(theme, zoom)
    if app.styleSheet() != sheet:
        app.setStyleSheet(sheet)


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, theme.window),
        (roles.WindowText, theme.text),
        (roles.Base, theme.card),
        (roles.AlternateBase, theme.panel),
        (roles.Text, theme.text),
        (roles.Button, theme.panel),
        (roles.ButtonText, theme.text),
        (roles.ToolTipBase, theme.text),
        (roles.ToolTipText, theme.card),
        (roles.PlaceholderText, theme.muted),
        (roles.Highlight, theme.accent),
        (roles.HighlightedText, theme.on_accent),
        (roles.Link, theme.text),
        (roles.Mid, theme.line),
    ):
        palette.setColor(role, QColor(colour))
    for role, colour in (
        (roles.WindowText, theme.muted),  # while a run goes on its settings are there to be read
        (roles.Text, theme.muted),
        (roles.ButtonText, theme.faint),
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colour))
    return palette
