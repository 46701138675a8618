from __future__ import annotations

from pathlib import Path

from training.evaluation.speed import compare, interleave

ARTIFACTS = Path(__file__).parents[4] / "artifacts"


def test_runs_take_turns() -> None:
    turns: list[str] = []
    rounds: list[None] = []
    times_ms = interleave(
        [lambda: turns.append("a"), lambda: turns.append("b")], 3, lambda: rounds.append(None)
    )
    assert times_ms.shape == (3, 2)
    assert (times_ms >= 0).all()
    assert "".join(turns) == "aabb" + "ab" * 3
    assert len(rounds) == 3


def test_a_graph_beside_itself_takes_as_long() -> None:
    graph = ARTIFACTS / "demo-detector" / "detector.onnx"
    row = compare("detector", graph, "itself", graph, 15, lambda: None)
    assert 0.5 < row.ratio < 2
    assert row.ratio_low <= row.ratio <= row.ratio_high
    assert row.input == row.beside_input
