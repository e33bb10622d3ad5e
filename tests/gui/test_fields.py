"""What is filled in becomes settings, or says what is wrong; keys do not collide."""

from __future__ import annotations

from collections import Counter

from PySide6.QtGui import QKeySequence

from bench_gui.bench.options import OPTION_BY_KEY, to_texts
from bench_gui.bench.scenario import scenarios
from bench_gui.bench.settings import DURABILITIES, RunSettings
from bench_gui.window.command_table import MENUS, SCENARIOS, SPECS
from bench_gui.window.fault_pad import AIM_KEY
from bench_gui.window.field_row import key_of
from bench_gui.window.fields import FIELDS, LANES_KEY, ROLES_KEY, read
from bench_gui.window.lane_list import OWN_KEYS
from bench_gui.window.scenario_guide import KEYED
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
    keys = [key_of(field).toString() for field in FIELDS]
    keys += [QKeySequence.mnemonic(menu).toString() for menu in MENUS]
    keys += [f"Alt+{number}" for number, _ in enumerate(LANES, start=1)]
    keys += [f"Alt+Shift+{role.value[0].upper()}" for role in Role]
    keys += [spec.key for spec in SPECS]
    keys += [f"Ctrl+{number}" for number, _ in enumerate(scenarios()[:KEYED], start=1)]
    keys += [*OWN_KEYS, AIM_KEY, "Alt+M", "Alt+Shift+M", "Ctrl+I", "Esc"]
    assert [key for key, uses in Counter(keys).items() if uses > 1 or not key] == []


def test_every_mnemonic_of_a_menu_is_used_once() -> None:
    for heading in MENUS:
        mnemonics = [
            QKeySequence.mnemonic(spec.text).toString() for spec in SPECS if spec.menu == heading
        ]
        if heading == SCENARIOS:
            mnemonics += [f"Alt+{number}" for number in range(1, KEYED + 1)]
        assert [key for key, uses in Counter(mnemonics).items() if uses > 1 or not key] == []


def test_every_setting_has_a_field_or_a_box() -> None:
    shown = {field.key for field in FIELDS} | {LANES_KEY, ROLES_KEY}
    assert set(OPTION_BY_KEY) - shown == {"drain-timeout"}


def test_the_choices_are_the_bench_s() -> None:
    (durability,) = (field for field in FIELDS if field.key == "durability")
    assert durability.choices == DURABILITIES
