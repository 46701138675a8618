"""Which nodes of a graph stay in fp32 when the rest is converted to a lower precision.

They are the two ends of the graph, where rounding shows most and little time is spent.
"""

from __future__ import annotations

from dataclasses import dataclass

import onnx

TRAINED = {"Conv", "ConvTranspose", "Gemm", "MatMul"}


@dataclass(frozen=True, slots=True)
class Fp32Nodes:
    """Names of nodes.

    Attributes:
        stem: everything up to the first operator with trained weights, and what follows it before the next;
            in graphs with depthwise convolutions, which rounding harms more, up to the fourth other one.
        last_layers: the last operators with trained weights.
        postprocessing: everything after them.
    """

    stem: frozenset[str]
    last_layers: frozenset[str]
    postprocessing: frozenset[str]


def find_fp32_nodes(graph: onnx.GraphProto) -> Fp32Nodes:
    """For a graph whose nodes are sorted and have names."""
    trained = _trained(graph)
    before_trained = _before_trained(graph, trained)
    rest = {node.name for node in graph.node} - before_trained
    return Fp32Nodes(_stem(graph, trained), frozenset(rest & trained), frozenset(rest - trained))


def is_convolutional(graph: onnx.GraphProto) -> bool:
    """Whether most operators with trained weights are convolutions."""
    trained = _trained(graph)
    kinds = [node.op_type for node in graph.node if node.name in trained]
    return kinds.count("Conv") > len(kinds) / 2


def _trained(graph: onnx.GraphProto) -> set[str]:
    """Nodes with trained weights. A detector's fixed sum of distance bins (DFL) has none."""
    constants = {tensor.name for tensor in graph.initializer}
    names = set()
    for node in graph.node:
        if constants.issuperset(name for name in node.input if name):
            constants.update(node.output)
        elif node.op_type in TRAINED and node.input[1] in constants and "/dfl/" not in node.name:
            names.add(node.name)
    return names


def _before_trained(graph: onnx.GraphProto, trained: set[str]) -> set[str]:
    """Nodes whose output an operator with trained weights is computed from."""
    needed: set[str] = set()
    names = set()
    for node in reversed(graph.node):
        if not needed.isdisjoint(node.output):
            names.add(node.name)
        if node.name in trained or node.name in names:
            needed.update(node.input)
    return names


def _stem(graph: onnx.GraphProto, trained: set[str]) -> frozenset[str]:
    layers = 4 if any(_is_depthwise(node) for node in graph.node) else 1
    depth: dict[str, int] = {}  # by tensor: the trained operators on the longest way to it
    names = set()
    for node in graph.node:
        counted = node.name in trained and not _is_depthwise(node)
        here = max((depth.get(name, 0) for name in node.input), default=0) + counted
        depth.update(dict.fromkeys(node.output, here))
        if here <= layers:
            names.add(node.name)
    return frozenset(names)


def _is_depthwise(node: onnx.NodeProto) -> bool:
    return any(attribute.name == "group" and attribute.i > 1 for attribute in node.attribute)
