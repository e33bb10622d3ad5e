"""The same bench without a window: `run`, `measure`, `export`, `report`, `explain`. Knows no Qt.

Everything wrong with the arguments or with the machine is one line on stderr and exit code 2, and
nothing is written.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn, Protocol

from bench_gui import __version__
from bench_gui.bench.errors import EnvironmentProblem
from bench_gui.bench.history.writing import HistoryFormat, export_history
from bench_gui.bench.lifeline.lookup import lifeline_of
from bench_gui.bench.lifeline.model import parse_event
from bench_gui.bench.lifeline.text import lifeline_json, lifeline_text
from bench_gui.bench.measure.records import MEASURE_DB, is_measurement, read_measurement
from bench_gui.bench.measure.settings import DEFAULT_RUN, MeasureSettings
from bench_gui.bench.measure.snapshot import MeasureState
from bench_gui.bench.measure.texts import OWN
from bench_gui.bench.options import OPTIONS, command_line, from_texts
from bench_gui.bench.recording.about import find_run
from bench_gui.bench.records.export import export_run
from bench_gui.bench.records.readable import readable
from bench_gui.bench.records.run_directory import make_run_directory
from bench_gui.bench.records.run_tables import RUN_DB
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.scenario import Scenario, scenario_of, scenarios
from bench_gui.bench.settings import RunSettings, SettingsError
from bench_gui.bench.settings_file import read_texts
from bench_gui.decide_text import add_decide, advice_text, answers_of
from bench_gui.headless import Bench, Interrupts, Progress, watch
from bench_gui.measure_cli import (
    THEMES,
    MeasureBench,
    add_measure_options,
    measure_in,
    measure_settings,
)
from bench_gui.measure_export import export_measurement
from bench_gui.measure_report import MeasureReport, unfinished
from bench_gui.opening import (
    WINDOW_COMMANDS,
    OpenWindow,
    add_window_commands,
    named,
    no_window,
    opening_of,
)
from bench_gui.report import EXIT_BROKEN, EXIT_HOLDS, EXIT_USAGE, RunReport, read_report
from bench_gui.scenario_text import scenario_list, scenario_text

COMMANDS = "run|measure|scenarios|export|report|explain|decide|open|play|window"
TOP_OPTIONS = ("-h", "--help", "--version")
CSV = "csv"
FAILURE_DETAILS = "failure.txt"
"""Beside run.db, when the bench or a worker failed by a fault of its own."""

DESCRIPTION = (
    "Shows what 'delivered' means: delivery semantics side by side, with real kills."
    " Without arguments: the window; with the directory of a run: the window with that run."
)


class StartableBench(Bench, Protocol):
    """A bench that has not started yet."""

    def start(
        self,
        settings: RunSettings,
        run_dir: Path,
        *,
        keep_data: bool = False,
        command_line: str = "",
    ) -> None: ...
    def close(self) -> None: ...


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage before it."""

    def error(self, message: str) -> NoReturn:
        """Exit code 2."""
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")


def main(
    argv: Sequence[str] | None = None,
    make_bench: Callable[[], StartableBench] | None = None,
    make_measure_bench: Callable[[], MeasureBench] | None = None,
    open_window: OpenWindow | None = None,
) -> int:
    """Does what the arguments say.

    Args:
        argv: without the program's name; None takes the process's.
        make_bench, make_measure_bench: others than the real ones, for tests.
        open_window: what `open`, `play` and `window` call, which is not this module's to know.

    Returns: the exit code (see `report`). Raises SystemExit for bad arguments, --help, --version.
    """
    parser = _parser()
    given = named(_with_values(sys.argv[1:] if argv is None else argv), COMMANDS.split("|"))
    if given and given[0].startswith("-") and given[0] not in TOP_OPTIONS:
        parser.error(f"unknown option {given[0]}; name a command first: {COMMANDS}")
    arguments = parser.parse_args(given)
    try:
        if arguments.command in READING:
            return READING[arguments.command](arguments)
        if arguments.command in WINDOW_COMMANDS:
            return (open_window or no_window)(opening_of(arguments))
        if arguments.command == "measure":
            return _measure(arguments, make_measure_bench or _real_measure_bench)
        return _run(arguments, make_bench or _real_bench)
    except (EnvironmentProblem, SettingsError) as problem:
        sys.stderr.write(f"{parser.prog} {arguments.command}: {problem}\n")
        return EXIT_USAGE


