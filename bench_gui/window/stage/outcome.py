"""What a key did, in a few words for those who watch. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench_gui.bench.beats import Deed
from bench_gui.bench.faults import ACK_LOSS, KILL, KILL_AT_STEP, KILL_OF_ROLE, PAUSE
from bench_gui.bench.snapshot import FaultReport
from workers.lanes import lane_of

NOBODY = "nobody was there to be hit"
MOST_PIDS = 4

NAMES = {
    KILL: "Kill a {role}",
    KILL_AT_STEP: "Kill a {role} at a step",
    KILL_OF_ROLE: "Take all {role}s down",
    PAUSE: "Pause a {role}",
    ACK_LOSS: "Lose an acknowledgement",
}
"""What a hand does, by the kind of fault that comes of it."""
AT_A_STEP = ("Kill at a step", "Kill at the worst step")
"""The keys that do so, by their titles."""


def title_of(text: str) -> str:
    """A command's name in a sentence, from its menu text."""
    plain = text.replace("&", "").strip().rstrip(".")
    return plain.removesuffix(" now").removesuffix("...")


def told(title: str, reports: Sequence[FaultReport]) -> str:
    """What came of a key or a beat: a clause for each of its actions, each with whom it hit.

    Args:
        title: the key's command, or the beat's place; it stands alone before what is not its own.
        reports: at least one; of a hand.
    """
    clauses: dict[str, list[FaultReport]] = {}
    for report in reports:
        clauses.setdefault(_name_of(report, title), []).append(report)
    said = [f"{name}: {outcome(of)}" for name, of in clauses.items() if name != title]
    if title in clauses:
        said.insert(0, f"{title}: {outcome(clauses[title])}")
    else:
        said.insert(0, title)
    return "; ".join(said)


def _name_of(report: FaultReport, title: str) -> str:
    if report.kind == KILL_AT_STEP and title in AT_A_STEP:
        return title
    return NAMES[report.kind].format(role=report.role)


def deed_in_words(deed: Deed) -> str:
    """ "kill a consumer at a step: after effect-applied, before offsets-committed"."""
    point = deed.failpoint
    if point is None:
        return str(deed)
    places = (("after", point.after), ("before", point.before))
    said = ", ".join(f"{word} {step.value}" for word, step in places if step is not None)
    return f"kill a {point.role.value} at a step: {said}"


def outcome(reports: Sequence[FaultReport]) -> str:
    """Whom faults by hand hit: "consumer 1 of At-least-once, pid 4711".

    Args:
        reports: of one key, at least one, one a fault.
    """
    hit = [report for report in reports if report.pid is not None]
    if not hit:
        return NOBODY
    pids = [str(report.pid) for report in hit]
    more = "" if len(pids) <= MOST_PIDS else ", ..."
    word = "pid" if len(pids) == 1 else "pids"
    return f"{_whom(hit)}, {word} {', '.join(pids[:MOST_PIDS])}{more}{_where(hit)}"


def _whom(hit: Sequence[FaultReport]) -> str:
    lanes = list(dict.fromkeys(report.lane for report in hit))
    slots = list(dict.fromkeys((report.role, report.slot) for report in hit))
    role = hit[0].role
    where = lane_of(lanes[0]).name if len(lanes) == 1 else f"{len(lanes)} lanes"
    if len(slots) == 1:
        return f"{role} {slots[0][1]} of {where}"
    return f"{len(hit)} {role}s of {where}"


def _where(hit: Sequence[FaultReport]) -> str:
    """Between which steps it was, if a step was asked for and all died at the same place."""
    places = {(report.after_step, report.before_step) for report in hit}
    if len(places) != 1 or hit[0].kind != KILL_AT_STEP:
        return ""
    after, before = next(iter(places))
    said = [f"{word} {step}" for word, step in (("after", after), ("before", before)) if step]
    return f", {', '.join(said)}" if said else ""
