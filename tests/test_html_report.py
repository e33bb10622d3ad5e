"""The report of a run: a page that says what summary.csv says, and needs nothing from elsewhere."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.records.export import export_run
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import REST, LinkClicks, RunState, Verdict
from bench_gui.cli import main
from bench_gui.html_report import report_page, write_report
from bench_gui.report_parts.reported import Reported, read_reported
from tests.bench.test_recording import LANE, Recorded, lane_snapshot
from tests.bench.test_store import create
from tests.values import anomaly, fault, sample, summary

HOSTILE = '<script>alert("x")</script> & co'
VOID = {"meta", "br", "img"}


class Page(HTMLParser):
    """Tags that do not match, texts, tables and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tables: list[list[list[str]]] = []
        self.headings: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"td", "th"}:
            self.tables[-1][-1][-1] += data
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.texts)


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    """A complete run in which a kill made duplicates, with texts that are no markup."""
    directory = tmp_path / "run"
    directory.mkdir()
    store = create(directory)
    store.add_samples([sample(t_s=k / 10, latency_p50_ns=1_000_000) for k in range(1, 30)])
    store.put_faults(
        [fault(text=HOSTILE), fault(fault_id=2, duplicates_caused=0, recovery_ms=None)]
    )
    store.put_anomalies([anomaly(explanation=f"killed {HOSTILE}")])
    store.put_summary(
        [
            summary(duplicates=64, redelivered=64, effects=60_064, kills_consumer=2),
            summary("at-most-once", lost=1234, lost_after_log=1234, delivered_unique=58_766),
        ]
    )
    store.set_lane("at-least-once", Verdict.HOLDS, HOSTILE, None)
    store.set_lane("at-most-once", Verdict.NOT_TESTED, "no fault landed", None)
    store.set_state(RunState.COMPLETE, ended_at="2026-01-02T03:04:05+00:00", disagreement=None)
    store.close()
    return directory


def page_of(run_dir: Path) -> Page:
    return Page(report_page(read_reported(run_dir)))


def test_it_is_well_formed_and_escapes_whatever_it_tells(run_dir: Path) -> None:
    markup = report_page(read_reported(run_dir))
    page = Page(markup)
    assert page.wrong == []
    assert page.open == []
    assert "<script" not in markup
    assert page.text.count(HOSTILE) >= 2


def test_it_needs_nothing_from_elsewhere(run_dir: Path) -> None:
    markup = report_page(read_reported(run_dir))
    assert [word for word in ("http:", "https:", "url(", "@import", "//") if word in markup] == []
    linked = [one for one in Page(markup).attributes if one[1] in {"src", "href", "xlink:href"}]
    assert linked == []


def test_its_numbers_are_those_of_the_summary(run_dir: Path, tmp_path: Path) -> None:
    export_run(run_dir, tmp_path / "out")
    with (tmp_path / "out" / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["lane"]: row for row in csv.DictReader(file)}
    table = page_of(run_dir).tables[0]
    lanes = table[0][1:]
    assert set(lanes) == set(rows)
    cells = {line[0]: dict(zip(lanes, line[1:], strict=True)) for line in table[1:]}
    for label, column in (
        ("offered", "offered"),
        ("delivered", "delivered_unique"),
        ("lost", "lost"),
        ("duplicates", "duplicates"),
        ("verdict", "verdict"),
    ):
        for lane, row in rows.items():
            told = (
                cells[label][lane].partition(" ")[0] if label != "verdict" else cells[label][lane]
            )
            assert told.replace(",", "") == row[column], (label, lane)
    for lane, row in rows.items():
        p50 = float(cells["latency p50"][lane].removesuffix(" ms"))
        assert p50 * 1e6 == pytest.approx(int(row["latency_p50_ns"]), rel=0.01)


def test_it_tells_verdicts_causes_and_how_to_repeat_it(run_dir: Path) -> None:
    text = page_of(run_dir).text
    for words in (
        "HOLDS", "NOT TESTED", "NOT TESTED is not a pass", "expected", "must stay 0",
        "consumer 1", "The faults that did most", "How it was counted", "python main.py run",
    ):  # fmt: skip
        assert words in text, words


def test_it_can_be_read_aloud(run_dir: Path) -> None:
    page = page_of(run_dir)
    assert page.headings[0] == "h1"
    assert page.headings.count("h1") == 1
    charts = [value for tag, name, value in page.attributes if (tag, name) == ("svg", "aria-label")]
    assert charts
    assert all("over time" in said and "lost" in said for said in charts)
    scopes = [value for tag, name, value in page.attributes if (tag, name) == ("th", "scope")]
    assert {"row", "col"} == set(scopes)