def _with_values(argv: Sequence[str]) -> list[str]:
    """Joins "--seed", "-1" to "--seed=-1", so that the option says what is wrong with its value."""
    joined: list[str] = []
    for word in argv:
        negative = word[:1] == "-" and word[1:2].isdigit()
        if negative and joined and joined[-1].startswith("--") and "=" not in joined[-1]:
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _parser() -> OneLineParser:
    parser = OneLineParser(prog="delivery-bench", description=DESCRIPTION, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar=COMMANDS)
    _add_run(commands.add_parser("run", help="run the lanes and count", allow_abbrev=False))
    _add_measure(commands.add_parser("measure", help="lanes one by one", allow_abbrev=False))
    told = commands.add_parser("scenarios", help="what can be shown", allow_abbrev=False)
    told.add_argument("name", metavar="NAME", nargs="?", help="tell the story of this one")
    _add_export(commands.add_parser("export", help="write a run's files", allow_abbrev=False))
    _add_report(commands.add_parser("report", help="a run as a web page", allow_abbrev=False))
    _add_explain(commands.add_parser("explain", help="tell an event's life", allow_abbrev=False))
    add_decide(commands.add_parser("decide", help="which lane to take", allow_abbrev=False))
    add_window_commands(commands)
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    _add_options(parser, RunSettings())
    parser.add_argument("--scenario", metavar="NAME", help="one of `scenarios`, as a start")
    parser.add_argument("--settings", metavar="FILE", type=Path, help="a settings file (TOML)")
    parser.add_argument("--out", metavar="DIR", type=Path, help="directory for the run's files")
    parser.add_argument("--keep-data", action="store_true", help="keep the lanes' databases")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")


def _add_measure(parser: argparse.ArgumentParser) -> None:
    _add_options(parser, DEFAULT_RUN)
    add_measure_options(parser)
    parser.add_argument("--scenario", help=argparse.SUPPRESS)
    parser.add_argument("--keep-data", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--settings", metavar="FILE", type=Path, help="a settings file (TOML)")
    parser.add_argument("--out", metavar="DIR", type=Path, help="directory for the files")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")


def _add_options(parser: argparse.ArgumentParser, default: RunSettings) -> None:
    for option in OPTIONS:
        meaning = f"{option.meaning} (default {option.text(default)})"
        help_text = meaning.replace("%", "%%")
        action = "store" if option.joined_by is None else "append"
        flag = f"--{option.key}"
        parser.add_argument(flag, metavar=option.metavar, help=help_text, action=action)


def _add_export(parser: argparse.ArgumentParser) -> None:
    whose = "the directory of a run or a measurement"
    parser.add_argument("run_dir", metavar="RUN_DIR", type=Path, help=whose)
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="where to write")
    parser.add_argument(
        "--format",
        choices=[CSV, *(form.value for form in HistoryFormat)],
        default=CSV,
        help="tables, or histories for the checkers of Kafka (default csv)",
    )
    parser.add_argument("--lane", metavar="LANE", help="the history of this lane alone")
    parser.add_argument("--theme", choices=THEMES, help="of a measurement's drawing (light)")


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_dir", metavar="RUN_DIR", type=Path, help="the directory of a run")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="the page (HTML)")


def _add_explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_dir", metavar="RUN_DIR", type=Path, help="the directory of a run")
    parser.add_argument("--lane", metavar="LANE", required=True, help="one of the run's lanes")
    parser.add_argument("--event", metavar="SLOT:SEQ", required=True, help="the event")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")


def _explain(arguments: argparse.Namespace) -> int:
    if is_measurement(arguments.run_dir):
        raise SettingsError(
            "run_dir", f"{arguments.run_dir} is a measurement; the life of an event is a run's"
        )
    event, run_dir = parse_event(arguments.event), find_run(arguments.run_dir)
    with readable(run_dir):
        life = lifeline_of(run_dir, arguments.lane, event.slot, event.sequence)
    _say(lifeline_json(life) if arguments.json else lifeline_text(life))
    return EXIT_HOLDS


