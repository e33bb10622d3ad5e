"""Presets of the user's own: settings by name, kept from one start to the next."""

from __future__ import annotations

import json

from PySide6.QtCore import QSettings

from bench_gui.bench.options import OPTION_BY_KEY

PLACE = "presets"


class OwnPresets:
    """Kept as one text: names may hold what a settings' key may not."""

    def __init__(self, store: QSettings) -> None:
        self._store = store

    def names(self) -> list[str]:
        """In the order of the alphabet."""
        return sorted(self._read(), key=str.casefold)

    def texts(self, name: str) -> dict[str, str]:
        """What a preset fills in; what is no setting any more is left out."""
        found = self._read().get(name, {})
        return {key: text for key, text in found.items() if key in OPTION_BY_KEY}

    def save(self, name: str, texts: dict[str, str]) -> None:
        """Under a name; one of the same name is replaced."""
        self._write(self._read() | {name: texts})

    def delete(self, name: str) -> None:
        """Nothing happens when there is none."""
        self._write({key: texts for key, texts in self._read().items() if key != name})

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            kept = json.loads(str(self._store.value(PLACE, "{}")))
        except ValueError:
            return {}
        if not isinstance(kept, dict):
            return {}
        return {
            name: {str(key): str(text) for key, text in texts.items()}
            for name, texts in kept.items()
            if isinstance(texts, dict)
        }

    def _write(self, presets: dict[str, dict[str, str]]) -> None:
        self._store.setValue(PLACE, json.dumps(presets, ensure_ascii=False))
