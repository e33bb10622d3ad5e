"""The links table as the business sees it: true clicks beside counted ones. Pure; knows no Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench_gui.bench.snapshot import REST, LaneSnapshot, LinkClicks, RunSnapshot
from bench_gui.window.grid.cells import (
    LAST,
    NOTHING,
    Bar,
    Cell,
    Column,
    Grid,
    Group,
    Line,
    Mark,
)
from workers.lanes import Anomaly, lane_of

TOO_FEW, TOO_MANY = "\N{BLACK DOWN-POINTING TRIANGLE}", "\N{BLACK UP-POINTING TRIANGLE}"
MINUS = "\N{MINUS SIGN}"
FORBIDDEN = "\N{MULTIPLICATION X}"
LEAST_SCALE = 10
"""Clicks at which a bar is full at least, so that one click too few is a small one."""
TOTAL = -1
"""Stands for the link id of the line of all links."""
WHOLE_LINES = {REST: "all other links", TOTAL: "all links"}


@dataclass(frozen=True, slots=True)
class Clicks:
    """What one lane shows of a link, or of several.

    Fields: as of `LinkClicks`. `error` is the sum over links of |counted - happened|.
    """

    happened: int
    counted: int
    lost: int
    extra: int
    in_flight: int
    error: int

    @property
    def wrong(self) -> int:
        """By how much the number stays wrong once what is in flight has arrived."""
        return self.extra - self.lost


def grid_of(snapshot: RunSnapshot, *, same_clicks: bool) -> Grid:
    """The table now.

    Args:
        same_clicks: whether every lane gets the same clicks at the same times (open loop); if not,
            each has a column of its own for those that happened.
    """
    lanes = {slug: lane for slug, lane in snapshot.lanes.items() if lane.links}
    tables = {slug: _by_link(lane) for slug, lane in lanes.items()}
    links = _links(tables)
    columns = tuple(_columns(tuple(lanes), same_clicks=same_clicks))
    groups = (Group("LINK"), *(Group(_name(slug), lane_of(slug).rule, slug) for slug in lanes))
    scale = _scale(tables)
    lines = [
        _line(place, link, tables, scale, same_clicks=same_clicks)
        for place, link in enumerate(links, start=1)
    ]
    return Grid(groups, columns, tuple(lines), fixed=3 if same_clicks else 2)


def _by_link(lane: LaneSnapshot) -> dict[int, Clicks]:
    table = {one.link_id: _clicks(one) for one in lane.links}
    table[TOTAL] = _sum(table.values())
    return table


def _clicks(one: LinkClicks) -> Clicks:
    return Clicks(one.happened, one.counted, one.lost, one.extra, one.in_flight, one.error)


def _sum(found: object) -> Clicks:
    rows = [
        (c.happened, c.counted, c.lost, c.extra, c.in_flight, c.error)
        for c in found  # type: ignore[attr-defined]
    ]
    return Clicks(*(sum(column) for column in zip(*rows, strict=True)))


def _links(tables: Mapping[str, Mapping[int, Clicks]]) -> list[int]:
    """Those of the lane that is furthest, the most clicked first; then the rest, then all."""
    if not tables:
        return []
    furthest = max(tables.values(), key=lambda table: table[TOTAL].happened)
    return [link for link in furthest if link > 0] + [REST, TOTAL]


def _scale(tables: Mapping[str, Mapping[int, Clicks]]) -> int:
    """Clicks at which a bar is full: the same for every lane."""
    found = (
        max(abs(one.wrong), one.in_flight)
        for table in tables.values()
        for link, one in table.items()
        if link > 0
    )
    return max(LEAST_SCALE, *found, 0)


def _columns(slugs: tuple[str, ...], *, same_clicks: bool) -> Iterator[Column]:
    yield Column("rank", "rank", "By the clicks that really happened.", 0)
    yield Column("link_id", "link", "The shortened link's number.", 0, words=True)
    if same_clicks:
        yield _happened("happened", 0)
    for number, slug in enumerate(slugs, start=1):
        if not same_clicks:
            yield _happened(f"{slug} happened", number)
        yield Column(
            f"{slug} counted",
            "counted",
            "What this lane's result shows: the table <i>links</i> of its analytics database, or "
            "its output topic.",
            number,
        )
        yield Column(
            f"{slug} error",
            "error",
            "Clicks counted too many (+) or too few (\N{MINUS SIGN}), for good. A click that is "
            "still in flight is no error; it is the hollow bar.",
            number,
            room=1,
        )


def _happened(key: str, group: int) -> Column:
    return Column(key, "true clicks", "Clicks that really happened (were due) so far.", group)


def _line(
    place: int,
    link: int,
    tables: Mapping[str, Mapping[int, Clicks]],
    scale: int,
    *,
    same_clicks: bool,
) -> Line:
    last = link <= 0
    rank = Cell("", LAST, "") if last else Cell(str(place), place, str(place))
    name = WHOLE_LINES.get(link) or f"/{link}"
    cells = [rank, Cell(name, name if last else f"{link:09}", str(link) if not last else name)]
    if same_clicks:
        happened = max(table[link].happened for table in tables.values() if link in table)
        cells.append(_number(happened))
    for slug, table in tables.items():
        one = table.get(link)
        if one is None:
            cells += [Cell(NOTHING, LAST, "")] * (2 if same_clicks else 3)
            continue
        cells += [_number(one.happened)] * (not same_clicks)
        cells += [_number(one.counted), _error(slug, one, 0 if last else scale)]
    return Line(str(link), tuple(cells), last)


def _number(count: int) -> Cell:
    return Cell(f"{count:,}", count, str(count))


def _error(slug: str, one: Clicks, scale: int) -> Cell:
    bar = Bar()
    if scale:
        bar = Bar(one.wrong / scale, min(1.0, one.in_flight / scale))
    return Cell(
        error_text(one.wrong, forbidden=is_forbidden(slug, one)),
        one.wrong,
        str(one.wrong),
        tip_of(one),
        mark_of(slug, one),
        bar,
        slug,
    )


def is_forbidden(slug: str, one: Clicks) -> bool:
    """Whether the lane does not allow what is wrong."""
    allowed = lane_of(slug).allowed
    lost = one.lost > 0 and Anomaly.LOST not in allowed
    return lost or (one.extra > 0 and Anomaly.DUPLICATE not in allowed)


def mark_of(slug: str, one: Clicks) -> Mark:
    """Nothing wrong is calm, whatever the lane promises."""
    if not one.lost and not one.extra:
        return Mark.CALM
    return Mark.FORBIDDEN if is_forbidden(slug, one) else Mark.EXPECTED


def error_text(wrong: int, *, forbidden: bool = False) -> str:
    """The signed number behind its sign."""
    if not wrong:
        return f"{FORBIDDEN} 0" if forbidden else "0"
    sign = FORBIDDEN if forbidden else (TOO_MANY if wrong > 0 else TOO_FEW)
    return f"{sign} {'+' if wrong > 0 else MINUS}{abs(wrong):,}"


def tip_of(one: Clicks) -> str:
    """All of it in words."""
    share = f" ({abs(one.wrong) / one.happened:.2%})" if one.happened else ""
    return (
        f"{one.happened:,} happened, {one.counted:,} counted: {one.lost:,} lost, {one.extra:,} "
        f"counted once too often, {one.in_flight:,} in flight. The error is "
        f"{one.extra:,} {MINUS} {one.lost:,} = {_signed(one.wrong)}{share}."
    )


def _signed(number: int) -> str:
    return f"{'+' if number > 0 else MINUS if number < 0 else ''}{abs(number):,}"


def sentence_of(snapshot: RunSnapshot) -> str:
    """What the dashboards of the lanes would show now."""
    totals = {slug: _by_link(lane)[TOTAL] for slug, lane in snapshot.lanes.items() if lane.links}
    if not totals:
        return ""
    wrong = [
        f"{_name(slug)} {_in_words(one)}" for slug, one in totals.items() if one.lost or one.extra
    ]
    if not wrong:
        return "Every dashboard would show the truth, but for what is in flight."
    right = len(totals) - len(wrong)
    said = "; ".join(wrong)
    end = f". The other {right} would show the truth." if right > 1 else ""
    end = ". The other would show the truth." if right == 1 else end or "."
    return f"A dashboard would be wrong for good by: {said}{end}{_waiting(totals)}"


def _waiting(totals: Mapping[str, Clicks]) -> str:
    """What makes every number too small for a moment, and is no error."""
    most = max(one.in_flight for one in totals.values())
    if not most:
        return ""
    return f" Besides, up to {most:,} a lane are in flight: not counted yet, and no error."


def _in_words(one: Clicks) -> str:
    parts = (
        f"{one.lost:,} too few" if one.lost else "",
        f"{one.extra:,} too many" * (one.extra > 0),
    )
    return " and ".join(filter(None, parts))


def _name(slug: str) -> str:
    return lane_of(slug).name