def _report(arguments: argparse.Namespace) -> int:
    from bench_gui.html_report import write_report  # noqa: PLC0415 -- a run needs none

    if is_measurement(arguments.run_dir):
        raise SettingsError("run_dir", f"{arguments.run_dir} is a measurement; a report is a run's")
    _say(f"{write_report(find_run(arguments.run_dir), arguments.out)}\n")
    return EXIT_HOLDS


def _scenarios(arguments: argparse.Namespace) -> int:
    name: str | None = arguments.name
    _say(scenario_list(scenarios()) if name is None else scenario_text(scenario_of(name)))
    return EXIT_HOLDS


def _exported(run_dir: Path, arguments: argparse.Namespace) -> list[Path]:
    out, lane = arguments.out, arguments.lane
    if arguments.format != CSV:
        return export_history(run_dir, out, HistoryFormat(arguments.format), lane)
    if lane is not None:
        raise SettingsError("lane", "--lane goes with --format jepsen or jsonl")
    return export_run(run_dir, out)


def _export_measurement(arguments: argparse.Namespace) -> int:
    if arguments.format != CSV or arguments.lane is not None:
        raise SettingsError("format", "a measurement has tables and a drawing, and no history")
    theme = arguments.theme or THEMES[0]
    paths = export_measurement(arguments.run_dir, arguments.out, theme)
    result = read_measurement(arguments.run_dir)
    if result.state is MeasureState.CUT_OFF:
        sys.stderr.write(f"{unfinished(result)}\n")
    _say("".join(f"{path}\n" for path in paths))
    return EXIT_HOLDS


def _export(arguments: argparse.Namespace) -> int:
    if is_measurement(arguments.run_dir):
        return _export_measurement(arguments)
    if arguments.theme is not None:
        raise SettingsError("theme", "--theme is of a measurement's drawing, and this is a run")
    try:
        run_dir = find_run(arguments.run_dir)
    except EnvironmentProblem as problem:
        raise EnvironmentProblem(
            f"{arguments.run_dir} holds no run and no measurement (no {RUN_DB}, no {MEASURE_DB})"
        ) from problem
    with readable(run_dir), closing(RunStore.open(run_dir)) as run:
        cut_off = run.cut_off
    paths = _exported(run_dir, arguments)
    if cut_off is not None:
        sys.stderr.write(f"{cut_off}\n")
    _say("".join(f"{path}\n" for path in paths))
    return EXIT_HOLDS


def _decide(arguments: argparse.Namespace) -> int:
    _say(advice_text(answers_of(arguments)))
    return EXIT_HOLDS


READING: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "export": _export,
    "report": _report,
    "explain": _explain,
    "decide": _decide,
    "scenarios": _scenarios,
}
"""Commands that start nothing."""


def _run(arguments: argparse.Namespace, make_bench: Callable[[], StartableBench]) -> int:
    scenario = None if arguments.scenario is None else scenario_of(arguments.scenario)
    settings = _settings(arguments, scenario)
    if arguments.keep_data and arguments.out is None:
        raise SettingsError("keep-data", "--keep-data needs --out DIR to keep them in")
    with _run_directory(arguments.out) as run_dir:
        report = _run_in(run_dir, settings, arguments.keep_data, make_bench())
        if scenario is not None:
            report = report.of_scenario(scenario)
        problem = _failure_details(run_dir) if arguments.out is None else _export_whole(run_dir)
        _say(report.json() if arguments.json else report.text(arguments.out))
        sys.stderr.write(problem)
    return max(report.exit_code, EXIT_BROKEN if problem else EXIT_HOLDS)


def _measure(arguments: argparse.Namespace, make_bench: Callable[[], MeasureBench]) -> int:
    if arguments.scenario is not None or arguments.keep_data:
        option = "keep-data" if arguments.scenario is None else "scenario"
        raise SettingsError(option, f"--{option} is an option of run, and not of measure")
    settings = measure_settings(arguments, _texts(arguments, {}))
    with _run_directory(arguments.out) as directory:
        report = _measure_in(directory, settings, make_bench())
        problem = ""
        if arguments.out is not None:
            problem = _export_drawn(directory, arguments.theme)
        _say(report.json() if arguments.json else report.text(arguments.out))
        sys.stderr.write(problem)
    return max(report.exit_code, EXIT_BROKEN if problem else EXIT_HOLDS)


