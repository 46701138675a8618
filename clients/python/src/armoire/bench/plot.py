"""Measurements as pictures. Needs the [bench] extra."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from armoire.bench.measurement import Measurement

SUFFIXES = frozenset({".png", ".svg", ".pdf"})
"""Of the files that plots can be saved as."""

_PERCENTILES = {50: "#0a7d48", 95: "#d98a00", 99: "#b3261e"}
_PANEL_INCHES = (6.4, 4.4)


def draw(title: str, measurements: Sequence[Measurement]) -> Figure:
    """Latency against throughput; and beside it, where they are known, the sizes of the server's batches."""
    batches = [each for each in measurements if any(map(_total, each.batch_rows.values()))]
    panels = 2 if batches else 1
    width, height = _PANEL_INCHES
    figure = Figure(figsize=(width * panels, height), layout="constrained")
    figure.suptitle(title, fontsize=8)
    axes = figure.subplots(1, panels, squeeze=False)[0]
    draw_latencies(axes[0], measurements)
    if batches:
        draw_batches(axes[1], batches)
    return figure


def draw_latencies(axes: Axes, measurements: Sequence[Measurement]) -> None:
    """A line for each percentile; each point is a measurement, marked with its clients or its rate."""
    measured = [each for each in measurements if each.tally.latencies_ms]
    across = [each.throughput_per_s for each in measured]
    for percent, color in _PERCENTILES.items():
        up = [each.percentile_ms(percent) or 0.0 for each in measured]
        axes.plot(across, up, marker="o", color=color, label=f"p{percent}")
    for each in measured:
        point = (each.throughput_per_s, each.percentile_ms(50) or 0.0)
        axes.annotate(
            _mark(each), point, textcoords="offset points", xytext=(0, -14), ha="center", fontsize=8
        )
    axes.set(xlabel="calls answered a second", ylabel="latency, ms", xlim=(0, None), ylim=(0, None))
    axes.grid(alpha=0.3)
    if measured:
        axes.legend()


def draw_batches(axes: Axes, measurements: Sequence[Measurement]) -> None:
    """Bars side by side: for each model and measurement, the share of its batches that had so many rows."""
    series = [
        (each, model) for each in measurements for model, rows in each.batch_rows.items() if _total(rows)
    ]
    bounds = _used_bounds([each.batch_rows[model] for each, model in series])
    width = 0.8 / len(series)
    for position, (each, model) in enumerate(series):
        rows = each.batch_rows[model]
        shares = [rows.get(bound, 0) / max(_total(rows), 1) for bound in bounds]
        left = [index + (position - (len(series) - 1) / 2) * width for index in range(len(bounds))]
        axes.bar(left, shares, width, label=f"{model}, {_mark(each)}")
    axes.set_xticks(range(len(bounds)), _ranges(bounds))
    axes.set(xlabel="rows in a batch", ylabel="share of the model's batches", ylim=(0, 1))
    axes.legend(fontsize=8)


def save(figure: Figure, path: Path) -> None:
    """In the format of the path's name."""
    figure.savefig(path, dpi=150)


def _mark(measurement: Measurement) -> str:
    load = measurement.load
    if load.rate_per_s is not None:
        return f"{load.rate_per_s:g}/s due"
    return f"{load.clients} client{'' if load.clients == 1 else 's'}"


def _used_bounds(batch_rows: Sequence[Mapping[str, int]]) -> list[str]:
    """All up to the largest that has a batch."""
    bounds = list(dict.fromkeys(bound for rows in batch_rows for bound in rows))
    used = [index for index, bound in enumerate(bounds) if any(rows.get(bound) for rows in batch_rows)]
    return bounds[: max(used) + 1]


def _ranges(bounds: Sequence[str]) -> list[str]:
    """Buckets as people read them: "1", "2", "3–4", "65 or more"."""
    names = []
    smallest = 1
    for bound in bounds:
        if bound == "+Inf":
            names.append(f"{smallest} or more")
            continue
        largest = int(float(bound))
        names.append(bound if largest == smallest else f"{smallest}–{largest}")
        smallest = largest + 1
    return names


def _total(rows: Mapping[str, int]) -> int:
    return sum(rows.values())
