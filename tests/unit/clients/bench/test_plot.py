from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.figure import Figure
from PIL import Image

from armoire.bench.load import Load
from armoire.bench.measurement import Measurement
from armoire.bench.plot import draw, draw_batches, draw_latencies, save
from armoire.bench.requests import Requests
from armoire.bench.tally import Tally

BATCHES = {"detector": {"1": 6, "2": 2, "4": 2, "8": 0}, "image": {"1": 0}}


def measured(clients: int, latency_ms: float, rate_per_s: float | None = None) -> Measurement:
    tally = Tally(0.0, 2.0, answered=clients * 20)
    tally.latencies_ms.extend([latency_ms] * 98 + [latency_ms * 2] * 2)
    requests = Requests("detect", "/x/Detect", (b"",))
    load = Load("here:1", requests, clients=clients, seconds=2.0, rate_per_s=rate_per_s)
    return Measurement(load, 1, tally, batch_rows=BATCHES)


def test_a_line_for_each_percentile() -> None:
    axes = Figure().subplots()
    draw_latencies(axes, [measured(1, 10.0), measured(8, 40.0)])
    points = {line.get_label(): (list(line.get_xdata()), list(line.get_ydata())) for line in axes.lines}
    across = [10.0, 80.0]
    assert points == {"p50": (across, [10, 40]), "p95": (across, [10, 40]), "p99": (across, [20, 80])}
    assert [text.get_text() for text in axes.texts] == ["1 client", "8 clients"]


def test_open_loops_are_marked_with_their_rates() -> None:
    axes = Figure().subplots()
    draw_latencies(axes, [measured(1000, 10.0, rate_per_s=12.5)])
    assert [text.get_text() for text in axes.texts] == ["12.5/s due"]


def test_bars_show_the_shares_of_batch_sizes() -> None:
    axes = Figure().subplots()
    draw_batches(axes, [measured(8, 10.0)])
    assert [bar.get_height() for bar in axes.patches] == pytest.approx([0.6, 0.2, 0.2])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "2", "3–4"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["detector, 8 clients"]


def test_plots_are_saved(tmp_path: Path) -> None:
    path = tmp_path / "plot.png"
    save(draw("detect of 1 photo", [measured(1, 10.0), measured(8, 40.0)]), path)
    with Image.open(path) as plot:
        wide = plot.width
    empty = Measurement(measured(1, 1.0).load, 1, Tally(0.0, 2.0))
    save(draw("nothing answered", [empty]), path)
    with Image.open(path) as plot:
        assert plot.width < wide
