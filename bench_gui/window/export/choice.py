"""What is exported, and how: values, and the names of files. Knows no Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bench_gui.palette import THEMES, Theme


class What(Enum):
    """What is exported. The value is its name in files and settings."""

    TABLES = "tables"
    VIEW = "view"
    LANE = "lane"
    ROW = "row"
    CHART = "chart"
    REPORT = "report"

    @property
    def picture(self) -> bool:
        """Whether it is drawn."""
        return self in {What.VIEW, What.LANE, What.ROW, What.CHART}

    @property
    def needs_end(self) -> bool:
        """Whether it is made from what the run wrote down, which is whole at its end only."""
        return not self.picture


class Form(Enum):
    """How a picture is kept. The value is the file's suffix."""

    PNG = "png"
    SVG = "svg"


AS_ON_SCREEN = "screen"
WIDTHS_PX = (1280, 1920, 3840)
ROW_HEIGHT = 430.0
"""Of a picture of one row, where the whole view is 720 high."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One export.

    Fields:
        lane, row: which, where one of them or one chart is drawn: a slug, and a chart's key.
        visible: only the stretch of time that the charts show now.
        theme: "light", "dark", or AS_ON_SCREEN. width_px: of a PNG.
    """

    what: What = What.VIEW
    form: Form = Form.PNG
    lane: str = ""
    row: str = "throughput"
    visible: bool = False
    theme: str = "light"
    width_px: int = 1920
    folder: Path = Path()

    def theme_on(self, screen: Theme) -> Theme:
        """The theme of the picture, where the window has `screen`."""
        return THEMES.get(self.theme, screen)

    def path(self, run_id: str) -> Path:
        """The file; of tables the folder."""
        if self.what is What.TABLES:
            return self.folder
        parts = {
            What.LANE: self.lane,
            What.ROW: self.row,
            What.CHART: f"{self.lane}-{self.row}",
        }
        which = parts.get(self.what, self.what.value)
        suffix = "html" if self.what is What.REPORT else self.form.value
        return free_name(self.folder / f"{safe(f'delivery-bench-{run_id}-{which}')}.{suffix}")


def safe(name: str) -> str:
    """Without what a file's name should not have: slugs of lanes have "+", "@" and "="."""
    return re.sub(r"[^\w.-]+", "-", name)


def free_name(path: Path) -> Path:
    """The path, numbered if something is there already: a picture is not written over."""
    number, free = 2, path
    while free.exists():
        free, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    return free


def row_names() -> list[tuple[str, str]]:
    """Key and title of every row of charts."""
    from bench_gui.run_drawing.charts import CHART_BY_KEY  # noqa: PLC0415

    return [(key, chart.title) for key, chart in CHART_BY_KEY.items()]