def test_links_are_told_beside_what_each_lane_counted(run_dir: Path) -> None:
    links = {"at-least-once": (LinkClicks(7, 100, 103), LinkClicks(9, 50, 50))}
    run = replace(read_reported(run_dir), links=links)
    listed = next(table for table in Page(report_page(run)).tables if "happened" in table[0])
    assert listed[1:] == [["link 7", "100", "103 (+3)"], ["link 9", "50", "50"]]


def links_table(run: Reported) -> list[list[str]]:
    return next(
        table for table in Page(report_page(run)).tables if any("happened" in c for c in table[0])
    )


def test_each_lane_s_error_is_against_the_clicks_that_happened_in_it(run_dir: Path) -> None:
    links = {
        "at-most-once": (LinkClicks(7, 100, 90, lost=10), LinkClicks(REST, 0, 0, rest_error=0)),
        "at-least-once": (LinkClicks(7, 300, 304, extra=4), LinkClicks(9, 5, 5)),
    }
    listed = links_table(replace(read_reported(run_dir), links=links))
    heads = {head: number for number, head in enumerate(listed[0])}
    first, second = listed[1], listed[2]
    assert first[heads["at-most-once: happened"]] == "100"
    assert first[heads["at-most-once: counted"]] == "90 (\N{MINUS SIGN}10)"
    assert first[heads["at-least-once: happened"]] == "300"
    assert first[heads["at-least-once: counted"]] == "304 (+4)"
    assert second == ["link 9", "", "", "5", "5"]


def test_the_other_links_are_the_last_line_and_their_errors_do_not_cancel(run_dir: Path) -> None:
    most = [LinkClicks(number, 100 - number, 100 - number) for number in range(1, 13)]
    links = {
        "at-least-once": (
            *most,
            LinkClicks(13, 20, 22, extra=2),
            LinkClicks(REST, 5000, 5001, lost=4, extra=5, rest_error=9),
        )
    }
    listed = links_table(replace(read_reported(run_dir), links=links))
    assert [line[0] for line in listed[1:]] == [
        *(f"link {number}" for number in range(1, 13)),
        "all other links",
    ]
    assert listed[-1][1:] == ["5,020", "5,023 (11 wrong)"]


def test_clicks_in_flight_are_no_error(run_dir: Path) -> None:
    run = read_reported(run_dir)
    links = {
        "at-least-once": (
            LinkClicks(7, 100, 93, lost=3),
            LinkClicks(8, 80, 85),
            LinkClicks(REST, 50, 40, lost=1, extra=2, rest_error=11),
        )
    }
    flying = {"at-least-once": (LinkClicks(7, 100, 96, lost=1),)}
    assert links_table(replace(run, links=flying))[1][2] == "96 (\N{MINUS SIGN}1; 3 in flight)"
    unfinished = replace(run, links=links, picture=replace(run.picture, state="cut off"))
    assert "not of quite the same moment" in Page(report_page(unfinished)).text
    told = [line[2] for line in links_table(unfinished)[1:]]
    assert told == [
        "93 (\N{MINUS SIGN}3; 4 in flight)",
        "85",
        "40 (\N{MINUS SIGN}1 and +2; 11 in flight)",
    ]


def test_links_are_those_of_the_recording_s_last_frame(tmp_path: Path) -> None:
    run = Recorded(tmp_path)
    for counted in range(3):
        lane = lane_snapshot(links=(LinkClicks(7, 100, 100 + counted),))
        run.frame(lanes={LANE: lane}, faults=(fault(fault_id=1, lost_caused=counted),))
    run.frame(lanes={LANE: lane}, state=RunState.COMPLETE)
    links = read_reported(run.written()).links
    assert links == {LANE: (LinkClicks(7, 100, 102),)}
    run.store.close()


def test_a_recording_that_is_damaged_takes_the_links_and_no_more(tmp_path: Path) -> None:
    run = Recorded(tmp_path)
    run.frame(state=RunState.COMPLETE)
    run.written()
    run.store.close()
    with closing(sqlite3.connect(tmp_path / "run.db")) as database, database:
        database.execute("UPDATE frames SET body = x'00'")
    reported = read_reported(tmp_path)
    assert not reported.links
    assert report_page(reported).endswith("</html>\n")


def test_a_run_cut_off_says_so(tmp_path: Path) -> None:
    store = create(tmp_path)
    store.set_state(RunState.CUT_OFF, ended_at="2026-01-02T03:04:05+00:00", disagreement=None)
    store.close()
    text = page_of(tmp_path).text
    assert "cut off" in text
    assert "no final count" in text
    assert "before there was a count" in text
    labels = '<ul class="labels"><li>cut off</li></ul>'
    assert labels in report_page(read_reported(tmp_path)), "it cannot be missed"


