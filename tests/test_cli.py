"""The command line: its exit codes, what it writes, and what it says, with a bench that is fake."""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench_gui import __version__
from bench_gui.bench.options import OPTIONS
from bench_gui.bench.records.run_tables import RUN_DB
from bench_gui.bench.scenario import scenario_of, scenarios
from bench_gui.bench.settings import CommitInterval
from bench_gui.bench.snapshot import Verdict
from bench_gui.cli import main
from bench_gui.headless import ABORT_NOTICE, DRAIN_NOTICE
from tests.fake_bench import FakeBench
from workers.failpoints import Failpoint
from workers.lanes import Role
from workers.steps import Step

EXPORTED = {"summary.csv", "timeseries.csv", "faults.csv", "anomalies.csv"}
LANE = ["--lanes", "at-least-once"]


def run(*arguments: str, bench: FakeBench | None = None) -> int:
    return main(["run", *LANE, *arguments], lambda: bench or FakeBench())


def names(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def test_a_run_prints_its_table_and_how_to_repeat_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--seed", "11") == 0
    shown = capsys.readouterr()
    assert "at-least-once: HOLDS. because" in shown.out
    assert "repeat: python main.py run --lanes at-least-once --seed 11" in shown.out
    assert shown.err == "", "no progress line when stderr is no terminal"


def test_every_option_reaches_the_settings() -> None:
    bench = FakeBench()
    given = (
        "--duration 10s --rate 3k --producers 2 --consumers 3 --partitions 6 --batch 50"
        " --linger 5ms --commit-interval 500 --sink-batch 4 --work 20us --payload 64"
        " --kill-every never --kill consumer --restart-delay 250ms --session-timeout 1s"
        " --durability full --seed 3 --drain-timeout 5s"
    )
    assert run(*given.split(), bench=bench) == 0
    made = bench.settings
    assert made is not None
    assert (made.duration_s, made.rate_eps, made.linger_ms, made.work_us) == (10.0, 3000, 5.0, 20.0)
    assert (made.producers, made.consumers, made.partitions) == (2, 3, 6)
    assert (made.batch, made.sink_batch, made.payload_bytes) == (50, 4, 64)
    assert made.commit_interval == CommitInterval(records=500)
    assert (made.kill_every_s, [role.value for role in made.kill_roles]) == (None, ["consumer"])
    assert (made.restart_delay_ms, made.session_timeout_ms) == (250.0, 1000.0)
    assert (made.durability, made.seed, made.drain_timeout_s) == ("full", 3, 5.0)
    assert bench.calls[0].endswith(f"python main.py run --lanes at-least-once {given}")


def test_every_fault_has_its_option() -> None:
    bench = FakeBench()
    given = (
        "--kill-at consumer:after=fetched,before=effect-applied,every=3 --pause-every 2s --pause 3s"
        " --down-every 4s --down 500ms --request-loss 1% --ack-loss 2% --ack-timeout 5ms"
    )
    assert run(*given.split(), bench=bench) == 0
    made = bench.settings
    assert made is not None
    assert made.kill_at == (Failpoint(Role.CONSUMER, Step.FETCHED, Step.EFFECT_APPLIED, every=3),)
    assert (made.pause_every_s, made.pause_ms) == (2.0, 3000.0)
    assert (made.down_every_s, made.down_ms) == (4.0, 500.0)
    assert (made.request_loss, made.ack_loss, made.ack_timeout_ms) == (0.01, 0.02, 5.0)


def test_steps_to_kill_at_may_be_named_one_by_one_or_together() -> None:
    steps = [
        "consumer:after=fetched",
        "producer:before=appended,every=2",
        "consumer:slot=1,after=fetched",
    ]
    one_by_one, together = FakeBench(), FakeBench()
    run(*(word for step in steps for word in ("--kill-at", step)), bench=one_by_one)
    run("--kill-at", ";".join(steps), bench=together)
    assert one_by_one.settings == together.settings
    assert one_by_one.settings is not None
    assert len(one_by_one.settings.kill_at) == 3


def test_a_scenario_is_a_start_that_file_and_command_line_override(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.toml"
    path.write_text('rate = "50"\nduration = "2s"\n')
    bench = FakeBench(lane="exactly-once")
    given = ["--scenario", "retry-storm", "--settings", str(path), "--duration", "1s"]
    main(["run", *given], lambda: bench)
    made = bench.settings
    assert made is not None
    assert made.lanes == ("at-most-once", "at-least-once", "exactly-once")
    assert (made.ack_loss, made.rate_eps, made.duration_s) == (0.2, 50, 1.0)
    assert made.kill_every_s is None
    said = capsys.readouterr().out
    assert "scenario retry-storm: not seen: " in said
    assert "at-most-once did not run" in said
    assert "exactly-once: ack_losses > 0, but it was 0" in " ".join(said.split())


def test_a_scenario_that_showed_everything_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = scenario_of("no-faults")
    expected = tuple(one for one in whole.expectations if one.lane == "two-phase-commit")
    only_one_lane = replace(whole, expectations=expected)
    monkeypatch.setattr("bench_gui.cli.scenario_of", lambda slug: only_one_lane)
    bench = FakeBench(lane="two-phase-commit", verdict=Verdict.NOT_TESTED)
    assert main(["run", "--scenario", "no-faults", "--json"], lambda: bench) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["scenario"], said["unexpected"]) == ("no-faults", [])
    bench = FakeBench(lane="two-phase-commit", verdict=Verdict.NOT_TESTED)
    main(["run", "--scenario", "no-faults"], lambda: bench)
    assert "scenario no-faults: everything it says was seen" in capsys.readouterr().out


def test_a_run_without_a_scenario_says_nothing_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    run()
    assert "scenario" not in capsys.readouterr().out


def test_the_scenarios_are_listed_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenarios"]) == 0
    listed = capsys.readouterr().out
    for scenario in scenarios():
        assert scenario.slug in listed
        assert scenario.line in listed
    assert main(["scenarios", "zombie-consumer"]) == 0
    assert capsys.readouterr().out.startswith("A zombie wakes up\n")


def test_the_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["run", "--help"])
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert all(f"--{option.key} " in said for option in OPTIONS)
    assert "--scenario NAME" in said


