"""The stylesheet, from a theme's colours. Knows no widget but by name.

Sizes are in logical pixels; Qt scales them on a dense display.
"""

from __future__ import annotations

import re
from string import Template

from bench_gui.window.palette import Theme, blended

SHEET = Template(
    """
QToolTip { background: $text; color: $card; border: 0; padding: 5px 7px; }
QMainWindow, QMenuBar, QStatusBar { background: $window; }
QMainWindow::separator { background: $window; height: 5px; width: 5px; }
QMenuBar { padding: 1px 4px; }
QMenuBar::item { padding: 3px 9px; border-radius: 4px; }
QMenuBar::item:selected { background: $line; }
QMenu { background: $panel; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QToolBar { background: $window; border: 0; spacing: 3px; padding: 2px 8px; }
QToolBar::separator { background: $line; width: 1px; margin: 4px 5px; }
QToolBar QToolButton {
  color: $text; border: 1px solid transparent; border-radius: 4px; padding: 3px 9px;
}
QToolBar QToolButton:hover, QToolBar QToolButton:focus { border-color: $muted; }
QToolBar QToolButton:pressed, QToolBar QToolButton:checked { background: $line; }
QToolBar QToolButton:disabled { color: $faint; }
QStatusBar { color: $muted; }
QStatusBar::item { border: 0; }
QStatusBar QLabel { color: $muted; padding: 0 7px; }

#console { background: $panel; border-right: 1px solid $line; }
#console QScrollArea, #settings { background: transparent; border: 0; }
QLabel[part="section"] { color: $muted; font-size: 10px; font-weight: 600; }
QLabel[part="muted"] { color: $muted; }
QLabel[part="small"] { color: $muted; font-size: 11px; }
QLabel[part="state"] { color: $muted; font-size: 10px; font-weight: 600; }
QLabel[part="clock"] { color: $text; font-size: 24px; font-weight: 400; }
QLabel[part="of"] { color: $muted; padding: 0 0 3px 4px; }
QLabel[part="problem"] { color: $text; font-size: 11px; padding: 1px 0 4px 0; }
QLabel[part="lane-name"] { color: $text; font-size: 13px; font-weight: 600; }
QLabel[part="lane-name"][narrow="true"] { font-size: 11px; }
QLabel[part="lane-rule"] { color: $muted; font-size: 11px; }
QLabel[part="lane-addition"] { color: $muted; font-size: 11px; font-weight: 600; }
QLabel[part="reason"] { color: $muted; font-size: 11px; }

QLineEdit, QComboBox {
  background: $card; color: $text; border: 1px solid $line; border-radius: 4px;
  padding: 2px 6px; min-height: 18px; selection-background-color: $accent;
  selection-color: $on_accent;
}
QLineEdit:hover, QComboBox:hover { border-color: $faint; }
QLineEdit:focus, QComboBox:focus { border: 1px solid $text; }
QLineEdit[wrong="true"] { border: 2px dashed $text; padding: 1px 5px; }
QLineEdit:disabled, QComboBox:disabled { background: $panel; color: $muted; }
QComboBox::drop-down { border: 0; width: 16px; }
QComboBox QAbstractItemView { background: $panel; color: $text; border: 1px solid $line; }
QCheckBox { spacing: 6px; color: $text; }
QCheckBox:disabled { color: $muted; }

QPushButton[part="action"] {
  background: $card; color: $text; border: 1px solid $line; border-radius: 5px;
  padding: 5px 9px; min-height: 17px; text-align: left;
}
QPushButton[part="action"]:hover { border-color: $muted; }
QPushButton[part="action"]:focus { border-color: $text; }
QPushButton[part="action"]:pressed { background: $line; }
QPushButton[part="action"]:disabled { color: $faint; background: transparent; }
QPushButton[main="true"] {
  background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QPushButton[main="true"]:hover { background: $accent_hover; }
QPushButton[main="true"]:disabled { background: transparent; color: $faint; border-color: $line; }
QPushButton[part="action"] QLabel { color: $muted; font-size: 10px; font-weight: 400; }
QPushButton[main="true"] QLabel { color: $on_accent_muted; }
QPushButton[part="action"]:disabled QLabel { color: $faint; }
QPushButton[main="true"]:disabled QLabel { color: $faint; }
QPushButton[small="true"] { padding: 2px 7px; min-height: 16px; border-radius: 4px; }
QPushButton[segment="true"] { border-radius: 0; border-left-width: 0; }
QPushButton[segment="true"]:checked {
  background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QPushButton[segment="true"]:checked QLabel { color: $on_accent_muted; }
QLabel[part="pad"] { color: $muted; font-size: 11px; }
QToolButton[part="remove"] { border: 0; color: $muted; padding: 0 3px; }
QToolButton[part="remove"]:hover { color: $text; }
QToolButton[part="fold"] {
  border: 0; color: $muted; font-size: 10px; font-weight: 600; padding: 2px 0;
}
QToolButton[part="fold"]:hover, QToolButton[part="fold"]:focus { color: $text; }

QGroupBox {
  background: $panel; border: 1px solid $line; border-radius: 6px; margin-top: 20px;
}
QGroupBox::title {
  subcontrol-origin: margin; subcontrol-position: top left; padding: 0 2px; color: $text;
}
QDialog QPushButton {
  background: $card; color: $text; border: 1px solid $line; border-radius: 5px;
  padding: 5px 14px; min-height: 17px; min-width: 56px;
}
QDialog QPushButton[small="true"] { min-width: 16px; padding: 5px 8px; }
QDialog QPushButton:hover { border-color: $muted; }
QDialog QPushButton:focus { border-color: $text; }
QDialog QPushButton:pressed { background: $line; }
QDialog QPushButton:disabled { color: $faint; background: transparent; }
QDialog QPushButton[main="true"] {
  background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QDialog QPushButton[main="true"]:disabled {
  background: transparent; color: $faint; border-color: $line;
}
QFrame[part="term"] { border: 1px solid $line; border-radius: 5px; }
QFrame[may="true"] { border: 1px dashed $muted; }
QLabel[part="term-words"] { color: $text; }
QFrame[may="true"] QLabel[part="term-words"] { font-weight: 600; }
QLabel[part="refusal"] { color: $text; font-weight: 600; }
QLabel[part="life-sentence"] { color: $text; font-size: 13px; font-weight: 600; }
QLabel[part="measure-now"] { color: $text; font-size: 13px; font-weight: 600; }
QLabel[part="measure-estimate"] { color: $text; font-weight: 600; }
QLabel[part="hint-text"] { color: $text; }
#measure-drawing { background: $window; border: 1px solid $line; border-radius: 6px; }
#measure-drawing > QWidget > QWidget, #measure-form { background: transparent; }
#life-drawing { background: $card; border: 1px solid $line; border-radius: 6px; }
QSplitter::handle { background: transparent; }
#story { background: $panel; border-bottom: 1px solid $line; }
QLabel[part="story-title"] { color: $text; font-size: 14px; font-weight: 600; }
QLabel[part="story-text"] { color: $text; }
QLabel[part="story-place"] { color: $text; font-weight: 600; }
QLabel[part="beat-text"] { color: $text; font-size: 16px; }
QLabel[part="beat-text"][presenting="true"] { font-size: 22px; }
QLabel[part="beat-next"] { color: $muted; font-size: 12px; }
QLabel[part="story-outcome"] { color: $text; font-weight: 600; padding: 1px 8px; }
QLabel[astold="true"] { background: $text; color: $card; border-radius: 8px; }
QLabel[astold="false"] { background: $alarm; color: $on_alarm; }
QLabel[part="why"] { color: $text; }
QLabel[part="question"] { color: $text; font-size: 13px; font-weight: 600; }
QLabel[part="advice"] { color: $text; font-size: 17px; font-weight: 600; }
QLabel[part="advice"][open="true"] { color: $muted; font-size: 13px; font-weight: 400; }
QFrame[part="rule"] { background: $line; border: 0; }
QFrame[part="outcome"] { background: $card; border: 1px solid $line; border-radius: 6px; }
QRadioButton { color: $text; spacing: 6px; }

#board, #views { background: $window; }
QFrame[part="card"] { background: $card; border: 1px solid $line; border-radius: 6px; }
#time-bar { background: $window; border-top: 1px solid $line; }
QLabel[part="time-state"] { color: $muted; font-size: 12px; padding: 2px 6px; }
QLabel[part="time-state"][held="true"] {
  background: $text; color: $card; font-weight: 600; border-radius: 4px;
}
QFrame[part="card"][focused="true"] { border: 2px solid $text; }
QFrame[part="stripe"] { border: 0; border-radius: 1px; }
QLabel[part="counter-caption"] { color: $muted; font-size: 10px; font-weight: 600; }
QLabel[part="counter-tag"] { color: $muted; font-size: 10px; }
QFrame[part="counter"] { border: 1px solid transparent; border-radius: 4px; }
QFrame[tone="forbidden"] { background: $alarm; border-color: $alarm; border-radius: 0; }
QFrame[tone="forbidden"] QLabel { color: $on_alarm; }
QFrame[tone="forbidden"] QLabel[part="counter-tag"] { font-size: 12px; font-weight: 700; }
QFrame[tone="forbidden"][narrow="true"] QLabel[part="counter-tag"] { font-size: 11px; }
QFrame[tone="expected"] QLabel[part="counter-tag"] { color: $text; }
QLabel[part="verdict"] { font-size: 10px; font-weight: 700; padding: 2px 8px; color: $muted; }
QLabel[verdict="PENDING"] { font-weight: 400; padding: 2px 0; border: 1px solid transparent; }
QLabel[verdict="HOLDS"] {
  background: $text; color: $card; border: 1px solid $text; border-radius: 9px;
}
QLabel[verdict="BROKEN"] {
  background: $alarm; color: $on_alarm; border: 1px solid $alarm; border-radius: 0;
}
QLabel[narrow="true"][verdict="HOLDS"], QLabel[narrow="true"][verdict="BROKEN"],
QLabel[narrow="true"][verdict="NOT_TESTED"] { padding: 2px 3px; }
QLabel[verdict="NOT_TESTED"] { color: $text; border: 1px dashed $muted; border-radius: 4px; }

QLabel[part="readout"] { color: $text; background: $card; font-size: 10px; padding: 0 3px; }
QLabel[part="fact"] { color: $text; font-size: 12px; }

QFrame[part="hint"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QLabel[part="hint-title"] { font-size: 17px; font-weight: 600; color: $text; }
QFrame[banner="alarm"] { background: $alarm; border: 0; }
QFrame[banner="alarm"] QLabel { color: $on_alarm; font-weight: 600; }
QFrame[banner="notice"] { background: $text; border: 0; }
QFrame[banner="notice"] QLabel { color: $card; }
QFrame[banner="alarm"] QToolButton { color: $on_alarm; border: 0; padding: 2px 8px; }
QFrame[banner="notice"] QToolButton { color: $card; border: 0; padding: 2px 8px; }

#stage-header { background: $panel; border-bottom: 1px solid $line; }
QLabel[part="stage-title"] { color: $text; font-size: 13px; font-weight: 600; }
QLabel[part="stage-fact"] { color: $text; font-size: 13px; }

QFrame[part="spotlight"] { background: $text; border: 0; }
QLabel[part="spotlight-cap"] {
  background: $text; color: $card; font-size: 11px; font-weight: 600; padding: 2px 8px;
}

#toast { background: $text; border: 2px solid $card; border-radius: 12px; }
QLabel[part="toast-key"] {
  color: $text; background: $card; border-radius: 5px; padding: 2px 10px; font-size: 17px;
  font-weight: 700;
}
QLabel[part="toast-words"] { color: $card; font-size: 17px; font-weight: 600; }

#play-back-bar { background: $text; border: 0; }
QLabel[part="play-back-badge"] { color: $card; font-size: 13px; font-weight: 700; }
QLabel[part="play-back-told"], QLabel[part="play-back-clock"] { color: $card; }
QStatusBar QLabel[part="play-back-mark"] {
  background: $text; color: $card; border-radius: 4px; font-weight: 600; padding: 0 8px;
}

QLabel[part="compare-run"] { color: $text; }
QLabel[part="compare-settings"] { color: $text; font-weight: 600; padding: 4px 0; }
QLabel[part="compare-value"] { color: $muted; }
QLabel[differs="true"] { color: $text; font-weight: 600; }

QDockWidget { color: $muted; font-size: 10px; }
QDockWidget::title { background: $window; padding: 3px 8px; text-align: left; }
QTableView, QListView, QPlainTextEdit, QTextBrowser {
  background: $card; color: $text; border: 1px solid $line; border-radius: 6px;
  gridline-color: transparent; selection-background-color: $selection; selection-color: $text;
  outline: 0;
}
QLineEdit[slim="true"] { padding: 1px 6px; min-height: 16px; }
QComboBox[slim="true"] { padding: 1px 6px; min-height: 16px; }
QLabel[part="fault-title"] { color: $text; font-size: 12px; font-weight: 600; }
QTableView[bare="true"] { border: 0; border-radius: 0; background: $card; }
QLabel[part="view-title"] { color: $text; font-size: 15px; font-weight: 600; }
QLabel[part="view-about"] { color: $muted; font-size: 11px; }
QLabel[part="view-sentence"] { color: $text; font-size: 13px; font-weight: 600; }
QTableView::item, QListView::item { padding: 0 6px; border: 0; }
QListView::item { min-height: 20px; padding: 3px 6px; }
QTableView::item:selected, QListView::item:selected { background: $selection; color: $text; }
QHeaderView::section {
  background: $card; color: $muted; border: 0; border-bottom: 1px solid $line;
  padding: 2px 6px; font-size: 10px; font-weight: 600;
}
#measure-table QHeaderView { background: $card; border: 0; border-radius: 6px; }
#measure-table::corner { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 9px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 9px; margin: 0; }
QScrollBar::handle { background: $faint; border-radius: 3px; margin: 2px; min-height: 22px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
)


FONT_SIZE = re.compile(r"font-size: (\d+)px")


def stylesheet(theme: Theme, zoom: float = 1.0) -> str:
    """The whole program's stylesheet, its type `zoom` times as large."""
    colours = {name: getattr(theme, name) for name in COLOUR_NAMES}
    sheet = SHEET.substitute(
        colours,
        selection=blended(theme.text, theme.card, 0.1),
        on_accent_muted=blended(theme.on_accent, theme.accent, 0.7),
        accent_hover=blended(theme.accent, theme.card, 0.85),
    )
    return FONT_SIZE.sub(lambda found: f"font-size: {round(int(found[1]) * zoom)}px", sheet)


COLOUR_NAMES = (
    "window",
    "panel",
    "card",
    "text",
    "muted",
    "faint",
    "line",
    "accent",
    "on_accent",
    "alarm",
    "on_alarm",
)