def test_a_run_cut_off_has_no_verdict_and_no_agreement(tmp_path: Path) -> None:
    store = create(tmp_path)
    store.put_summary([summary(verdict="NOT TESTED"), summary("at-most-once", verdict="BROKEN")])
    store.set_lane("at-most-once", Verdict.BROKEN, "a duplicate", None)
    store.set_state(RunState.CUT_OFF, ended_at="2026-01-02T03:04:05+00:00", disagreement=None)
    store.close()
    page = page_of(tmp_path)
    results = page.tables[0]
    verdicts = dict(zip(results[0], results[1], strict=True))
    assert verdicts == {"": "verdict", "at-least-once": "PENDING", "at-most-once": "BROKEN"}
    assert "event by event" not in page.text
    assert "nothing had to agree with them" in page.text


def test_how_it_was_counted_is_as_it_was(run_dir: Path) -> None:
    run = read_reported(run_dir)
    text = Page(report_page(run)).text
    assert "had to agree with both, event by event." in text
    assert "side by side" in text
    unlike = Page(report_page(replace(run, disagreement="live 3, recount 4"))).text
    assert "which it does not" in unlike
    alone = replace(run, picture=run.picture.of_lanes(["at-least-once"]))
    text = Page(report_page(alone)).text
    assert "side by side" not in text
    assert "The lane ran alone" in text


@pytest.mark.parametrize(
    ("offered", "said"),
    [
        ((60_000, 60_000), "of 60,000 in each of 2 lanes"),
        ((31_000, 353_500), "of 31,000 to 353,500 in each of 2 lanes"),
        ((60_000,), "of 60,000 in one lane"),
        ((0, 0), "counted twice, in each of 2 lanes"),
    ],
)
def test_how_many_events_there_were_is_said_of_each_lane(
    run_dir: Path, offered: tuple[int, ...], said: str
) -> None:
    run = read_reported(run_dir)
    lanes = tuple(
        replace(lane, counts=replace(lane.counts, offered=events))
        for lane, events in zip(run.picture.lanes, offered, strict=False)
    )
    markup = report_page(replace(run, picture=replace(run.picture, lanes=lanes)))
    title = markup[markup.index("<h1>") : markup.index("</h1>")]
    assert title.endswith(said)


def test_a_disagreement_cannot_be_missed(run_dir: Path) -> None:
    run = replace(read_reported(run_dir), disagreement="live 3, recount 4")
    markup = report_page(run)
    assert "live 3, recount 4" in Page(markup).text
    assert 'class="alarm"' in markup


def test_a_broken_lane_is_the_first_thing_that_is_said(run_dir: Path) -> None:
    run = read_reported(run_dir)
    lanes = tuple(
        replace(lane, verdict=Verdict.BROKEN, counts=replace(lane.counts, duplicates=2))
        if lane.slug == "at-most-once"
        else lane
        for lane in run.picture.lanes
    )
    markup = report_page(replace(run, picture=replace(run.picture, lanes=lanes)))
    assert "BROKEN in At-most-once" in Page(markup).text
    assert 'class="forbidden"' in markup


def test_the_command_line_writes_it(
    run_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "report.html"
    assert main(["report", str(run_dir), "--out", str(out)]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    assert out.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_what_is_no_run_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path), "--out", str(tmp_path / "r.html")]) == 2
    assert "holds no run" in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()


