"""The links table as the business sees it: true clicks beside counted ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bench_gui.bench.snapshot import REST, LinkClicks
from bench_gui.html_markup import element, table, wrap
from bench_gui.report_parts.reported import Reported

MOST_LINKS = 12
MINUS = "\N{MINUS SIGN}"
CAPTION = (
    "Clicks of the links clicked most: those that happened, and what each lane counted, with the "
    "error behind it. What is in flight is told apart and is no error"
)
UNSETTLED = (
    "There was no final count: what happened and what was counted are not of quite the same moment"
)

Lines = Mapping[int, LinkClicks]
"""A lane's links by number; REST is all that have no line of their own."""


def business(run: Reported) -> str:
    """True clicks of the links clicked most, beside what each lane counted."""
    found = {slug: run.links[slug] for slug in run.settings.lanes if run.links.get(slug)}
    if not found:
        return ""
    furthest = max(found.values(), key=lambda links: sum(link.happened for link in links))
    shown = [link.link_id for link in furthest if link.link_id != REST][:MOST_LINKS]
    lanes = {slug: _lines(links, shown) for slug, links in found.items()}
    ids = [*shown, REST] if any(lines[REST].happened for lines in lanes.values()) else shown
    same = _same_clicks(lanes)
    rows = [_row(link, lanes, same=same, settled=run.complete) for link in ids]
    head = ["", "happened", *lanes] if same else ["", *_own_columns(lanes)]
    caption = CAPTION if run.complete else f"{CAPTION}. {UNSETTLED}"
    listed = table(caption, head, rows, range(1, len(head)))
    return wrap("section", element("h2", "What the business sees") + listed)


def _lines(links: Sequence[LinkClicks], shown: Sequence[int]) -> Lines:
    """Those that have a line, and all others together."""
    lines = {link.link_id: link for link in links if link.link_id in shown}
    rest = [link for link in links if link.link_id not in shown]
    return {**lines, REST: _together(rest)}


def _together(links: Sequence[LinkClicks]) -> LinkClicks:
    """What is wrong with one link does not make up for what is wrong with another."""
    return LinkClicks(
        REST,
        happened=sum(link.happened for link in links),
        counted=sum(link.counted for link in links),
        lost=sum(link.lost for link in links),
        extra=sum(link.extra for link in links),
        rest_error=sum(link.error for link in links),
    )


def _same_clicks(lanes: Mapping[str, Lines]) -> bool:
    """Lanes of a closed loop, or of a run that was cut off, may each have clicks of their own."""
    happened = {
        tuple(sorted((link, one.happened) for link, one in lines.items()))
        for lines in lanes.values()
    }
    return len(happened) == 1


def _own_columns(slugs: Iterable[str]) -> list[str]:
    return [f"{slug}: {column}" for slug in slugs for column in ("happened", "counted")]


def _row(link: int, lanes: Mapping[str, Lines], *, same: bool, settled: bool) -> list[str]:
    cells = ["all other links" if link == REST else f"link {link}"]
    if same:
        cells.append(f"{next(iter(lanes.values()))[link].happened:,}")
    for lines in lanes.values():
        one = lines.get(link)
        if not same:
            cells.append("" if one is None else f"{one.happened:,}")
        cells.append("" if one is None else _counted(one, settled=settled))
    return cells


def _counted(one: LinkClicks, *, settled: bool) -> str:
    """The number that a lane shows, what is wrong with it, and what is still to come.

    Args:
        settled: whether the final count was made. Before it the clicks that happened and those that
            were counted are not of one moment, and only what is certain is an error.
    """
    flying = one.in_flight
    if one.link_id != REST:
        wrong = one.counted - one.happened + flying if settled else one.extra - one.lost
        error = _signed(wrong) if wrong else ""
    elif settled and not flying:
        error = f"{one.error:,} wrong" if one.error else ""
    else:
        error = " and ".join(_signed(part) for part in (-one.lost, one.extra) if part)
    notes = [*filter(None, [error]), *([f"{flying:,} in flight"] if flying else [])]
    return f"{one.counted:,}" + (f" ({'; '.join(notes)})" if notes else "")


def _signed(number: int) -> str:
    return f"{MINUS if number < 0 else '+'}{abs(number):,}"
