from __future__ import annotations

from pathlib import Path

from training.evaluation.speed import compare

ARTIFACTS = Path(__file__).parents[4] / "artifacts"


def test_a_graph_beside_itself_takes_as_long() -> None:
    graph = ARTIFACTS / "demo-detector" / "detector.onnx"
    row = compare("detector", graph, "itself", graph, 15)
    assert 0.5 < row.ratio < 2
    assert row.ratio_low <= row.ratio <= row.ratio_high
    assert row.input == row.beside_input
    assert row.rounds == 15