def test_a_page_that_cannot_be_written_leaves_nothing(run_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(EnvironmentProblem):
        write_report(run_dir, tmp_path / "file" / "report.html")


def test_what_no_fault_caused_is_told(tmp_path: Path) -> None:
    store = create(tmp_path)
    store.put_anomalies(
        [
            anomaly(explanation="known"),
            anomaly(anomaly_id=2, fault_id=None, count=7, explanation="a riddle"),
        ]
    )
    store.put_summary([summary(unattributed=7), summary("at-most-once")])
    store.set_state(RunState.COMPLETE, ended_at="2026-01-02T03:04:05+00:00", disagreement=None)
    store.close()
    page = page_of(tmp_path)
    assert "Unattributed: 7 events" in page.text
    (ranges,) = (table for table in page.tables if "what is known" in table[0])
    assert [line[4:] for line in ranges[1:]] == [["7", "A riddle"]]


def test_that_every_event_names_its_fault_is_told_too(run_dir: Path) -> None:
    page = page_of(run_dir)
    assert "Unattributed: 0." in page.text
    assert not any("what is known" in table[0] for table in page.tables)


@pytest.mark.parametrize("name", ["run.db", "run.db-journal", "lanes/a/log.db", "summary.csv"])
def test_it_takes_the_place_of_nothing_of_the_run(
    run_dir: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (run_dir / "run.db").read_bytes()
    assert main(["report", str(run_dir), "--out", str(run_dir / name)]) == 2
    assert "among the run's own files" in said_in_one_line(capsys)
    assert (run_dir / "run.db").read_bytes() == before
    assert [path.name for path in run_dir.iterdir()] == ["run.db"]


def test_in_the_run_s_directory_it_is_a_page_beside_the_run(run_dir: Path) -> None:
    assert main(["report", str(run_dir), "--out", str(run_dir / "report.html")]) == 0
    assert read_reported(run_dir).complete


def test_it_replaces_an_older_page_and_nothing_else(
    run_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes, older, link = (tmp_path / name for name in ("notes.html", "older.html", "link.html"))
    notes.write_text("<!DOCTYPE html><title>mine</title>", encoding="utf-8")
    link.symlink_to(run_dir / "run.db")
    for path in (notes, link):
        assert main(["report", str(run_dir), "--out", str(path)]) == 2
        assert "is there and is no report" in said_in_one_line(capsys)
    assert "mine" in notes.read_text("utf-8")
    assert write_report(run_dir, write_report(run_dir, older)) == older


def test_a_directory_is_not_a_place_for_it(
    run_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(run_dir), "--out", str(tmp_path)]) == 2
    said = said_in_one_line(capsys)
    assert "is a directory" in said
    assert "space" not in said


def said_in_one_line(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE faults SET t_s = 'x'",
        "UPDATE samples SET t_s = 'x'",
        "UPDATE summary SET lost_after_log = 'x'",
        "UPDATE run SET state = 'x'",
        "UPDATE lanes SET verdict = 'x'",
    ],
)
def test_a_damaged_run_is_one_sentence(
    run_dir: Path, tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(run_dir / "run.db")) as database, database:
        database.execute(damage)
    out = tmp_path / "r.html"
    assert main(["report", str(run_dir), "--out", str(out)]) == 2
    assert "damaged" in said_in_one_line(capsys)
    assert not out.exists()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE faults SET t_s = 'x'",
        "UPDATE run SET state = 'x'",
        "UPDATE lanes SET histogram = 'x'",
    ],
)
def test_tables_of_a_damaged_run_are_one_sentence(
    run_dir: Path, tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(run_dir / "run.db")) as database, database:
        database.execute(damage)
    assert main(["export", str(run_dir), "--out", str(tmp_path / "out")]) == 2
    assert "damaged" in said_in_one_line(capsys)
    assert not (tmp_path / "out").exists()


def test_the_life_of_an_event_of_a_damaged_run_is_one_sentence(
    run_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(run_dir / "run.db")) as database, database:
        database.execute("UPDATE run SET settings = '[]'")
    arguments = ["explain", str(run_dir), "--lane", "at-least-once", "--event", "0:100"]
    assert main(arguments) == 2
    assert "damaged" in said_in_one_line(capsys)


@pytest.mark.parametrize("command", ["report", "export"])
def test_a_run_may_be_named_by_its_database(run_dir: Path, tmp_path: Path, command: str) -> None:
    assert main([command, str(run_dir / "run.db"), "--out", str(tmp_path / "new.html")]) == 0


def test_what_is_shaded_is_what_was_down(tmp_path: Path) -> None:
    store = create(tmp_path)
    store.add_samples([sample(t_s=k / 10, producers_up=int(k != 20)) for k in range(1, 30)])
    store.put_faults(
        [
            fault(role="producer", slot=0, t_s=0.5, recovery_ms=0.0),
            fault(fault_id=2, role="producer", slot=0, t_s=1.0, recovery_ms=250.0),
            fault(fault_id=3, role="producer", slot=0, t_s=2.55, recovery_ms=None),
        ]
    )
    store.set_state(RunState.COMPLETE, ended_at="2026-01-02T03:04:05+00:00", disagreement=None)
    store.close()
    lanes = {lane.slug: lane for lane in read_reported(tmp_path).picture.lanes}
    marks = lanes["at-least-once"].marks
    assert marks.kills == (0.5, 1.0, 2.55)
    assert marks.outages == ((1.0, 1.25), (1.9, 2.0), (2.55, 2.6))


def test_settings_are_told(run_dir: Path) -> None:
    settings = next(table for table in page_of(run_dir).tables if table[0][0] == "setting")
    assert ["seed", str(RunSettings().seed)] in settings