def _measure_in(directory: Path, settings: MeasureSettings, bench: MeasureBench) -> MeasureReport:
    return measure_in(directory, settings, bench, Progress(sys.stderr, settings.run.duration_s))


def _export_drawn(directory: Path, theme: str) -> str:
    """As `_export_whole`, of a measurement."""
    try:
        export_measurement(directory, directory, theme)
    except EnvironmentProblem as problem:
        return f"{problem}\n"
    return ""


def _export_whole(run_dir: Path) -> str:
    """Writes the run's files beside its run.db; a full disk does not undo the run that was made.

    Returns: a line that says what was in the way, or "".
    """
    try:
        export_run(run_dir, run_dir)
    except EnvironmentProblem as problem:
        return f"{problem}\n"
    return ""


def _say(text: str) -> None:
    """Prints the result. Raises EnvironmentProblem when nobody takes it."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except (OSError, AttributeError) as error:
        sys.stdout = None  # or Python complains again at its end
        raise EnvironmentProblem(f"the result could not be printed: {error}") from error


def _settings(arguments: argparse.Namespace, scenario: Scenario | None) -> RunSettings:
    """Defaults, then the scenario, then the settings file, then the command line."""
    texts = _texts(arguments, {} if scenario is None else dict(scenario.texts))
    for key in OWN:
        if key in texts:
            raise SettingsError(key, f"{key!r} is a setting of measure, and not of run")
    return from_texts(texts)


def _texts(arguments: argparse.Namespace, base: Mapping[str, str]) -> dict[str, str]:
    """`base`, then the settings file, then the command line."""
    texts = dict(base)
    if arguments.settings is not None:
        texts |= read_texts(arguments.settings)
    given = vars(arguments)
    for option in OPTIONS:
        text = given[option.key.replace("-", "_")]
        if text is not None:
            texts[option.key] = text if option.joined_by is None else option.joined_by.join(text)
    return texts


@contextmanager
def _run_directory(out: Path | None) -> Iterator[Path]:
    """Where the run writes; without --out a temporary directory, removed at the end."""
    if out is not None and not out.name and str(out) == ".":
        raise SettingsError("out", "--out needs the name of a new or empty directory")
    if out is not None:
        with _removed_if_unused(out):
            yield make_run_directory(out)
        return
    with tempfile.TemporaryDirectory(prefix="delivery-bench-") as directory:
        yield Path(directory)


@contextmanager
def _removed_if_unused(out: Path) -> Iterator[None]:
    """Takes away the directory that was made for a run which then could not start."""
    was_there = out.exists()
    try:
        yield
    except EnvironmentProblem:
        if not was_there and out.exists() and not any(out.iterdir()):
            out.rmdir()
        raise


def _run_in(
    run_dir: Path, settings: RunSettings, keep_data: bool, bench: StartableBench
) -> RunReport:
    progress = Progress(sys.stderr, settings.duration_s)
    with Interrupts() as interrupts:
        try:
            repeat = command_line(settings)
            bench.start(settings, run_dir, keep_data=keep_data, command_line=repeat)
            ending = watch(bench, interrupts, progress)
        finally:
            bench.close()
    if ending.failure is not None and not (run_dir / RUN_DB).exists():
        raise EnvironmentProblem(ending.failure)
    return read_report(run_dir, ending.state, ending.failure)


def _failure_details(run_dir: Path) -> str:
    """What a failed bench left for whoever repairs it, else lost with the temporary directory."""
    path = run_dir / FAILURE_DETAILS
    return path.read_text("utf-8", errors="replace") if path.exists() else ""


def _real_bench() -> StartableBench:
    from bench_gui.bench.client import BenchClient  # noqa: PLC0415 -- export and --help need none

    return BenchClient()


def _real_measure_bench() -> MeasureBench:
    from bench_gui.bench.measure.client import MeasureClient  # noqa: PLC0415 -- as above

    return MeasureClient()