def test_the_command_line_overrides_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('rate = "500"\nseed = 5\n')
    bench = FakeBench()
    run("--settings", str(path), "--seed", "6", bench=bench)
    assert bench.settings is not None
    assert (bench.settings.rate_eps, bench.settings.seed) == (500, 6)


def test_out_holds_the_run_and_its_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a" / "out"
    assert run("--out", str(out)) == 0
    assert names(out) == {RUN_DB, *EXPORTED}
    assert f"files: {out}" in capsys.readouterr().out


def test_keep_data_is_passed_on(tmp_path: Path) -> None:
    bench = FakeBench()
    run("--out", str(tmp_path / "out"), "--keep-data", bench=bench)
    assert "keep_data=True" in bench.calls[0]


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["lanes"][0]["verdict"] == "HOLDS"
    assert said["lanes"][0]["reason"] == "because"
    assert said["settings"]["lanes"] == "at-least-once"
    assert (said["run_id"], said["disagreement"]) == ("run-1", None)


@pytest.mark.parametrize(
    ("bench", "code"),
    [
        (FakeBench(verdict=Verdict.HOLDS), 0),
        (FakeBench(verdict=Verdict.NOT_TESTED), 0),
        (FakeBench(verdict=Verdict.BROKEN), 1),
        (FakeBench(disagreement="live 1, final 2"), 1),
    ],
)
def test_exit_codes(bench: FakeBench, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(bench=bench) == code
    assert ("the counts disagree: live 1, final 2" in capsys.readouterr().out) is (
        "disagree" in str(bench._disagreement) or bench._disagreement is not None
    )


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_the_first_interrupt_drains(capsys: pytest.CaptureFixture[str]) -> None:
    def act(number: int) -> None:
        if number == 2:
            interrupt()
        if number == 4:
            bench.drained()

    bench = FakeBench(when_running=act, endless=True)
    assert run(bench=bench) == 0
    assert bench.calls[1:] == ["stop", "close"]
    shown = capsys.readouterr()
    assert DRAIN_NOTICE in shown.err
    assert "at-least-once: HOLDS" in shown.out


def test_the_second_interrupt_aborts(capsys: pytest.CaptureFixture[str]) -> None:
    def act(number: int) -> None:
        if number in {2, 4}:
            interrupt()

    bench = FakeBench(when_running=act, endless=True)
    assert run(bench=bench) == 1
    assert bench.calls[1:] == ["stop", "abort", "close"]
    shown = capsys.readouterr()
    assert ABORT_NOTICE in shown.err
    assert "was cut off" in shown.out


def test_an_interrupt_after_the_run_is_pythons_again() -> None:
    before = signal.getsignal(signal.SIGINT)
    run()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_bench_that_dies_is_a_failed_run(capsys: pytest.CaptureFixture[str]) -> None:
    class DyingBench(FakeBench):
        def wait(self, timeout_s: float) -> list:  # type: ignore[type-arg]
            self.failure = "the bench ended: disk full"
            self.running = False
            return []

    assert run(bench=DyingBench()) == 1
    assert "the bench ended: disk full" in capsys.readouterr().out


def test_a_bench_that_cannot_start_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run("--out", str(out), bench=FakeBench(boot_failure="no processes left")) == 2
    assert capsys.readouterr().err == "delivery-bench run: no processes left\n"
    assert not out.exists()


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that is said when the arguments are refused."""
    bench = FakeBench()
    try:
        code: object = main(list(arguments), lambda: bench)
    except SystemExit as end:
        code = end.code
    shown = capsys.readouterr()
    assert (code, shown.out, bench.calls) == (2, "", [])
    assert shown.err.count("\n") == 1
    assert shown.err.endswith("\n")
    return shown.err


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ("run --durtion 10s", "--durtion"),
        ("run --dur 10s", "--dur"),
        ("run --duration", "expected one argument"),
        ("run --duration 10", "duration: '10' names no unit"),
        ("run --duration 1ms", "duration must be from 100ms to 24h, not 1ms"),
        ("run --lanes at-most-twice", "no lane is called"),
        ("run --rate -1", "not a rate"),
        ("run --kill-every often", "never"),
        ("run --settings nowhere.toml", "nowhere.toml cannot be read"),
        ("run --keep-data", "--keep-data needs --out"),
        ("run --scenario retry-strom", "no scenario is called 'retry-strom'; did you mean"),
        ("run --scenario retry-storm --lanes two-phase-commit --ack-loss 95%", "ack-loss must be"),
        ("scenarios retry-strom", "did you mean 'retry-storm'"),
        ("scenarios one two", "two"),
        ("run --kill-at consumer:after=fetchd", "did you mean 'fetched'"),
        ("run --kill-at consumer", "is not a failpoint such as"),
        ("run --kill-at consumer:after=decided", "no consumer of the lanes ever stands after"),
        ("run --kill-at consumer:after=fetched,every=99999999999999999999", "from 1 to 1,000,000"),
        ("run --kill-at consumer:after=fetched,after=fetched", "names one of its parts twice"),
        ("run --pause-every often", "never"),
        ("run --request-loss lots", "not a probability"),
        ("run --lanes retry+process-first", "producer+consumer+sink"),
        ("run --lanes retry+process-first+counter@batch=0", "batch must be from 1 to 10k, not 0"),
        ("run extra", "extra"),
        ("walk", "walk"),
        ("--rate 5", "unknown option --rate; name a command first"),
        ("export", "RUN_DIR"),
        ("export nowhere --out x", "nowhere holds no run"),
    ],
)
def test_bad_arguments_are_one_line(
    arguments: str, part: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert part in refused(capsys, *arguments.split())


def test_out_must_be_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert "is not empty" in refused(capsys, "run", "--out", str(tmp_path))
    assert names(tmp_path) == {"notes.txt"}
    assert "is a file" in refused(capsys, "run", "--out", str(tmp_path / "notes.txt"))
    assert "cannot be used" in refused(capsys, "run", "--out", str(tmp_path / "notes.txt" / "a"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_out_must_be_writable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(0o500)
    assert "permission" in refused(capsys, "run", "--out", str(tmp_path))
    assert "ermission" in refused(capsys, "run", "--out", str(tmp_path / "new"))
    tmp_path.chmod(0o700)


def test_export_writes_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("--out", str(tmp_path / "run"))
    capsys.readouterr()
    assert main(["export", str(tmp_path / "run"), "--out", str(tmp_path / "again")]) == 0
    assert names(tmp_path / "again") == EXPORTED
    for name in EXPORTED:
        again, first = tmp_path / "again" / name, tmp_path / "run" / name
        assert again.read_bytes() == first.read_bytes()
    assert set(capsys.readouterr().out.splitlines()) == {
        str(tmp_path / "again" / name) for name in EXPORTED
    }


def test_exporting_a_run_cut_off_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def act(number: int) -> None:
        if number in {2, 4}:
            interrupt()

    run("--out", str(tmp_path / "run"), bench=FakeBench(when_running=act, endless=True))
    capsys.readouterr()
    assert main(["export", str(tmp_path / "run"), "--out", str(tmp_path / "again")]) == 0
    assert "was cut off" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"delivery-bench {__version__}\n"


def test_the_progress_line_is_for_terminals(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    run()
    err = capsys.readouterr().err
    assert "running 0.1 s of 30 s" in err
    assert err.endswith("\r\x1b[K"), "taken away at the end"
