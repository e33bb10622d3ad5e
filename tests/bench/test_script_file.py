"""A presenter's script: what is read, and how a mistake names its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.script_file import ScriptError, read_script

GOOD = """title = "Mine"

[settings]
lanes = "at-least-once"
rate = "300"

[[beats]]
text = "It runs."
do = ["start"]

[[beats]]
text = "It dies."
do = ["kill consumer"]
look = "lag"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def test_title_settings_and_beats_are_enough(tmp_path: Path) -> None:
    script = read_script(written(tmp_path, GOOD))
    assert (script.slug, script.title, script.line) == ("mine", "Mine", "Mine")
    assert script.settings().rate_eps == 300
    assert [beat.text for beat in script.beats] == ["It runs.", "It dies."]


@pytest.mark.parametrize(
    ("change", "to", "sentence"),
    [
        ('title = "Mine"', 'title = "Mine', "mine.toml, line 1: this is not TOML: "),
        ("kill consumer", "kil consumer", "mine.toml, line 13: beat 2: nothing is done by"),
        ('look = "lag"', 'look = "leg"', "mine.toml, line 14: beat 2: look: there is no 'leg'"),
        ('look = "lag"', 'look = ""', "mine.toml, line 14: beat 2: look is a text"),
        ('look = "lag"', 'settings = { rate = "no" }', "mine.toml, line 14: beat 2: rate: "),
        ('look = "lag"', 'lane = "exactly-once"', "mine.toml, line 14: beat 2: lane: exactly"),
        ('text = "It dies."', "", "mine.toml, line 11: beat 2: text is missing"),
        ('look = "lag"', '[expect]\nat-least-once = ["lost"]', "mine.toml, line 15: 'lost' is not"),
        ('rate = "300"', 'rate = "much"', "mine.toml, line 5: rate: "),
        ('rate = "300"', 'raet = "300"', "mine.toml, line 5: no setting is called 'raet'"),
        ("[settings]", "[setings]", "mine.toml, line 3: a script has no 'setings'"),
        ('title = "Mine"', "", "mine.toml: a script has a title and at least one [[beats]]"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_its_line(
    tmp_path: Path, change: str, to: str, sentence: str
) -> None:
    with pytest.raises(ScriptError) as caught:
        read_script(written(tmp_path, GOOD.replace(change, to)))
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ('settings = ["a"]', "settings is a table: [settings] with lines such as rate"),
        ('expect = ["a"]', "expect is a table: [expect] with lines such as at-least-once"),
        ("story = 3", "story is a text"),
        ("line = 3", "line is a text"),
        ("watch-for = []", "watch-for is a text"),
        ('expect.at-most-once = "lost == 0"', "expect: at-most-once has a list of texts"),
        ("expect.at-most-once = [3]", "expect: at-most-once has a list of texts"),
        ('expect.at-most-once = ["lost"]', "'lost' is not an expectation such as"),
        ('expect.at-most-once = ["lost > few"]', "'lost > few' is not an expectation such as"),
        ('expect.at-most = ["lost == 0"]', "expect: at-most is not one of the lanes that run"),
        ('settings.lanes = 3', "lanes"),
        ("nested = " + "[" * 5000, "its lists or tables are nested too deeply"),
    ],
)  # fmt: skip
def test_what_a_key_cannot_be_is_said_in_its_words(
    tmp_path: Path, lines: str, sentence: str
) -> None:
    script = f'title = "Mine"\n{lines}\n[[beats]]\ntext = "It runs."\n'
    with pytest.raises(ScriptError, match=re.escape(sentence)) as caught:
        read_script(written(tmp_path, script))
    told = str(caught.value)
    assert "\n" not in told
    assert not re.search(r"object|attribute|unpack|NoneType|\bstr\b|\bint\b", told)


@pytest.mark.parametrize("beats", ['["a"]', '"a"', "3", '{ text = "a" }'])
def test_beats_are_tables(tmp_path: Path, beats: str) -> None:
    with pytest.raises(ScriptError, match="beats are tables"):
        read_script(written(tmp_path, f'title = "Mine"\nbeats = {beats}\n'))


def test_a_name_that_no_file_has_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="no file is so called"):
        read_script(tmp_path / "a\0b.toml")


def test_without_beats_it_is_no_script(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="at least one"):
        read_script(written(tmp_path, 'title = "Mine"\n'))


def test_a_file_that_is_not_there_or_no_text_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="cannot be read"):
        read_script(tmp_path / "none.toml")
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ScriptError, match="not UTF-8"):
        read_script(path)
