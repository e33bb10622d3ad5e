"""HTML from plain values: everything that is text is escaped here. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from bench_gui.palette import DARK, LIGHT
from bench_gui.run_drawing.ink import style_of

SHEET = """
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 28px 24px 48px; max-width: 1180px; background: var(--card);
  color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
}
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 6px; }
h2 { font-size: 20px; margin: 38px 0 10px; border-bottom: 1px solid var(--line);
  padding-bottom: 4px; }
h3 { font-size: 15px; margin: 18px 0 4px; }
p { max-width: 74ch; margin: 6px 0; }
.muted, figcaption, caption { color: var(--muted); }
.labels { margin: 0 0 10px; padding: 0; list-style: none; }
.labels li { display: inline-block; margin: 0 8px 0 0; padding: 1px 10px; border-radius: 4px;
  background: var(--text); color: var(--card); font-weight: 700; text-transform: uppercase;
  font-size: 13px; }
.alarm { border: 2px solid var(--alarm); padding: 8px 14px; font-weight: 600; max-width: none; }
.lanes { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); }
.lane { border: 1px solid var(--line); border-top: 4px solid; border-radius: 6px;
  padding: 10px 14px 12px; break-inside: avoid; }
.lane h3 { margin: 0; }
.lane svg.glyph { width: 13px; height: 13px; margin-right: 7px; }
.verdict { display: inline-block; font-size: 12px; font-weight: 700; padding: 1px 10px;
  margin: 6px 0 2px; border: 1px solid transparent; }
.HOLDS { background: var(--text); color: var(--card); border-radius: 10px; }
.BROKEN { background: var(--alarm); color: var(--on-alarm); }
.NOT_TESTED { border: 1px dashed var(--muted); border-radius: 4px; }
.PENDING { color: var(--muted); padding-left: 0; }
.counts { display: flex; gap: 22px; margin: 4px 0; }
.counts div { min-width: 84px; }
.counts dt { font-size: 11px; font-weight: 700; color: var(--muted); }
.counts dd { margin: 0; font-size: 30px; line-height: 1.15; font-weight: 700;
  font-variant-numeric: tabular-nums; }
.counts dd small { display: block; font-size: 12px; font-weight: 400; color: var(--muted); }
.counts .forbidden { background: var(--alarm); padding: 2px 8px; }
.counts .forbidden dt, .counts .forbidden dd, .counts .forbidden small { color: var(--on-alarm); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
caption { text-align: left; padding: 0 0 6px; }
th, td { text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid var(--grid);
  vertical-align: top; }
thead th { border-bottom: 1px solid var(--faint); }
td.number, th.number { text-align: right; }
figure { margin: 0 0 22px; }
figcaption { margin: 0 0 6px; }
.charts { display: grid; gap: 6px 14px;
  grid-template-columns: repeat(auto-fit, minmax(250px, 1fr)); align-items: end; }
.charts > div { break-inside: avoid; max-width: 560px; }
.charts svg { width: 100%; height: auto; display: block; }
.charts strong { font-size: 13px; }
code { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
  padding: 8px 12px; white-space: pre-wrap; margin: 6px 0; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; margin: 6px 0; }
dl.facts dt { color: var(--muted); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
@media print {
  body { padding: 0; max-width: none; font-size: 11pt; }
  h2 { break-after: avoid; }
  tr, figure { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""


def page(title: str, slugs: Sequence[str], body: str) -> str:
    """A whole page that needs nothing else: light and dark as the reader's screen, light on paper.

    Args:
        slugs: the lanes whose colours it uses.
        body: markup.
    """
    light, dark = style_of(LIGHT, slugs), style_of(DARK, slugs)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>\n:root {{ {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}{SHEET}</style>\n"
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def element(name: str, text: str, cls: str = "") -> str:
    """An element of text alone."""
    return f"<{name}{_class(cls)}>{escape(text)}</{name}>"


def wrap(name: str, markup: str | Iterable[str], cls: str = "") -> str:
    """An element around markup."""
    inner = markup if isinstance(markup, str) else "\n".join(markup)
    return f"<{name}{_class(cls)}>{inner}</{name}>"


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()
) -> str:
    """A table whose first cell in a row is the row's heading.

    Args:
        numbers: the columns that hold numbers, from 0.
    """
    named = [_cell("th", text, number in numbers, "col") for number, text in enumerate(head)]
    lines = [
        "<tr>"
        + "".join(
            _cell("th" if number == 0 else "td", text, number in numbers, "row" * (number == 0))
            for number, text in enumerate(row)
        )
        + "</tr>"
        for row in rows
    ]
    inner = (
        f"<table>{element('caption', caption)}<thead><tr>{''.join(named)}</tr></thead>\n"
        f"<tbody>{chr(10).join(lines)}</tbody></table>"
    )
    label = f'tabindex="0" role="region" aria-label="{escape(caption)}"'
    return f'<div class="scroll" {label}>{inner}</div>'


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and values."""
    inner = (f"{element('dt', name)}{element('dd', value)}" for name, value in pairs if value)
    return wrap("dl", inner, "facts")


def _cell(name: str, text: str, number: bool, scope: str) -> str:
    where = f' scope="{scope}"' if scope else ""
    return f"<{name}{_class('number' if number else '')}{where}>{escape(text)}</{name}>"


def _class(cls: str) -> str:
    return f' class="{escape(cls)}"' if cls else ""
