"""The links table as the business sees it: true clicks beside counted ones."""

from __future__ import annotations

from bench_gui.html_markup import element, table, wrap
from bench_gui.report_parts.reported import Reported

MOST_LINKS = 12


def business(run: Reported) -> str:
    """True clicks of the links clicked most, beside what each lane counted."""
    if not any(run.links.values()):
        return ""
    slugs = [slug for slug in run.settings.lanes if run.links.get(slug)]
    happened = {link.link_id: link.happened for slug in slugs for link in run.links[slug]}
    counted = {(s, link.link_id): link.counted for s in slugs for link in run.links[s]}
    first = sorted(happened, key=lambda link: (-happened[link], link))[:MOST_LINKS]
    rows = [
        (
            f"link {link}",
            f"{happened[link]:,}",
            *(_counted_clicks(counted.get((slug, link)), happened[link]) for slug in slugs),
        )
        for link in first
    ]
    head = ["", "happened", *slugs]
    caption = "Clicks of the links clicked most: those that happened, and what each lane counted"
    listed = table(caption, head, rows, range(1, len(head)))
    return wrap("section", element("h2", "What the business sees") + listed)


def _counted_clicks(counted: int | None, happened: int) -> str:
    if counted is None:
        return ""
    error = counted - happened
    sign = "\N{MINUS SIGN}" if error < 0 else "+"
    return f"{counted:,}" + (f" ({sign}{abs(error):,})" if error else "")
