"""A result for a terminal, and all results as one Markdown page. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from tests.benchmarks.tables import Table, markdown, plain
from tests.benchmarks.targets import NO_VERDICT, Finding, Result, figure


def result_text(result: Result, *, smoke: bool = False) -> str:
    """For a terminal. `smoke`: the figures mean little, and no target is said to be met or not."""
    parts = [result.title, result.says, *(plain(table) for table in result.tables)]
    parts += ["\n".join(_verdicts(result.findings, smoke))]
    return "\n\n".join(part for part in [*parts, *result.notes] if part) + "\n"


def result_markdown(result: Result, *, smoke: bool = False) -> str:
    """A section of the page. `smoke`: as in `result_text`."""
    parts = [f"## {result.title}", f"`python -m tests.benchmarks.{result.name}`. {result.says}"]
    parts += [markdown(table) for table in result.tables]
    parts += ["\n".join(f"- {verdict}" for verdict in _verdicts(result.findings, smoke))]
    return "\n\n".join(part for part in [*parts, *result.notes] if part)


def _verdicts(findings: Sequence[Finding], smoke: bool) -> list[str]:
    return [finding.smoke_text if smoke else finding.text for finding in findings]


def page(results: Sequence[Result], machine: Table, when: str, how: str) -> str:
    """The whole page.

    Args:
        when: the date of the measurement.
        how: the command line that made the page; with --quick there are no verdicts.
    """
    smoke = "--quick" in how.split()
    findings = [finding for result in results for finding in result.findings]
    parts = [
        "# Benchmarks",
        f"Written by `{how}` on {when}. Whatever is compared was measured in turn, in one run; a"
        " ratio is worked out within each round, and its median and spread are shown. Ratios travel"
        " from machine to machine, absolute figures do not.",
        "**A smoke run: these figures mean little.**" if smoke else "",
        markdown(machine),
        markdown(summary(findings, smoke=smoke)),
        *(result_markdown(result, smoke=smoke) for result in results),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def summary(findings: Sequence[Finding], *, smoke: bool = False) -> Table:
    """All targets with their figures."""
    rows = tuple(
        (
            finding.target.what,
            finding.target.text,
            f"{figure(finding.value)}{finding.target.unit}",
            NO_VERDICT if smoke else "met" if finding.met else "missed",
        )
        for finding in findings
    )
    return Table("The targets", ("what", "target", "measured", ""), rows)
