"""The metrics of a training run: metrics.json, metrics.csv and plots of the curves, beside the weights."""

from __future__ import annotations

import csv
import json
import time
from itertools import chain
from pathlib import Path
from typing import Any

from export.registry.run_tracking import keep_epoch

_AXES = ("minutes", "epoch", "step")
_PAUSE = 20
"""How long curves are not drawn again, as a multiple of what that took: short epochs would wait for it."""


class MetricsLog:
    """Rows of metrics over time; a resumed run appends to the rows of the file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next_curves_s = 0.0
        self._drawn = 0
        path = folder / "metrics.json"
        self.rows: list[dict[str, float]] = (
            json.loads(path.read_text(encoding="utf-8"))["rows"] if path.is_file() else []
        )

    def begin(self, facts: dict[str, Any]) -> None:
        """Write what a new run is made from before it has a row, so that it is known if it breaks off."""
        self.rows.clear()
        self._drawn = 0
        self._write(facts)
        keep_epoch(self._folder)

    def add(self, row: dict[str, float], facts: dict[str, Any]) -> None:
        """Append a row and rewrite the files; `facts` describes the run (data, seed, options).

        Curves are drawn now and then; `draw` draws them at the end.
        """
        self.rows.append(row)
        self._write(facts)
        write_table(self.rows, self._folder / "metrics.csv")
        if time.monotonic() >= self._next_curves_s:
            self.draw()
        keep_epoch(self._folder)

    def _write(self, facts: dict[str, Any]) -> None:
        content = json.dumps({"facts": facts, "rows": self.rows}, indent=1)
        (self._folder / "metrics.json").write_text(content + "\n", encoding="utf-8")

    def draw(self) -> None:
        """Draw the curves of the rows, if there are any that are not drawn."""
        if len(self.rows) == self._drawn:
            return
        started_s = time.monotonic()
        draw_curves(self.rows, self._folder / "curves.png", self._folder / "curves.svg")
        self._drawn = len(self.rows)
        self._next_curves_s = time.monotonic() + _PAUSE * (time.monotonic() - started_s)


def write_table(rows: list[dict[str, float]], path: Path) -> None:
    """Write the rows as CSV, with a column for each figure that any row has."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(dict.fromkeys(chain.from_iterable(rows))), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def draw_curves(rows: list[dict[str, float]], *paths: Path) -> None:
    """Write one small plot for each metric, over minutes, in the formats of the paths' suffixes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = [name for name in dict.fromkeys(chain.from_iterable(rows)) if name not in _AXES]
    across = min(len(names), 4)
    down = -(-len(names) // across)
    figure = Figure(figsize=(3.2 * across, 2.4 * down), layout="constrained")
    FigureCanvasAgg(figure)
    plots = figure.subplots(down, across, squeeze=False).ravel()
    for plot in plots[len(names) :]:
        plot.remove()
    for plot, name in zip(plots, names, strict=False):
        plot.plot([row["minutes"] for row in rows if name in row], [row[name] for row in rows if name in row])
        plot.set_title(name)
        plot.set_xlabel("minutes")
        plot.set_xlim(0, max(rows[-1]["minutes"], 0.1))
        plot.grid(alpha=0.3)
    for path in paths:
        figure.savefig(path, dpi=90)
        figure.set_layout_engine("none")  # it stays as it was laid out for the first
