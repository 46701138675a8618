from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import onnx
import torch

from export.precision.fp32_nodes import find_fp32_nodes, is_convolutional

Write = Callable[[torch.nn.Module], Path]


def kinds(graph: onnx.GraphProto, names: frozenset[str]) -> set[str]:
    return {node.op_type for node in graph.node if node.name in names}


def test_both_ends_of_convolutions(write: Write, convolutions: torch.nn.Module) -> None:
    graph = onnx.load(str(write(convolutions))).graph
    nodes = find_fp32_nodes(graph)
    assert nodes.last_layers == {"/last/Conv"}
    assert {"/stem/Conv", "/Relu"} < nodes.stem
    assert not nodes.stem & {"/inner/Conv", "/last/Conv", "/Relu_1"}
    assert kinds(graph, nodes.postprocessing) >= {"ReduceMean", "ReduceL2", "Div"}
    assert not (nodes.postprocessing & nodes.stem) - {
        node.name for node in graph.node if node.op_type == "Constant"
    }
    assert is_convolutional(graph)


def test_both_ends_of_attention(write: Write, attention: torch.nn.Module) -> None:
    graph = onnx.load(str(write(attention))).graph
    nodes = find_fp32_nodes(graph)
    assert nodes.last_layers == {"/project/MatMul"}
    assert kinds(graph, nodes.postprocessing) >= {"ReduceL2", "Div"}
    assert not kinds(graph, nodes.postprocessing) & {"MatMul", "Softmax", "LayerNormalization"}
    assert not is_convolutional(graph)
