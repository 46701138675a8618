"""Draws confusion matrices."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.evaluation.categories import OTHER


def draw_confusion(
    tables: Sequence[tuple[str, Sequence[Sequence[int]]]], names: Sequence[str], path: Path
) -> None:
    """Draw a matrix for each (title, counts), side by side; a row is a true category, coloured by shares."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2 * len(tables), 4.9), layout="constrained")
    FigureCanvasAgg(figure)
    for plot, (title, counts) in zip(figure.subplots(1, len(tables), squeeze=False)[0], tables, strict=True):
        _draw_one(plot, title, np.asarray(counts), names)
    figure.savefig(path, dpi=80)


def _draw_one(plot: Any, title: str, counts: Any, names: Sequence[str]) -> None:
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    plot.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(counts):
        shade = "white" if shares[row, column] > 0.5 else "black"
        plot.text(column, row, str(counts[row, column]), ha="center", va="center", color=shade, fontsize=8)
    answers = [*names, OTHER]
    plot.set_xticks(range(len(answers)), answers, rotation=60, ha="right", fontsize=8)
    plot.set_yticks(range(len(names)), names, fontsize=8)
    plot.set_xlabel("answer")
    plot.set_ylabel("label")
    plot.set_title(title, fontsize=10)
