"""How it was counted, and how to repeat it."""

from __future__ import annotations

from bench_gui.bench.options import to_texts
from bench_gui.html_markup import element, facts, table, wrap
from bench_gui.report_parts.reported import Reported

COUNTED = (
    "Everything is counted from the durable files (log, sink, source positions, committed "
    "offsets), never from what a worker process says of itself."
)
EXISTS = (
    "An event exists once it is due, whether or not any process was alive to take it. It is lost "
    "when nothing can deliver it any more, and in flight until then; in flight is never called "
    "lost. A duplicate is an effect beyond an event's first."
)
AGREED = (
    "The counts were made while the run went on and again after the drain, when the sources had "
    "stopped and the workers had finished; a recount written separately in plain SQL had to agree "
    "with both, event by event"
)
DISAGREED = ", which it does not, as the top of this page says"
UNCHECKED = (
    "The counts were made while the run went on. There was no drain, no final count and no "
    "recount, so nothing had to agree with them; what was in flight might still have arrived, and "
    "no lane has a verdict, unless it had shown something forbidden already."
)
LATENCY = (
    "Latency is from the moment an event was due to its effect, so that events which waited for a "
    "dead producer count. Percentiles are of all events of the run and are never averaged."
)
SIGKILL = (
    "SIGKILL cannot lose a committed SQLite transaction, only a power cut can: what is lost here "
    "is lost by the order of commit and processing."
)
TOGETHER = (
    "The lanes ran side by side on one machine and competed for its CPU: this shows what happens, "
    "and is no benchmark."
)
ALONE = "The lane ran alone: this shows what happens, and is no benchmark."
SEED = (
    "The same seed gives the same events and the same fault schedule, not the same interleaving of "
    "the processes."
)
CLOSED_LOOP = "The rate was a closed loop: its latency has no schedule to be late against."


def counted(run: Reported) -> str:
    """What the counts mean and how they came about."""
    told = [COUNTED, EXISTS, _checked(run), LATENCY, SIGKILL, f"{_beside(run)} {SEED}"]
    if run.settings.rate_eps is None:
        told.append(CLOSED_LOOP)
    paragraphs = [element("p", paragraph) for paragraph in told]
    return wrap("section", [element("h2", "How it was counted"), *paragraphs])


def _checked(run: Reported) -> str:
    """What the counts were held against."""
    if not run.complete:
        return UNCHECKED
    return f"{AGREED}{'' if run.disagreement is None else DISAGREED}."


def _beside(run: Reported) -> str:
    return TOGETHER if len(run.picture.lanes) > 1 else ALONE


def repeat(run: Reported) -> str:
    """Every setting, and the command line."""
    columns = run.columns
    told = facts(
        (
            ("run", run.picture.run_id),
            ("seed", str(run.picture.seed)),
            ("state", run.picture.state),
            ("started", str(columns["started_at"] or "")),
            ("ended", str(columns["ended_at"] or "")),
            ("Delivery Bench", str(columns["version"] or "")),
            ("Python", str(columns["python"] or "")),
            ("machine", str(columns["platform"] or "")),
        )
    )
    settings = table("Every setting", ("setting", "value"), to_texts(run.settings).items())
    parts = (
        element("h2", "The run, and how to repeat it"),
        wrap("pre", element("code", str(columns["command_line"] or ""))),
        told,
        settings,
    )
    return wrap("section", parts)
