"""What a headless run says at its end: the table or JSON, and the exit code. Knows no processes."""

from __future__ import annotations

import json
import textwrap
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bench_gui.bench.options import command_line, to_texts
from bench_gui.bench.records.results import SummaryRow
from bench_gui.bench.records.store import RunStore
from bench_gui.bench.records.table import WIDTH, result_table
from bench_gui.bench.scenario import Scenario, unmet
from bench_gui.bench.settings import RunSettings
from bench_gui.bench.snapshot import RunState, Verdict

SHORTER_S = 0.01
EXIT_HOLDS = 0
"""Every lane's verdict is HOLDS, NOT TESTED or expected, also when the user stopped it early."""
EXIT_BROKEN = 1
"""A lane is BROKEN, the counts disagree, or the run did not come to its end."""
EXIT_USAGE = 2
"""Bad arguments or environment; nothing was run."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What run.db says of a run.

    Fields:
        rows: one a lane; empty when the run did not come to its final count.
        reasons: each verdict's reason, by slug.
        disagreement, cut_off, failure: None, or one sentence.
        scenario: its name; None when none was run.
        unexpected: what the scenario says and the run did not show, one sentence each.
    """

    run_id: str
    settings: RunSettings
    state: RunState
    rows: tuple[SummaryRow, ...]
    reasons: dict[str, str]
    disagreement: str | None
    cut_off: str | None
    failure: str | None
    scenario: str | None = None
    unexpected: tuple[str, ...] = ()

    def of_scenario(self, scenario: Scenario) -> RunReport:
        """The same, with what the scenario promised."""
        unexpected = tuple(unmet(scenario.expectations, self.rows))
        return replace(self, scenario=scenario.slug, unexpected=unexpected)

    @property
    def exit_code(self) -> int:
        """EXIT_HOLDS or EXIT_BROKEN."""
        broken = any(row.verdict == Verdict.BROKEN.value for row in self.rows)
        unfinished = any(row.in_flight for row in self.rows)
        came_to_its_end = self.state is RunState.COMPLETE and not unfinished
        fine = came_to_its_end and not broken and self.disagreement is None
        return EXIT_HOLDS if fine else EXIT_BROKEN

    @property
    def _stopped_after_s(self) -> float | None:
        """How long the sources ran when that was less than asked for."""
        ran_s = max((row.duration_s for row in self.rows), default=self.settings.duration_s)
        return ran_s if ran_s < self.settings.duration_s - SHORTER_S else None

    def text(self, out: Path | None) -> str:
        """For a reader. `out`: where the files are, None when there are none."""
        lines = [result_table(self.rows, self.reasons)] if self.rows else []
        if self.disagreement is not None:
            lines.append(f"ERROR OF THE BENCH: the counts disagree: {self.disagreement}")
        if self._stopped_after_s is not None:
            asked_s = self.settings.duration_s
            lines.append(f"stopped after {self._stopped_after_s:.1f} s of {asked_s:g} s")
        lines += [sentence for sentence in (self.cut_off, self.failure) if sentence]
        if self.scenario is not None and self.rows:
            told = f"scenario {self.scenario}: {self._scenario_in_words()}"
            lines.append(textwrap.fill(told, WIDTH, subsequent_indent="  "))
        lines.append(f"seed {self.settings.seed}; repeat: {command_line(self.settings)}")
        if out is not None:
            lines.append(f"files: {out}")
        return "\n".join(lines) + "\n"

    def _scenario_in_words(self) -> str:
        if not self.unexpected:
            return "everything it says was seen"
        return "not seen: " + "; ".join(self.unexpected)

    def json(self) -> str:
        """One JSON object in one line; a lane's row has the columns of summary.csv and a reason."""
        lanes = [asdict(row) | {"reason": self.reasons.get(row.lane)} for row in self.rows]
        content = {
            "run_id": self.run_id,
            "state": self.state.value,
            "seed": self.settings.seed,
            "settings": to_texts(self.settings),
            "command_line": command_line(self.settings),
            "lanes": lanes,
            "disagreement": self.disagreement,
            "cut_off": self.cut_off,
            "failure": self.failure,
            "scenario": self.scenario,
            "unexpected": list(self.unexpected),
        }
        return json.dumps(content) + "\n"


def read_report(run_dir: Path, state: RunState, failure: str | None) -> RunReport:
    """The report of the run in `run_dir`. Raises EnvironmentProblem if there is none.

    Args:
        state: how the run ended, as its watcher saw it.
        failure: one sentence when it failed.
    """
    with closing(RunStore.open(run_dir)) as run:
        return RunReport(
            run_id=run.run_id,
            settings=run.settings,
            state=state,
            rows=tuple(run.summary()),
            reasons={lane["slug"]: lane["reason"] for lane in run.lanes() if lane["reason"]},
            disagreement=run.disagreement,
            cut_off=run.cut_off,
            failure=failure,
        )
