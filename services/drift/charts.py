"""Charts of a report as SVG: bars, histograms and a scatter of embeddings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from domain.types import FloatArray
from services.drift.report import ShareChange

REFERENCE, CURRENT = "#8a8f98", "#d1495b"
WIDTH, BAR, LABEL, SHARES = 460, 9, 130, 95
BINS = 20
MAX_POINTS = 500
"""Of each window in a scatter; more are drawn from."""


def share_bars(changes: Sequence[ShareChange], most: int = 12) -> str:
    """Two bars for each of the most frequent words."""
    shown = changes[:most]
    largest = max([0.01, *(max(each.reference, each.current) for each in shown)])
    scale = (WIDTH - LABEL - SHARES) / largest
    rows = "".join(_bar_pair(each, index * (2 * BAR + 8), scale) for index, each in enumerate(shown))
    return _svg(WIDTH, len(shown) * (2 * BAR + 8), rows)


def _bar_pair(change: ShareChange, top: int, scale: float) -> str:
    text = f"{change.reference:.1%} → {change.current:.1%}"
    end = LABEL + max(change.reference, change.current) * scale + 4
    return (
        f'<text x="{LABEL - 6}" y="{top + BAR + 4}" text-anchor="end">{escape(change.value[:22])}</text>'
        + _rect(LABEL, top, change.reference * scale, BAR, REFERENCE)
        + _rect(LABEL, top + BAR, change.current * scale, BAR, CURRENT)
        + f'<text x="{end:.1f}" y="{top + BAR + 4}" class="small">{text}</text>'
    )


def histogram(reference: FloatArray, current: FloatArray, height: int = 120) -> str:
    """The distributions of two windows as outlines; NaN is left out."""
    both = [values[~np.isnan(values)] for values in (reference, current)]
    if not all(len(values) for values in both):
        return ""
    edges = np.histogram_bin_edges(np.concatenate(both), BINS)
    shares = [np.histogram(values, edges)[0] / len(values) for values in both]
    top = max(float(each.max()) for each in shares)
    lines = "".join(
        _outline(each / top, height, color) for each, color in zip(shares, (REFERENCE, CURRENT), strict=True)
    )
    axis = (
        f'<text x="0" y="{height + 14}" class="small">{edges[0]:.3g}</text>'
        f'<text x="{WIDTH}" y="{height + 14}" text-anchor="end" class="small">{edges[-1]:.3g}</text>'
    )
    return _svg(WIDTH, height + 18, lines + axis)


def _outline(heights: np.ndarray, height: int, color: str) -> str:
    step = WIDTH / len(heights)
    points = [
        f"{x:.1f},{height - value * (height - 4):.1f}"
        for index, value in enumerate(heights)
        for x in (index * step, (index + 1) * step)
    ]
    return f'<polyline points="{" ".join(points)}" fill="none" stroke="{color}" stroke-width="2"/>'


def scatter(reference: FloatArray, current: FloatArray, side: int = 300) -> str:
    """Embeddings on the two axes along which all of them together vary most (principal components)."""
    first, second = _at_most(reference), _at_most(current)
    if min(len(first), len(second)) < 2 or first.shape[1] != second.shape[1]:
        return ""
    points = _projected(np.concatenate([first, second]))
    low, high = points.min(0), points.max(0)
    placed = (points - low) / np.maximum(high - low, 1e-9) * (side - 12) + 6
    dots = _dots(placed[: len(first)], REFERENCE) + _dots(placed[len(first) :], CURRENT)
    return _svg(side, side, dots)


def _at_most(points: FloatArray) -> FloatArray:
    if len(points) <= MAX_POINTS:
        return points
    return points[np.random.default_rng(0).choice(len(points), MAX_POINTS, replace=False)]


def _projected(points: FloatArray) -> FloatArray:
    """(N, 2) of (N, D), by the singular value decomposition of the centred points."""
    centred = points - points.mean(0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    return centred @ axes.T if len(axes) == 2 else np.pad(centred @ axes.T, ((0, 0), (0, 1)))


def _dots(points: Iterable[np.ndarray], color: str) -> str:
    return "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{color}" fill-opacity="0.55"/>' for x, y in points
    )


def _rect(x: float, y: float, width: float, height: float, color: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height}" fill="{color}"/>'


def _svg(width: int, height: int, content: str) -> str:
    return f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">{content}</svg>'
