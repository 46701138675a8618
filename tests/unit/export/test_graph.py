from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from export.graph import OPSET, halve_weights, keep_outputs, write_graph
from models.session import OnnxSession


class TwoOutputs(torch.nn.Module):
    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        halves = pixels.float() / 2
        return halves, halves.sum(dim=1)


def test_writes_the_opset_with_a_dynamic_batch(tmp_path: Path) -> None:
    path = tmp_path / "two.onnx"
    example = torch.zeros(2, 3, dtype=torch.uint8)
    write_graph(TwoOutputs(), example, path, inputs="pixels", outputs=("halves", "sums"))
    assert [entry.version for entry in onnx.load(str(path)).opset_import] == [OPSET]
    halves, sums = OnnxSession(path).run(np.full((5, 3), 4, np.uint8))
    assert halves.shape == (5, 3)
    assert sums.tolist() == [6.0] * 5


def test_keeps_one_output_and_what_it_needs(tmp_path: Path) -> None:
    example = torch.zeros(2, 3, dtype=torch.uint8)
    write_graph(TwoOutputs(), example, tmp_path / "two.onnx", inputs="pixels", outputs=("halves", "sums"))
    keep_outputs(tmp_path / "two.onnx", tmp_path / "one.onnx", ("sums",))
    (sums,) = OnnxSession(tmp_path / "one.onnx").run(np.full((1, 3), 4, np.uint8))
    assert sums.tolist() == [6.0]
    keep_outputs(tmp_path / "two.onnx", tmp_path / "other.onnx", ("halves",))
    (halves,) = OnnxSession(tmp_path / "other.onnx").run(np.full((1, 3), 4, np.uint8))
    assert halves.tolist() == [[2.0] * 3]
    kinds = [node.op_type for node in onnx.load(str(tmp_path / "other.onnx")).graph.node]
    assert "ReduceSum" not in kinds


def test_halved_weights_are_rounded_and_the_file_is_half_as_large(tmp_path: Path) -> None:
    torch.manual_seed(0)
    layers = torch.nn.Sequential(torch.nn.Linear(128, 128), torch.nn.Linear(128, 8, bias=False))
    layers[1].weight.data.fill_(1e5)  # more than fp16 can hold
    path = tmp_path / "layers.onnx"
    write_graph(layers, torch.zeros(2, 128), path, inputs="x", outputs=("y",))
    whole, before = path.stat().st_size, OnnxSession(path).run(np.ones((3, 128), np.float32))[0]
    halve_weights(path)
    assert path.stat().st_size < 0.6 * whole
    after = OnnxSession(path).run(np.ones((3, 128), np.float32))[0]
    assert after.dtype == np.float32
    assert not np.array_equal(after, before)
    assert after == pytest.approx(before, rel=1e-2)
