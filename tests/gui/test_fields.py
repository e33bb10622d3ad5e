"""What is filled in becomes settings, or says what is wrong; keys do not collide."""

from __future__ import annotations

from collections import Counter

from PySide6.QtGui import QKeySequence

from bench_gui.bench.options import to_texts
from bench_gui.bench.settings import DURABILITIES, RunSettings
from bench_gui.window.commands import FILE, HELP, RUN, SPECS, VIEW
from bench_gui.window.fields import FIELDS, read
from workers.lanes import LANES, Role


def test_what_is_shown_reads_back_as_the_same_settings() -> None:
    settings = RunSettings(rate_eps=None, kill_every_s=None, drain_timeout_s=7.0)
    assert read(to_texts(settings), settings).settings == settings


def test_every_wrong_field_is_named_not_only_the_first() -> None:
    texts = to_texts(RunSettings()) | {"rate": "fast", "producers": "0", "seed": "x"}
    reading = read(texts, RunSettings())
    assert reading.settings is None
    assert set(reading.problems) == {"rate", "producers", "seed"}


def test_fields_that_are_wrong_together_are_named_too() -> None:
    texts = to_texts(RunSettings()) | {"kill": ""}
    assert set(read(texts, RunSettings()).problems) == {"kill"}


def test_every_key_is_used_once() -> None:
    mnemonics = [QKeySequence.mnemonic(field.label).toString() for field in FIELDS]
    mnemonics += [QKeySequence.mnemonic(menu).toString() for menu in (FILE, RUN, VIEW, HELP)]
    boxes = [f"Alt+{number}" for number, _ in enumerate(LANES, start=1)]
    boxes += [f"Alt+Shift+{role.value[0].upper()}" for role in Role]
    keys = Counter(mnemonics + boxes + [spec.key for spec in SPECS] + ["Alt+M"])
    assert [key for key, uses in keys.items() if uses > 1 or not key] == []


def test_the_choices_are_the_bench_s() -> None:
    (durability,) = (field for field in FIELDS if field.key == "durability")
    assert durability.choices == DURABILITIES
