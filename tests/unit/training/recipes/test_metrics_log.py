from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="curves need matplotlib")

from training.recipes.metrics_log import MetricsLog, draw_curves


def test_a_resumed_run_goes_on_where_the_file_ends(tmp_path: Path) -> None:
    MetricsLog(tmp_path).add({"minutes": 1.0, "loss": 2.0}, {"seed": 0})
    MetricsLog(tmp_path).add({"minutes": 2.0, "loss": 1.0}, {"seed": 0})
    stored = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))
    assert [row["loss"] for row in stored["rows"]] == [2.0, 1.0]
    assert stored["facts"] == {"seed": 0}
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_curves_of_all_rows_are_drawn_at_the_end(tmp_path: Path) -> None:
    log = MetricsLog(tmp_path)
    log.draw()
    assert not (tmp_path / "curves.png").exists()
    for minutes in range(1, 4):
        log.add({"minutes": float(minutes), "loss": 1.0}, {})
    log.draw()
    draw_curves(log.rows, tmp_path / "expected.png")
    assert (tmp_path / "curves.png").read_bytes() == (tmp_path / "expected.png").read_bytes()


def test_a_figure_that_ends_early_is_drawn(tmp_path: Path) -> None:
    short, long = tmp_path / "short.png", tmp_path / "long.png"
    draw_curves([{"minutes": 1.0, "step": 9.0, "loss": 2.0}, {"minutes": 2.0, "loss": 1.0}], short)
    draw_curves([{"minutes": 1.0, "loss": 2.0, "dev": 0.5}, {"minutes": 2.0, "loss": 1.0}], long)
    assert width_px(long) > width_px(short)


def width_px(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[16:20])
