from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import onnx
import torch

from export.ends import find_ends, is_convolutional

Write = Callable[[torch.nn.Module], Path]


def kinds(graph: onnx.GraphProto, names: frozenset[str]) -> set[str]:
    return {node.op_type for node in graph.node if node.name in names}


def test_ends_of_convolutions(write: Write, convolutions: torch.nn.Module) -> None:
    graph = onnx.load(str(write(convolutions))).graph
    ends = find_ends(graph)
    assert ends.feeders == {"/last/Conv"}
    assert {"/stem/Conv", "/Relu"} < ends.stem
    assert not ends.stem & {"/inner/Conv", "/last/Conv", "/Relu_1"}
    assert kinds(graph, ends.tail) >= {"ReduceMean", "ReduceL2", "Div"}
    assert not (ends.tail & ends.stem) - {node.name for node in graph.node if node.op_type == "Constant"}
    assert is_convolutional(graph)


def test_ends_of_attention(write: Write, attention: torch.nn.Module) -> None:
    graph = onnx.load(str(write(attention))).graph
    ends = find_ends(graph)
    assert ends.feeders == {"/project/MatMul"}
    assert kinds(graph, ends.tail) >= {"ReduceL2", "Div"}
    assert not kinds(graph, ends.tail) & {"MatMul", "Softmax", "LayerNormalization"}
    assert not is_convolutional(graph)
