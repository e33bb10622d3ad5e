"""The settings explained, one at a time: what Kafka calls it, what it changes here, its bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from bench_gui.bench.option_help import HELP, HELP_BY_KEY, bounds_text, default_text
from bench_gui.window.widgets import type_px

LIST_PX = 170
PAGE_MARGIN_PX = 14
FIRST = "rate"
"""What is shown when no field has the focus."""


class SettingsHelp(QDialog):
    """A list of the settings at the left, the chosen one at the right.

    Args:
        texts: what is filled in now, by option key.
    """

    def __init__(self, parent: QWidget, texts: Callable[[], Mapping[str, str]]) -> None:
        super().__init__(parent)
        self.setObjectName("settings-help")
        self.setWindowTitle("The settings explained")
        self._texts = texts
        self._list = self._make_list()
        self._page = QTextBrowser()
        self._page.setObjectName("setting-page")
        self._page.document().setDocumentMargin(PAGE_MARGIN_PX)
        self._page.setAccessibleName("The setting explained")
        self._page.setToolTip("What the chosen setting is.")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        middle = QHBoxLayout()
        middle.addWidget(self._list)
        middle.addWidget(self._page, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(middle, 1)
        layout.addWidget(buttons)
        self.resize(700, 480)
        self._list.currentItemChanged.connect(self._show)

    def _make_list(self) -> QListWidget:
        made = QListWidget()
        made.setObjectName("settings-list")
        made.setAccessibleName("Settings")
        made.setToolTip("<b>Up, Down</b>&nbsp; Another setting; a letter goes to the next with it.")
        for one in HELP:
            item = QListWidgetItem(one.title, made)
            item.setData(Qt.ItemDataRole.UserRole, one.key)
        return made

    def show_setting(self, key: str | None) -> None:
        """Opens at this setting; None leaves the one that was read last."""
        self._list.setFixedWidth(type_px(self, LIST_PX))
        keys = [one.key for one in HELP]
        if key is not None or self._list.currentRow() < 0:
            self._list.setCurrentRow(keys.index(key or FIRST))
        self._show()
        self.show()
        self.raise_()
        self.activateWindow()
        self._list.setFocus()

    def _show(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            key: str = item.data(Qt.ItemDataRole.UserRole)
            self._page.setHtml(page_html(key, self._texts().get(key)))


def page_html(key: str, filled_in: str | None) -> str:
    """One setting as a short page.

    Args:
        filled_in: what stands in its field now, None when it has none.
    """
    one = HELP_BY_KEY[key]
    facts = [("Default", default_text(key)), ("May be", bounds_text(key))]
    if filled_in is not None:
        facts.append(("Filled in", filled_in))
    facts.append(("Command line", f"--{key}"))
    rows = "".join(
        f"<tr><td>{name}&nbsp;&nbsp;</td><td><b>{escape(text)}</b></td></tr>"
        for name, text in facts
        if text
    )
    return (
        f"<h3>{escape(one.title)}</h3>"
        f"<table cellpadding=2>{rows}</table>"
        f"<p><b>In Kafka's words.</b> {escape(one.kafka)}</p>"
        f"<p><b>Here.</b> {escape(one.here)}</p>"
    )
